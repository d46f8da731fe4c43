"""Findings: what is wrong with a cell, a column or a sheet and can only be seen while a file is read.

`clean` turns each into an issue. `rule` is the code of a rule of `clean.rules`; no finding holds a value of
a cell.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from cf_pipeline.contracts.tables import table_contract

FINDINGS = table_contract("ingested/findings")


@dataclass(frozen=True)
class Finding:
    """One finding; `excel_row` is None for a whole column or sheet, `column` '' for a whole row."""

    list: str
    rule: str
    delivery_id: str
    as_at: pd.Timestamp
    file: str
    sheet: str
    excel_row: int | None = None
    column: str = ""


def findings_frame(findings: Iterable[Finding]) -> pd.DataFrame:
    """The findings as a frame in the columns of `FINDINGS`."""
    return FINDINGS.frame(map(vars, findings))
