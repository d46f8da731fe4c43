"""Tiny deliveries as ingested text, without files: a record names canonical columns, all cells are text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from cf_pipeline.clean import CleanedLists, clean_lists
from cf_pipeline.contracts.list_contract import PROVENANCE
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.mapping import NO_MAPPING, CouncilMapping
from cf_pipeline.ingest.manifest import MANIFEST

Records = Sequence[Mapping[str, str]]
AS_AT = "2019-12-31"
ABOUT_COLUMNS = ("column_missing", "optional_column_missing", "source_id_missing")


def clean_deliveries(
    deliveries: Mapping[str, Mapping[str, Records]], mapping: CouncilMapping = NO_MAPPING
) -> CleanedLists:
    """Deliveries, by as-at date or '<from>_<as-at>', of lists of records; every column counts as supplied.

    Rows are numbered from 2, as under a header in row 1, through all deliveries of a list in turn.
    """
    text: dict[str, list[pd.DataFrame]] = {}
    entries = []
    for delivery, lists in deliveries.items():
        start, _, as_at = delivery.rpartition("_")
        for name, records in lists.items():
            columns = list_contracts()[name].column_names
            place = {"delivery_id": delivery, "as_at": as_at, "file": f"{delivery}/a.xlsx", "sheet": name}
            rows = pd.DataFrame(list(records), columns=columns, dtype="str").assign(**place)
            rows = rows.assign(excel_row=range(2, len(rows) + 2))
            text.setdefault(name, []).append(rows.astype(PROVENANCE))
            entries.append(
                place
                | {"covers_from": start or None, "status": "read", "list": name, "rows_read": len(rows)}
                | {"columns_supplied": ";".join(columns), "is_delivery_refused": False}
            )
    manifest = MANIFEST.frame(entries)
    joined = {name: pd.concat(parts, ignore_index=True) for name, parts in text.items()}
    return clean_lists(joined, manifest, mapping=mapping)


def clean_list(
    list_name: str, *records: Mapping[str, str], mapping: CouncilMapping = NO_MAPPING
) -> CleanedLists:
    """One delivery as at 31 December 2019 with one list."""
    return clean_deliveries({AS_AT: {list_name: records}}, mapping)


def issue_places(result: CleanedLists, *rules: str) -> list[tuple[str, int | None, str]]:
    """Rule, Excel row (None for a whole column or list) and column of the issues, all or of some rules."""
    found = result.issues
    found = found[found["rule"].isin(rules)] if rules else found[~found["rule"].isin(ABOUT_COLUMNS)]
    return [
        (rule, None if pd.isna(row) else int(row), column)
        for rule, row, column in found[["rule", "excel_row", "column"]].itertuples(index=False)
    ]
