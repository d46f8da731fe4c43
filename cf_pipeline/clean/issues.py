"""Issues: one row for each broken rule, with its place, message and suggestion; never a cell's value."""

from __future__ import annotations

from typing import Any

import numpy.typing as npt
import pandas as pd

from cf_pipeline.clean.rules.catalogue import RULES, Severity
from cf_pipeline.clean.sources import SOURCE, without_row
from cf_pipeline.contracts.list_contract import PROVENANCE, ListContract
from cf_pipeline.contracts.tables import table_contract

ISSUES = table_contract("clean/issues")
"""`rows` is how many rows of the file the issue is about: one, unless it is about a whole column or list
(`excel_row` missing). `kpis`, joined by ';', is filled by `kpi`, a layer above this one.
"""
QUARANTINE = table_contract("clean/quarantine")
PLACES = ISSUES.without("list", "rule", "severity", "column", "message", "suggestion", "kpis")
"""Where issues are (provenance), and how many rows each is about."""

COLLAPSE_ABOVE: dict[Severity, int] = {"info": 1_000, "warning": 10_000, "error": 10_000}
"""Above this many rows, write one issue per file and sheet with a count instead of one per row.

Nobody corrects so many cells one by one, and as many issues as rows would exceed the memory.
"""


class IssueCollector:
    """Collects the issues of one list."""

    def __init__(self, contract: ListContract) -> None:
        self._contract = contract
        self._issues: list[pd.DataFrame] = []

    def add(
        self, rule: str, rows: pd.DataFrame, broken: npt.NDArray[Any] | pd.Series[Any], column: str = ""
    ) -> None:
        """Add an issue for each row where `broken` is true; `rows` has the provenance columns."""
        if broken.any():
            self.add_places(rule, rows.loc[broken, list(PROVENANCE)], column)

    def add_places(
        self, rule: str, places: pd.DataFrame, column: str = "", counts: pd.Series[int] | int = 1
    ) -> None:
        """Add an issue for each place (provenance columns), about `counts` rows each."""
        if places.empty:
            return
        broken = RULES[rule]
        places = collapse_frequent(places[list(PROVENANCE)].assign(rows=counts), broken.severity)
        header = self._contract.column(column).header if column else ""
        self._issues.append(
            places.assign(
                list=self._contract.name,
                rule=rule,
                severity=broken.severity,
                column=column,
                message=broken.message.format(column=header),
                suggestion=broken.suggestion.format(column=header),
                kpis="",
            )
        )

    def frame(self) -> pd.DataFrame:
        """All issues added so far, columns of `ISSUES`."""
        return ISSUES.concat(self._issues)


def collapse_frequent(places: pd.DataFrame, severity: Severity) -> pd.DataFrame:
    """The places (provenance and `rows`); those of a source with more than `COLLAPSE_ABOVE` as one row."""
    limit = COLLAPSE_ABOVE[severity]
    if len(places) <= limit:
        return places
    by_source = places.groupby(SOURCE, dropna=False)["rows"]
    is_frequent = by_source.transform("size") > limit
    totals = places[is_frequent].groupby(SOURCE, dropna=False, as_index=False).agg(rows=("rows", "sum"))
    return PLACES.concat([places[~is_frequent], without_row(totals).assign(rows=totals["rows"])])
