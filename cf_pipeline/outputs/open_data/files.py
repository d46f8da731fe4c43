"""The open data of one authority: data files, what describes their columns, definitions, `datapackage.json`.

Every file is UTF-8 with a byte order mark, without which Excel takes it for the system's own code page.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from cf_pipeline.contracts.tables import TableColumn, TableContract, table_contract
from cf_pipeline.outputs.data_package.description import FILE_NAME, PackageFile, describe_resource, time_text
from cf_pipeline.outputs.data_package.table_files import BYTE_ORDER_MARK, text_without_formula, write_csv
from cf_pipeline.outputs.open_data.columns import DataColumns, data_columns
from cf_pipeline.outputs.open_data.figures import bases, data_rows
from cf_pipeline.outputs.public_release import PublicRelease

PACKAGE_NAME = "childrens_services"
ADVERBS = {"quarter": "quarterly", "year": "yearly"}
TITLES = {"quarter": "Figures of quarters", "year": "12-month figures, of financial years"}
DEFINITIONS = "definitions"
DEFINITION_COLUMNS = (
    "kpi_id", "area", "title", "unit", "polarity", "decimals", "numerator_text", "denominator_text",
    "threshold", "legal_source", "comparator_note",
)  # fmt: skip
"""The columns of `dim_kpi` in the definitions: those that are words for people."""
META_COLUMNS = {
    "col_name": "name of a column of the data file",
    "col_type": "Filter or Indicator",
    "label": "the column's name in words",
    "indicator_grouping": "the group an indicator is shown in",
    "indicator_unit": "unit of an indicator: % or none",
    "indicator_dp": "decimal places of an indicator",
    "filter_hint": "how a filter is to be used",
    "filter_grouping_column": "the column that groups the values of a filter",
}
"""The columns of a file of the department's that describes a data file, in its order."""


def open_data_files(tables: Mapping[str, pd.DataFrame], authority_code: str) -> dict[str, bytes]:
    """The files of one authority's open data: name -> content; the same tables give the same bytes.

    A data file of each basis that has figures (`childrens_services_quarterly.csv`, `..._yearly.csv`) with its
    `.meta.csv`, `definitions.csv` and `datapackage.json`.

    Args:
        tables: those of `public_v1` that `public_release.TABLES` names.
        authority_code: GSS code of the authority.

    Raises:
        PublicReleaseError: the authority has no release, or a hidden figure stands in it.
    """
    release, columns = PublicRelease(tables, authority_code), data_columns()
    files: dict[str, bytes] = {}
    resources = []
    for basis in bases(release):
        for contract, rows, content in _data_files(release, columns, basis):
            files[f"{contract.name}.csv"] = content
            resources.append(_describe(contract, rows, content, str(release.release.symbol)))
    contract, rows, content = _definitions(release, tables["dim_kpi"])
    files[f"{contract.name}.csv"] = content
    resources.append(_describe(contract, rows, content, str(release.release.symbol)))
    files[FILE_NAME] = _package(release, resources)
    return files


def _data_files(
    release: PublicRelease, columns: DataColumns, basis: str
) -> Iterable[tuple[TableContract, int, bytes]]:
    """The data file of a basis and the file that describes its columns."""
    name = f"{PACKAGE_NAME}_{ADVERBS[basis]}"
    data = TableContract("open_data", name, TITLES[basis], tuple(columns.table_columns(release.breakdowns)))
    rows = data_rows(release, basis)
    yield data, len(rows), _csv_bytes(data.column_names, rows)
    described = _meta_rows(columns, release.breakdowns)
    meta_columns = tuple(TableColumn(column, "string", words) for column, words in META_COLUMNS.items())
    meta = TableContract("open_data", f"{name}.meta", f"The columns of {name}.csv", meta_columns)
    yield meta, len(described), _csv_bytes(meta.column_names, described)


def _meta_rows(columns: DataColumns, breakdowns: Sequence[str]) -> list[dict[str, str]]:
    """A row a filter and a row an indicator; a column that only groups a filter's values has none."""
    filters = columns.all_filters(breakdowns)
    groupings = {each.grouping for each in filters}
    return [
        {
            "col_name": each.name,
            "col_type": "Filter",
            "label": each.label,
            "filter_grouping_column": each.grouping,
        }
        for each in filters
        if each.name not in groupings
    ] + [
        {
            "col_name": each.name,
            "col_type": "Indicator",
            "label": each.label,
            "indicator_unit": each.unit,
            "indicator_dp": str(each.decimals),
        }
        for each in columns.indicators
    ]


def _csv_bytes(names: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """Rows of text as CSV; quotation marks only where a cell needs them, as the department's rules ask."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([text_without_formula(row.get(name, "")) for name in names] for row in rows)
    return BYTE_ORDER_MARK + text.getvalue().encode("utf-8")


def _definitions(release: PublicRelease, kpis: pd.DataFrame) -> tuple[TableContract, int, bytes]:
    """The definitions of the release's KPIs; a measure of a data file is a title here."""
    whole = table_contract("published_v1/dim_kpi")
    chosen = whole.without(*(name for name in whole.column_names if name not in DEFINITION_COLUMNS))
    contract = TableContract("open_data", DEFINITIONS, "Definitions of the measures", chosen.columns)
    shown = kpis[kpis["kpi_id"].isin([kpi.kpi_id for kpi in release.kpis])].sort_values("position")
    content = io.BytesIO()
    rows = write_csv(content, contract, [contract.cast(shown)])
    return contract, rows, content.getvalue()


def _describe(contract: TableContract, rows: int, content: bytes, hidden_symbol: str) -> dict[str, Any]:
    """The file's entry of `datapackage.json`; a symbol in an indicator is no value there."""
    digest = hashlib.sha256(content).hexdigest()
    file = PackageFile(contract, f"{contract.name}.csv", rows, len(content), digest)
    described = describe_resource(file, "csv", {})
    columns = data_columns()
    indicators = {each.name for each in columns.indicators}
    for field in described["schema"]["fields"]:
        if field["name"] in indicators:
            field["missingValues"] = ["", hidden_symbol, *columns.symbols.values()]
    return described


def _notice(release: Any) -> str:
    hidden = (
        f"Counts of 1 to {release.threshold_count}, and figures from which one could be worked out, are "
        f"hidden ({release.symbol}). "
        if release.threshold_count
        else ""
    )
    symbols = "x: not available; z: not applicable; low: rounds to 0; u: unreliable."
    return f"Figures that the public may be shown. {hidden}{symbols}"


def _package(release: PublicRelease, resources: list[dict[str, Any]]) -> bytes:
    made, authority = release.release, release.authority
    package = {
        "profile": "data-package",
        "name": PACKAGE_NAME,
        "title": f"{authority.name}: children's services performance",
        "description": _notice(release.release),
        "version": str(made.release_no),
        "created": time_text(made.released_at),
        "release": {
            "number": int(made.release_no),
            "released_at": time_text(made.released_at),
            "as_at": release.as_at.strftime("%Y-%m-%d"),
            "policy_hash": made.policy_hash,
        },
        "resources": resources,
    }
    return f"{json.dumps(package, indent=1, ensure_ascii=False)}\n".encode()
