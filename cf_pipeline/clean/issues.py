"""Broken rules as rows: where, which rule, what it says and what to do; never a cell's value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy.typing as npt
import pandas as pd

from cf_pipeline.clean.rules import RULES
from cf_pipeline.contracts.lists import PROVENANCE, ListContract

ISSUES: dict[str, str] = {
    "list": "str",
    "rule": "str",
    "severity": "str",
    **PROVENANCE,
    "column": "str",
    "message": "str",
    "suggestion": "str",
    "kpis": "str",
}
"""Columns of the issues and their dtypes; `kpis` is joined by ';'."""

QUARANTINE: dict[str, str] = {"list": "str", **PROVENANCE, "rule": "str", "reason": "str"}
"""Columns of the quarantine and their dtypes."""


class Issues:
    """Collects the broken rules of one list."""

    def __init__(self, contract: ListContract) -> None:
        self._contract = contract
        self._found: list[pd.DataFrame] = []

    def add(
        self, rule: str, rows: pd.DataFrame, broken: npt.NDArray[Any] | pd.Series[Any], column: str = ""
    ) -> None:
        """Records the rows where `broken` is true; `rows` has the provenance columns."""
        if not broken.any():
            return
        where = rows.loc[broken, list(PROVENANCE)]
        said = RULES[rule]
        header = self._contract.column(column).header if column else ""
        self._found.append(
            where.assign(
                list=self._contract.name,
                rule=rule,
                severity=said.severity,
                column=column,
                message=said.message.format(column=header),
                suggestion=said.suggestion.format(column=header),
                kpis=";".join(said.kpis),
            )
        )

    def frame(self) -> pd.DataFrame:
        """Every issue recorded so far, columns of `ISSUES`."""
        return joined(self._found, ISSUES)


def joined(frames: Sequence[pd.DataFrame], dtypes: dict[str, str]) -> pd.DataFrame:
    """The frames one below the other with these columns and dtypes; no rows when there are none."""
    filled = [frame[list(dtypes)] for frame in frames if len(frame)]
    if not filled:
        return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in dtypes.items()})
    return pd.concat(filled, ignore_index=True).astype(dtypes)
