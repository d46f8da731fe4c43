"""Issues: one row for each broken rule, with its place, message and suggestion; never a cell's value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
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


@dataclass(frozen=True)
class _BrokenRule:
    """A rule that rows break: their frame and positions in it, and how many rows each issue is about."""

    rule: str
    column: str
    rows: pd.DataFrame
    positions: npt.NDArray[np.intp]
    counts: npt.NDArray[np.integer[Any]]


class IssueCollector:
    """Collects the issues of one list; a frame is made of them once, when it is asked for."""

    def __init__(self, contract: ListContract) -> None:
        self._contract = contract
        self._broken: list[_BrokenRule] = []

    def add(
        self, rule: str, rows: pd.DataFrame, broken: npt.NDArray[Any] | pd.Series[Any], column: str = ""
    ) -> None:
        """Add an issue for each row where `broken` is true; `rows` has the provenance columns."""
        is_broken = broken.to_numpy(dtype=bool, na_value=False) if isinstance(broken, pd.Series) else broken
        positions = np.flatnonzero(is_broken)
        if len(positions) > COLLAPSE_ABOVE[RULES[rule].severity]:
            self.add_places(rule, rows[list(PROVENANCE)].iloc[positions], column)
        elif len(positions):
            self._broken.append(_BrokenRule(rule, column, rows, positions, np.ones_like(positions)))

    def add_places(
        self, rule: str, places: pd.DataFrame, column: str = "", counts: pd.Series[int] | int = 1
    ) -> None:
        """Add an issue for each place (provenance columns), about `counts` rows each."""
        if places.empty:
            return
        places = collapse_frequent(places[list(PROVENANCE)].assign(rows=counts), RULES[rule].severity)
        numbers = places["rows"].to_numpy(dtype="int64")
        self._broken.append(_BrokenRule(rule, column, places, np.arange(len(places)), numbers))

    def frame(self) -> pd.DataFrame:
        """All issues added so far, columns of `ISSUES`."""
        if not self._broken:
            return ISSUES.empty()
        runs = groupby(self._broken, key=lambda broken: id(broken.rows))
        places = [_places_of(list(run)) for _, run in runs]
        joined = pd.concat(places, ignore_index=True) if len(places) > 1 else places[0]
        wordings = [self._wording(broken) for broken in self._broken]
        repeated = np.repeat(np.arange(len(wordings)), [len(broken.positions) for broken in self._broken])
        columns = {name: joined[name].array for name in joined.columns}
        for name in wordings[0]:
            columns[name] = pd.array([wording[name] for wording in wordings], dtype="str").take(repeated)
        return ISSUES.cast(pd.DataFrame({name: columns[name] for name in ISSUES.column_names}, copy=False))

    def _wording(self, broken: _BrokenRule) -> dict[str, str]:
        """The columns of `ISSUES` that all issues of a rule and a column share."""
        rule = RULES[broken.rule]
        header = self._contract.column(broken.column).header if broken.column else ""
        return {
            "list": self._contract.name,
            "rule": broken.rule,
            "severity": rule.severity,
            "column": broken.column,
            "message": rule.message.format(column=header),
            "suggestion": rule.suggestion.format(column=header),
            "kpis": "",
        }


def _places_of(broken: Sequence[_BrokenRule]) -> pd.DataFrame:
    """The places of issues in one frame, in order: provenance and `rows`."""
    positions, rows = np.concatenate([rule.positions for rule in broken]), broken[0].rows
    places = {name: rows[name].array.take(positions) for name in PROVENANCE}
    counts = np.concatenate([rule.counts for rule in broken])
    return pd.DataFrame(places | {"rows": pd.array(counts, dtype="Int64")}, copy=False)


def collapse_frequent(places: pd.DataFrame, severity: Severity) -> pd.DataFrame:
    """The places (provenance and `rows`); those of a source with more than `COLLAPSE_ABOVE` as one row."""
    limit = COLLAPSE_ABOVE[severity]
    if len(places) <= limit:
        return places
    by_source = places.groupby(SOURCE, dropna=False)["rows"]
    is_frequent = by_source.transform("size") > limit
    totals = places[is_frequent].groupby(SOURCE, dropna=False, as_index=False).agg(rows=("rows", "sum"))
    return PLACES.concat([places[~is_frequent], without_row(totals).assign(rows=totals["rows"])])
