"""The category of a counted row in each breakdown: age band, gender, ethnicity, team and the like.

Categories are canonical codes (ruling 16); 'unknown' where nothing is recorded.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from cf_pipeline.contracts.months import days_of
from cf_pipeline.kpi.conditions import Rows

UNKNOWN = "unknown"
AGE_BANDS = ("unborn", "<1", "1-4", "5-9", "10-15", "16-17", "18+")
CARE_LEAVER_AGE_BANDS = ("16-17", "18", "19-21", "22-25")
_AGE_EDGES = (1, 5, 10, 16, 18)
_LEAVER_EDGES = (16, 18, 19, 22, 26)
PERSON_BREAKDOWNS = {"gender": "gender", "ethnicity": "ethnicity", "disability": "has_disability"}


def age_years(birth: pd.Series, on: pd.Series) -> pd.Series:
    """Whole years of age on a day; -1 before birth; Int64, missing when the birth date is."""
    born, day = days_of(birth), days_of(on)
    known = ~(np.isnat(born) | np.isnat(day))
    months = _month(day) - _month(born) - (_day_of_month(day) < _day_of_month(born))
    years = np.where(day < born, -1, months // 12)
    return pd.Series(np.where(known, years, 0), index=birth.index, dtype="Int64").where(known)


def _month(days: np.ndarray) -> np.ndarray:
    months: np.ndarray = days.astype("datetime64[M]").astype("int64")
    return months


def _day_of_month(days: np.ndarray) -> np.ndarray:
    since: np.ndarray = (days - days.astype("datetime64[M]").astype("datetime64[D]")).astype("int64")
    return since


def age_bands(birth: pd.Series, on: pd.Series, is_care_leaver: bool = False) -> pd.Series:
    """The age band on a day; care leavers have their own bands, 'unknown' outside them."""
    age = age_years(birth, on)
    known = age.notna()
    years = age.fillna(0).to_numpy(dtype="int64")
    if is_care_leaver:
        labels = np.array([UNKNOWN, *CARE_LEAVER_AGE_BANDS, UNKNOWN], dtype=object)
        bands = labels[np.searchsorted(_LEAVER_EDGES, years, side="right")]
    else:
        labels = np.array(AGE_BANDS, dtype=object)
        bands = labels[np.where(years < 0, 0, 1 + np.searchsorted(_AGE_EDGES, years, side="right"))]
    return pd.Series(np.where(known, bands, UNKNOWN), index=birth.index, dtype="str")


def category(
    breakdown: str, members: Rows, people: pd.DataFrame, team_column: str | None, is_care_leaver: bool = False
) -> pd.Series:
    """The category of each counted row.

    Args:
        breakdown: name of the breakdown.
        members: counted rows with their table's columns, person_ref and `_on` (the day of the age).
        people: core/person indexed by person_ref, for what the list lacks (ruling 8).
        team_column: the column that holds the team, if the table has one.
        is_care_leaver: whether the rows are care leavers, who have age bands of their own.
    """
    if breakdown == "age_band":
        return age_bands(members["birth_date"], members["_on"], is_care_leaver)
    if breakdown == "team":
        assert team_column is not None  # noqa: S101 - callers skip tables without a team
        team: pd.Series = members[team_column].fillna(UNKNOWN)
        return team
    if breakdown in PERSON_BREAKDOWNS:
        return filled_from_person(PERSON_BREAKDOWNS[breakdown], members, people).fillna(UNKNOWN)
    return _own(breakdown, members).fillna(UNKNOWN)


def filled_from_person(column: str, members: Rows, people: pd.DataFrame) -> pd.Series:
    """What a row says of the child, from core/person (indexed by person_ref) where it says nothing."""
    own = _own(column, members)
    missing = own.isna()
    if not missing.any():
        return own
    child, children = pd.factorize(members["person_ref"][missing])
    known = people[column].reindex(children).take(child).set_axis(own.index[missing])
    return known if len(known) == len(own) else own.fillna(known)


def _own(column: str, members: Rows) -> pd.Series:
    if column in members.columns:
        values: pd.Series = members[column]
        return values
    return pd.Series(None, index=members.index, dtype="str")
