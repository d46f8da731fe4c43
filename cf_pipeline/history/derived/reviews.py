"""Until when the reviews of a child protection plan, or of a child in care, have kept to their timescale.

Plans: the first conference within 3 months of the start, each further one within 6 months of the one before
(Working Together to Safeguard Children). Care: the first review within 20 working days of the start, the
second within 3 months of the first, each further one within 6 months (Care Planning, Placement and Case
Review Regulations 2010, regulation 33).
"""

from __future__ import annotations

import pandas as pd

from cf_pipeline.contracts.calendar import add_working_days
from cf_pipeline.contracts.months import add_months
from cf_pipeline.history.merge.status import WITHDRAWN

PLAN_FIRST_MONTHS, CARE_FIRST_WORKING_DAYS, CARE_SECOND_MONTHS, NEXT_MONTHS = 3, 20, 3, 6


def plan_reviewed_until(plans: pd.DataFrame, reviews: pd.DataFrame, covers: pd.DataFrame) -> pd.Series:
    """The last day on which every review due of a plan had been held in time, on the index of `plans`."""
    spells = _spells(plans, "cp_plan_start_date", "cp_plan_end_date")
    spells["first_due"] = add_months(spells["start"], PLAN_FIRST_MONTHS)
    held = reviews.loc[reviews["status"].ne(WITHDRAWN), ["person_ref", "cp_review_date"]]
    return _reviewed_until(spells, held.set_axis(["person_ref", "held"], axis=1), covers, NEXT_MONTHS)


def care_reviewed_until(care: pd.DataFrame, reviews: pd.DataFrame, covers: pd.DataFrame) -> pd.Series:
    """The last day on which every review due of a period of care had been held in time.

    A cancelled review was not held. The index is that of `care`.
    """
    spells = _spells(care, "cla_start_date", "cla_end_date")
    spells["first_due"] = add_working_days(spells["start"], CARE_FIRST_WORKING_DAYS)
    is_held = reviews["status"].ne(WITHDRAWN) & reviews["is_cancelled"].ne("Y").fillna(True).astype(bool)
    held = reviews.loc[is_held, ["person_ref", "cla_review_date"]]
    return _reviewed_until(spells, held.set_axis(["person_ref", "held"], axis=1), covers, CARE_SECOND_MONTHS)


def _spells(rows: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"person_ref": rows["person_ref"], "start": rows[start], "end": rows[end], "spell": rows.index},
        index=rows.index,
    )


def _reviewed_until(
    spells: pd.DataFrame, held: pd.DataFrame, covers: pd.DataFrame, second_months: int
) -> pd.Series:
    """A spell has kept to its timescale at a day when that day is not later than the one returned.

    Reviews held before the first delivered day are not known: an older spell's next review is due within
    6 months of that day.
    """
    from_day = covers["covers_from"].min()
    older = (spells["start"] < from_day).fillna(False)
    if older.any():
        known_from = pd.Series(from_day, index=spells.index, dtype="datetime64[us]")
        spells = spells.assign(
            start=spells["start"].mask(older, from_day),
            first_due=spells["first_due"].mask(older, add_months(known_from, NEXT_MONTHS)),
        )
    pairs = (
        spells.assign(is_older=older)
        .merge(held.dropna().drop_duplicates(), on="person_ref")
        .query("start <= held and (end.isna() or end >= held)")
        .sort_values(["spell", "held"])
    )
    is_first = pairs.groupby("spell").cumcount().eq(0) & ~pairs["is_older"]
    next_due = add_months(pairs["held"], NEXT_MONTHS).mask(is_first, add_months(pairs["held"], second_months))
    due = next_due.groupby(pairs["spell"]).shift().fillna(pairs["first_due"])
    in_time = (pairs["held"] <= due).astype("int64").groupby(pairs["spell"]).cummin().astype(bool)
    until = next_due[in_time].groupby(pairs["spell"]).max()
    found: pd.Series = until.reindex(spells.index).fillna(spells["first_due"])
    return found
