"""Until when the reviews of a child protection plan have kept to their timescale.

Working Together to Safeguard Children: the first review conference within 3 months of the plan's start, each
further one within 6 months of the one before.
"""

from __future__ import annotations

import pandas as pd

from cf_pipeline.contracts.months import add_months
from cf_pipeline.history.versions import WITHDRAWN

FIRST_MONTHS, NEXT_MONTHS = 3, 6


def reviewed_until(plans: pd.DataFrame, reviews: pd.DataFrame, covers: pd.DataFrame) -> pd.Series:
    """The last day on which every review that was due had been held in time, on the index of `plans`.

    A plan has kept to its timescale at a day when that day is not later. Reviews held before the first
    delivered day are not known: an older plan's next review is due within 6 months of that day.
    """
    from_day = covers["covers_from"].min()
    start = plans["cp_plan_start_date"]
    is_older = (start < from_day).fillna(False)
    first_due = add_months(start, FIRST_MONTHS)
    if is_older.any():
        known_from = pd.Series(from_day, index=plans.index, dtype="datetime64[us]")
        first_due = first_due.mask(is_older, add_months(known_from, NEXT_MONTHS))
    held = reviews.loc[
        reviews["status"].ne(WITHDRAWN) & reviews["cp_review_date"].notna(), ["person_ref", "cp_review_date"]
    ].drop_duplicates()
    pairs = (
        pd.DataFrame(
            {
                "person_ref": plans["person_ref"],
                "start": start.mask(is_older, from_day),
                "end": plans["cp_plan_end_date"],
                "first_due": first_due,
                "plan": plans.index,
            }
        )
        .merge(held, on="person_ref")
        .query("start <= cp_review_date and (end.isna() or end >= cp_review_date)")
        .sort_values(["plan", "cp_review_date"])
    )
    before = pairs.groupby("plan")["cp_review_date"].shift()
    due = add_months(before, NEXT_MONTHS).fillna(pairs["first_due"])
    in_time = (pairs["cp_review_date"] <= due).astype("int64").groupby(pairs["plan"]).cummin().astype(bool)
    last = pairs[in_time].groupby("plan")["cp_review_date"].max()
    return add_months(last.reindex(plans.index), NEXT_MONTHS).fillna(first_due)
