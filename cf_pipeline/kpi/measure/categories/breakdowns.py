"""Categories of counted records in each breakdown: age band, gender, ethnicity, team and others.

Categories are canonical codes (docs/rulings.md#16); 'unknown' where nothing is recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.contracts.dates.birthdays import BEFORE_BIRTH, NOT_KNOWN, age_years
from cf_pipeline.kpi.definitions.category_sets import PERSON_BREAKDOWNS
from cf_pipeline.kpi.definitions.conditions import Rows
from cf_pipeline.kpi.measure.categories.category_codes import UNKNOWN, CategoryCodes
from cf_pipeline.kpi.measure.periods import Days

PersonColumn = Callable[[str, npt.NDArray[np.bool_]], Any]
"""Gives the cells of a column of core/person for the children of those records for which an array is true."""
AGE_BANDS = ("unborn", "<1", "1-4", "5-9", "10-15", "16-17", "18+")
CARE_LEAVER_AGE_BANDS = ("16-17", "18", "19-21", "22-25")
_AGE_EDGES = (1, 5, 10, 16, 18)
_LEAVER_EDGES = (16, 18, 19, 22, 26)


def age_bands(born: Days, day: Days, is_care_leaver: bool = False) -> CategoryCodes:
    """The age band on a day; care leavers have their own bands, 'unknown' outside them."""
    edges = _LEAVER_EDGES if is_care_leaver else _AGE_EDGES
    names = [UNKNOWN, *CARE_LEAVER_AGE_BANDS, UNKNOWN] if is_care_leaver else [*AGE_BANDS[1:], AGE_BANDS[0]]
    # Lookup table of the band by age: ages up to the last edge, then BEFORE_BIRTH and NOT_KNOWN from the end.
    band = np.searchsorted(edges, np.arange(edges[-1] + 3), side="right")
    band[BEFORE_BIRTH] = 0 if is_care_leaver else len(names) - 1
    band[NOT_KNOWN] = len(names)
    return CategoryCodes.from_codes([*names, UNKNOWN], band[np.minimum(age_years(born, day), edges[-1])])


def record_categories(
    breakdown: str, records: Rows, of_person: PersonColumn, team_column: str | None
) -> pd.Series:
    """The category of each record in a breakdown other than the age band; missing if none is recorded.

    Args:
        breakdown: name of the breakdown.
        records: counted records with their table's columns and person_ref.
        of_person: reads core/person, for what the list lacks (docs/rulings.md#8).
        team_column: the column that holds the team, if the table has one.
    """
    if breakdown == "team":
        assert team_column is not None  # noqa: S101 - callers skip tables without a team
        return _column_or_missing(team_column, records)
    if breakdown in PERSON_BREAKDOWNS:
        return fill_from_person(PERSON_BREAKDOWNS[breakdown], records, of_person)
    return _column_or_missing(breakdown, records)


def fill_from_person(column: str, records: Rows, of_person: PersonColumn) -> pd.Series:
    """A column of the records, with blank cells filled from core/person."""
    own = _column_or_missing(column, records)
    missing = own.isna()
    if not missing.any():
        return own
    is_missing = missing.to_numpy(dtype=bool)
    known = pd.Series(of_person(column, is_missing), index=own.index[is_missing]).astype("category")
    if len(known) == len(own):
        return known
    own = own.astype("category")
    both = pd.CategoricalDtype(own.cat.categories.union(known.cat.categories))
    return own.astype(both).fillna(known.astype(both))


def _column_or_missing(column: str, records: Rows) -> pd.Series:
    if column in records.columns:
        values: pd.Series = records[column]
        return values
    return pd.Series(None, index=records.index, dtype="str")
