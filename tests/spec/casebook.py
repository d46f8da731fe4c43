"""Tiny case records in, KPI figures out: what every spec example is written with.

A spec names only the columns it is about; ids, keys and provenance are filled in.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from cf_pipeline.clean import CleanedLists
from cf_pipeline.clean.codes.unmatched_codes import TO_DECIDE
from cf_pipeline.clean.issues import ISSUES
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.merge.core import merge_deliveries
from cf_pipeline.history.text_categories import text_columns
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.kpi.measure.quarterly import measure_kpis

AUTHORITY = "E09000001"
KEY = b"k" * 32
NO_QUARANTINE = pd.DataFrame(
    {name: pd.Series(dtype="str") for name in ("list", "delivery_id", "file", "sheet", "rule", "reason")}
).assign(as_at=pd.Series(dtype="datetime64[us]"), excel_row=pd.Series(dtype="Int64"))

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Delivery:
    """One delivery: its as-at date, what it covers from, and its lists (column name to value)."""

    as_at: str
    lists: Mapping[str, Rows]
    covers_from: str | None = None
    without: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    set_aside: Mapping[str, int] = field(default_factory=dict)
    """Rows of a list, besides its others, that have no id."""
    unread: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """Of a list and column: its first rows hold a date there that cannot be read."""

    @property
    def name(self) -> str:
        return f"{self.covers_from}_{self.as_at}" if self.covers_from else self.as_at


def clean_frames(deliveries: Sequence[Delivery]) -> dict[str, pd.DataFrame]:
    """Cleaned frames of every list, as the clean step would give them."""
    frames = {}
    for name, contract in list_contracts().items():
        parts = [contract.empty()]
        for delivery in deliveries:
            rows = [
                {
                    contract.person: f"child {position}",
                    **row,
                    "delivery_id": delivery.name,
                    "as_at": delivery.as_at,
                    "file": "book.xlsx",
                    "sheet": name,
                    "excel_row": position + 2,
                }
                for position, row in enumerate(delivery.lists.get(name, ()))
            ]
            if rows:
                frame = pd.DataFrame(rows).reindex(columns=parts[0].columns)
                parts.append(frame.astype(parts[0].dtypes.to_dict()))
        frames[name] = pd.concat(parts, ignore_index=True).astype(parts[0].dtypes.to_dict())
    return frames


def manifest_of(deliveries: Sequence[Delivery]) -> pd.DataFrame:
    """The manifest of those deliveries: every list named is supplied with all of its columns."""
    rows = []
    for delivery in deliveries:
        for name, records in delivery.lists.items():
            supplied = [
                column
                for column in list_contracts()[name].column_names
                if column not in delivery.without.get(name, ())
            ]
            rows.append(
                {
                    "delivery_id": delivery.name,
                    "as_at": delivery.as_at,
                    "covers_from": delivery.covers_from,
                    "file": "book.xlsx",
                    "sha256": delivery.name,
                    "bytes": 1,
                    "status": "read",
                    "reason": None,
                    "list": name,
                    "sheet": name,
                    "header_row": 1,
                    "rows_read": len(records) + delivery.set_aside.get(name, 0),
                    "columns_supplied": ";".join(supplied),
                    "columns_ignored": "",
                    "is_delivery_refused": False,
                }
            )
    return pd.DataFrame(rows).astype(
        {"as_at": "datetime64[us]", "covers_from": "datetime64[us]", "rows_read": "Int64"}
    )


def quarantine_of(deliveries: Sequence[Delivery]) -> pd.DataFrame:
    """The rows that those deliveries have set aside."""
    rows = [
        {
            "list": name,
            "delivery_id": delivery.name,
            "file": "book.xlsx",
            "as_at": delivery.as_at,
            "rule": "no_child_id",
        }
        for delivery in deliveries
        for name, count in delivery.set_aside.items()
        for _ in range(count)
    ]
    return pd.DataFrame(rows, columns=NO_QUARANTINE.columns).astype(NO_QUARANTINE.dtypes.to_dict())


def cleaned_lists(deliveries: Sequence[Delivery]) -> CleanedLists:
    """What the clean step would give for those deliveries: rows, issues of unread dates, quarantine."""
    issues = [
        {
            "list": name,
            "rule": "date_unreadable",
            "severity": "error",
            "delivery_id": delivery.name,
            "as_at": delivery.as_at,
            "file": "book.xlsx",
            "sheet": name,
            "excel_row": position,
            "column": column,
            "rows": 1,
        }
        for delivery in deliveries
        for (name, column), count in delivery.unread.items()
        for position in range(2, count + 2)
    ]
    frame = pd.DataFrame(issues).reindex(columns=ISSUES.column_names).astype(ISSUES.dtypes)
    return CleanedLists(clean_frames(deliveries), frame, quarantine_of(deliveries), TO_DECIDE.empty())


def own_texts(frames: Mapping[str, pd.DataFrame]) -> set[str]:
    """Every text of a council's own in some cleaned lists, as its mapping may declare them."""
    columns = (
        rows[column] for name, rows in frames.items() for column in text_columns(list_contracts()[name])
    )
    return {str(text) for column in columns for text in column.dropna()}


def core(*deliveries: Delivery, declared: Collection[str] | None = None) -> Any:
    """The merged core of some deliveries; its mapping declares `declared`, else all texts."""
    frames = clean_frames(deliveries)
    return merge_deliveries(
        frames,
        quarantine_of(deliveries),
        manifest_of(deliveries),
        AUTHORITY,
        KEY,
        declared_categories=own_texts(frames) if declared is None else declared,
    )


def figures(*deliveries: Delivery, registry: Any = None) -> pd.DataFrame:
    """kpi_quarterly of some deliveries."""
    return measure_kpis(core(*deliveries).tables, registry or load_registry(), AUTHORITY)


def figure(
    facts: pd.DataFrame,
    kpi_id: str,
    quarter: str,
    basis: str = "quarter",
    breakdown: str = "total",
    category: str = "all",
) -> tuple[float | None, float | None, str | None]:
    """(numerator, denominator, symbol) of one figure, None where there is none.

    A median has its value for the first.
    """
    row = facts[
        facts["kpi_id"].eq(kpi_id)
        & facts["quarter_key"].eq(quarter)
        & facts["basis"].eq(basis)
        & facts["breakdown"].eq(breakdown)
        & facts["category"].eq(category)
    ]
    assert len(row) == 1, f"{len(row)} rows of {kpi_id} {quarter} {basis} {breakdown} {category}"
    values = row.iloc[0]
    first = "value" if pd.isna(values["numerator"]) else "numerator"
    return tuple(None if pd.isna(values[name]) else values[name] for name in (first, "denominator", "symbol"))
