"""What reading noticed at a cell, a column or a sheet: handed to `clean`, which says it as an issue.

`rule` is the code of a rule of `clean.rules`; a finding never holds a cell's value.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

import pandas as pd

from cf_pipeline.contracts.tables import table_contract

FINDINGS = table_contract("ingested/findings")


@dataclass(frozen=True)
class Finding:
    """One thing noticed; `excel_row` is None for a whole column or sheet, `column` '' for a whole row."""

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
    return FINDINGS.frame(asdict(finding) for finding in findings)
