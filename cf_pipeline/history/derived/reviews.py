"""Find the last day until which the reviews of a plan, or of a child in care, were held in time.

Child protection plans: the first review conference within 3 months of the start, each further one within 6
months of the previous one (Working Together to Safeguard Children). Care: the first review within 20 working
days of the start, the second within 3 months of the first, each further one within 6 months of the previous
one (Care Planning, Placement and Case Review Regulations 2010, regulation 33).
"""

from __future__ import annotations

import pandas as pd

from cf_pipeline.contracts.dates.calendar import add_working_days
from cf_pipeline.contracts.dates.months import add_months
from cf_pipeline.history.merge.status import WITHDRAWN

PLAN_FIRST_MONTHS, CARE_FIRST_WORKING_DAYS, CARE_SECOND_MONTHS, NEXT_MONTHS = 3, 20, 3, 6


def plan_reviewed_until(plans: pd.DataFrame, reviews: pd.DataFrame, covers: pd.DataFrame) -> pd.Series:
    """The last day on which all reviews of a plan that were due had been held in time, on the plans' index.

    Args:
        plans: child protection plans.
        reviews: the list of their reviews.
        covers: the coverage of that list.
    """
    spells = _spells(plans, "cp_plan_start_date", "cp_plan_end_date")
    spells["first_due"] = add_months(spells["start"], PLAN_FIRST_MONTHS)
    review_days = reviews.loc[reviews["status"].ne(WITHDRAWN), ["person_ref", "cp_review_date"]]
    review_days = review_days.set_axis(["person_ref", "review"], axis=1)
    return _reviewed_until(spells, review_days, covers, NEXT_MONTHS)


def care_reviewed_until(care: pd.DataFrame, reviews: pd.DataFrame, covers: pd.DataFrame) -> pd.Series:
    """The last day on which all reviews of a period of care that were due had been held in time.

    A cancelled review was not held.

    Args:
        care: periods of care.
        reviews: the list of their reviews.
        covers: the coverage of that list.

    Returns:
        The days on the index of `care`.
    """
    spells = _spells(care, "cla_start_date", "cla_end_date")
    spells["first_due"] = add_working_days(spells["start"], CARE_FIRST_WORKING_DAYS)
    is_held = reviews["status"].ne(WITHDRAWN) & reviews["is_cancelled"].ne("Y").fillna(True).astype(bool)
    review_days = reviews.loc[is_held, ["person_ref", "cla_review_date"]]
    review_days = review_days.set_axis(["person_ref", "review"], axis=1)
    return _reviewed_until(spells, review_days, covers, CARE_SECOND_MONTHS)


def _spells(rows: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"person_ref": rows["person_ref"], "start": rows[start], "end": rows[end], "spell": rows.index},
        index=rows.index,
    )


def _reviewed_until(
    spells: pd.DataFrame, review_days: pd.DataFrame, covers: pd.DataFrame, second_months: int
) -> pd.Series:
    """The day until which the reviews of each spell were held in time, on the index of `spells`.

    Reviews before the first day that is covered are not known. A spell that began earlier is taken to have a
    review due within 6 months of that day.

    Args:
        spells: person_ref, start, end, spell (its index) and first_due, the day its first review is due.
        review_days: person_ref and review, the day of a review that was held.
        covers: the coverage of the list of reviews.
        second_months: months from the first review to the second; every later one has `NEXT_MONTHS`.
    """
    first_day = covers["covers_from"].min()
    is_older = (spells["start"] < first_day).fillna(False)
    if is_older.any():
        first_days = pd.Series(first_day, index=spells.index, dtype="datetime64[us]")
        spells = spells.assign(
            start=spells["start"].mask(is_older, first_day),
            first_due=spells["first_due"].mask(is_older, add_months(first_days, NEXT_MONTHS)),
        )
    pairs = (
        spells.assign(is_older=is_older)
        .merge(review_days.dropna().drop_duplicates(), on="person_ref")
        .query("start <= review and (end.isna() or end >= review)")
        .sort_values(["spell", "review"])
    )
    is_first = pairs.groupby("spell").cumcount().eq(0) & ~pairs["is_older"]
    second_due = add_months(pairs["review"], second_months)
    next_due = add_months(pairs["review"], NEXT_MONTHS).mask(is_first, second_due)
    due = next_due.groupby(pairs["spell"]).shift().fillna(pairs["first_due"])
    # a late review ends the run: later ones do not count, even when they are in time
    is_in_time = (pairs["review"] <= due).astype("int64").groupby(pairs["spell"]).cummin().astype(bool)
    reviewed_until = next_due[is_in_time].groupby(pairs["spell"]).max()
    result: pd.Series = reviewed_until.reindex(spells.index).fillna(spells["first_due"])
    return result
