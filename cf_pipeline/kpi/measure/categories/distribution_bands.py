"""Bands of a distribution: calendar months, numbers (such as working days), or codes.

The categories of every distribution are stored under the breakdown 'band' (docs/rulings.md#16).
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from cf_pipeline.contracts.codes import codes_of
from cf_pipeline.contracts.dates.months import add_months
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.kpi.definitions.conditions import Rows
from cf_pipeline.kpi.definitions.sides import AT_END, Band
from cf_pipeline.kpi.measure.categories.category_codes import UNKNOWN

DURATION_BANDS = ("<=3m", ">3-6m", ">6m-<1y", "1-<2y", "2y+")


def duration_bands(start: pd.Series, end: pd.Series) -> pd.Series:
    """Bands of calendar months from start to end: '<=3m' when end <= start + 3 months (docs/rulings.md#2).

    'unknown' where one of the dates is missing.
    """
    bands = np.select(
        [
            start.isna() | end.isna(),
            end <= add_months(start, 3),
            end <= add_months(start, 6),
            end < add_months(start, 12),
            end < add_months(start, 24),
        ],
        [UNKNOWN, *DURATION_BANDS[:4]],
        DURATION_BANDS[4],
    )
    return pd.Series(bands, index=start.index, dtype="str")


def number_bands(upper: tuple[int, ...], lowest: int = 0) -> tuple[str, ...]:
    """The names of bands that end with each of `upper`: (10, 15) gives '0-10', '11-15', '16+'."""
    lower = (lowest, *(value + 1 for value in upper))
    return (*(f"{low}-{high}" for low, high in zip(lower, upper, strict=False)), f"{lower[-1]}+")


def record_bands(band: Band, records: Rows) -> pd.Series:
    """The band of each counted record; missing or 'unknown' where the column it is made from is blank."""
    if band.start is not None:
        return duration_bands(records[band.start], records[band.until or "period_end"])
    if band.number is not None:
        number = records[band.number]
        names = np.array(number_bands(band.upper, band.lowest), dtype=object)
        found = names[np.searchsorted(band.upper, number.fillna(0).to_numpy(dtype="float64"), side="left")]
        return pd.Series(np.where(number.isna(), UNKNOWN, found), index=records.index, dtype="str")
    codes: pd.Series = records[str(band.codes)]
    return codes


def band_names(band: Band, table: str, names_in_use: Collection[str]) -> list[str]:
    """The names of all bands in their order, whether or not a record has them.

    Texts that are in no code set, codes of a later year, and 'unknown' are among them only when they are in
    `names_in_use`.
    """
    if band.start is not None:
        known = list(DURATION_BANDS)
    elif band.number is not None:
        known = list(number_bands(band.upper, band.lowest))
    else:
        columns = {column.name: column for column in list_contracts()[table].columns}
        column_name = str(band.codes).removeprefix(AT_END)
        code_set = columns[column_name].code_set if column_name in columns else None
        codes = codes_of(code_set) if code_set else ()
        known = [code.code for code in codes if not code.valid_from or code.code in names_in_use]
    unlisted = sorted(set(names_in_use) - set(known) - {UNKNOWN})
    has_unknown = UNKNOWN in names_in_use or not (known or unlisted)
    return [*known, *unlisted, *([UNKNOWN] if has_unknown else [])]
