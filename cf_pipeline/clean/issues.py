"""Broken rules as rows: where, which rule, what it says and what to do; never a cell's value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy.typing as npt
import pandas as pd

from cf_pipeline.clean.rules.catalogue import RULES, Severity
from cf_pipeline.clean.sources import SOURCE, whole
from cf_pipeline.contracts.list_contract import PROVENANCE, ListContract
from cf_pipeline.contracts.no_rows import no_rows

ISSUES: dict[str, str] = {
    "list": "str",
    "rule": "str",
    "severity": "str",
    **PROVENANCE,
    "column": "str",
    "message": "str",
    "suggestion": "str",
    "kpis": "str",
    "rows": "Int64",
}
"""Columns of the issues and their dtypes.

`rows` is how many rows of the file the issue stands for: one, unless it stands for a whole column or list
(`excel_row` missing). `kpis`, joined by ';', is filled above this layer, which does not know them.
"""

QUARANTINE: dict[str, str] = {"list": "str", **PROVENANCE, "rule": "str", "reason": "str"}
"""Columns of the quarantine and their dtypes."""


MANY: dict[Severity, int] = {"info": 1_000, "warning": 10_000, "error": 10_000}
"""A rule broken by more rows of one column is told once for each file and sheet, with the count of rows.

Nobody corrects so many cells one by one, and a million issues would not fit beside a million rows.
"""


class Issues:
    """Collects the broken rules of one list."""

    def __init__(self, contract: ListContract) -> None:
        self._contract = contract
        self._found: list[pd.DataFrame] = []

    def add(
        self, rule: str, rows: pd.DataFrame, broken: npt.NDArray[Any] | pd.Series[Any], column: str = ""
    ) -> None:
        """Records the rows where `broken` is true; `rows` has the provenance columns."""
        if broken.any():
            self.add_places(rule, rows.loc[broken, list(PROVENANCE)], column)

    def add_places(
        self, rule: str, where: pd.DataFrame, column: str = "", counts: pd.Series[int] | int = 1
    ) -> None:
        """Records every place given, each for so many rows."""
        if where.empty:
            return
        said = RULES[rule]
        where = told(where[list(PROVENANCE)].assign(rows=counts), said.severity)
        header = self._contract.column(column).header if column else ""
        self._found.append(
            where.assign(
                list=self._contract.name,
                rule=rule,
                severity=said.severity,
                column=column,
                message=said.message.format(column=header),
                suggestion=said.suggestion.format(column=header),
                kpis="",
            )
        )

    def frame(self) -> pd.DataFrame:
        """Every issue recorded so far, columns of `ISSUES`."""
        return joined(self._found, ISSUES)


def told(where: pd.DataFrame, severity: Severity) -> pd.DataFrame:
    """The places (provenance and rows), those of a file and sheet with too many of them (`MANY`) as one."""
    many = MANY[severity]
    if len(where) <= many:
        return where
    in_source = where.groupby(SOURCE, dropna=False)["rows"]
    is_many = in_source.transform("size") > many
    as_one = where[is_many].groupby(SOURCE, dropna=False, as_index=False).agg(rows=("rows", "sum"))
    return joined(
        [where[~is_many], whole(as_one).assign(rows=as_one["rows"])], PROVENANCE | {"rows": "Int64"}
    )


def joined(frames: Sequence[pd.DataFrame], dtypes: dict[str, str]) -> pd.DataFrame:
    """The frames one below the other with these columns and dtypes; no rows when there are none."""
    filled = [frame[list(dtypes)] for frame in frames if len(frame)]
    if not filled:
        return no_rows(dtypes)
    return pd.concat(filled, ignore_index=True).astype(dtypes)
