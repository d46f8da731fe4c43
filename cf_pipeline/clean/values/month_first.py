"""Find date columns that seem to be written month first, as in the United States.

They are reported (`dates_month_first`), and read day first unless the council's mapping names the column.
"""

from __future__ import annotations

import re

import pandas as pd

from cf_pipeline.clean.sources import SOURCE, without_row
from cf_pipeline.clean.values.parse_distinct import Mask, parse_distinct
from cf_pipeline.clean.values.repair import repair_text
from cf_pipeline.contracts.list_contract import PROVENANCE

TWO_NUMBERS = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(?:\d{4}|\d{2})(?!\d).*")
FIRST_NUMBER, SECOND_NUMBER = 1, 3
"""Groups of `TWO_NUMBERS`; the second group is the separator."""
MONTHS = 12


def find_month_first_sources(rows: pd.DataFrame, column: str, unreadable: Mask) -> pd.DataFrame:
    """The files and sheets in which a column is only readable month first: provenance without a row number.

    In such a source at least one unreadable date has a second number over 12, and no date has a first
    number over 12.

    Args:
        rows: ingested text with provenance.
        column: a column of dates.
        unreadable: the rows whose date could not be read day first.
    """
    is_suspect = _is_over_twelve(rows.loc[unreadable, column], SECOND_NUMBER)
    suspects = rows.loc[is_suspect.index[is_suspect], SOURCE].drop_duplicates()
    if suspects.empty:
        return rows.loc[[], list(PROVENANCE)]
    suspect_rows = rows[[*SOURCE, column]].merge(suspects, on=SOURCE)
    is_day_first = _is_over_twelve(suspect_rows[column], FIRST_NUMBER)
    day_first = suspect_rows.loc[is_day_first, SOURCE].drop_duplicates()
    compared = suspects.merge(day_first, on=SOURCE, how="left", indicator=True)
    return without_row(compared[compared["_merge"].eq("left_only")])


def _is_over_twelve(texts: pd.Series[str], group: int) -> pd.Series[bool]:
    """Which texts are a date in numbers whose first or second number is over 12."""

    def find_rule(text: str) -> tuple[None, str | None]:
        match = TWO_NUMBERS.fullmatch(repair_text(text))
        return None, "over_twelve" if match and int(match[group]) > MONTHS else None

    is_over = parse_distinct(texts, find_rule, "str").broken.get("over_twelve")
    return pd.Series(False if is_over is None else is_over, index=texts.index, dtype="bool")
