"""Columns whose dates look written month first, as the United States write them: told, never guessed."""

from __future__ import annotations

import re

import pandas as pd

from cf_pipeline.clean.sources import SOURCE, whole
from cf_pipeline.clean.values.parse_distinct import Mask, resolve
from cf_pipeline.clean.values.repair import repaired
from cf_pipeline.contracts.list_contract import PROVENANCE

TWO_NUMBERS = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(?:\d{4}|\d{2})(?!\d).*")
MONTHS = 12


def month_first_sources(rows: pd.DataFrame, column: str, unreadable: Mask) -> pd.DataFrame:
    """The files and sheets whose column only makes sense month first, as places without a row.

    Some date there has a second number over 12 that cannot be read, and none has a first number over 12.

    Args:
        rows: ingested text with provenance.
        column: a column of dates.
        unreadable: the rows whose date could not be read day first.
    """
    second = _over_twelve(rows.loc[unreadable, column], part=3)
    suspects = rows.loc[second.index[second], SOURCE].drop_duplicates()
    if suspects.empty:
        return rows.loc[[], list(PROVENANCE)]
    of_suspects = rows[[*SOURCE, column]].merge(suspects, on=SOURCE)
    first = _over_twelve(of_suspects[column], part=1)
    cleared = of_suspects.loc[first, SOURCE].drop_duplicates()
    told = suspects.merge(cleared, on=SOURCE, how="left", indicator=True)
    return whole(told[told["_merge"].eq("left_only")])


def _over_twelve(texts: pd.Series[str], part: int) -> pd.Series[bool]:
    def rule(text: str) -> tuple[None, str | None]:
        match = TWO_NUMBERS.fullmatch(repaired(text))
        return None, "over" if match and int(match[part]) > MONTHS else None

    over = resolve(texts, rule, "str").broken.get("over")
    return pd.Series(False if over is None else over, index=texts.index, dtype="bool")
