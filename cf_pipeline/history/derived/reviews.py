"""Find the last day until which the reviews of a plan, or of a child in care, were held in time.

Child protection plans: the first review conference within 3 months of the start, each further one within 6
months of the previous one (Working Together to Safeguard Children). Care: the first review within 20 working
days of the start, the second within 3 months of the first, each further one within 6 months of the previous
one (Care Planning, Placement and Case Review Regulations 2010, regulation 33).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd

from cf_pipeline.contracts.dates.calendar import add_working_days
from cf_pipeline.contracts.dates.months import add_months
from cf_pipeline.history.coverage import STATE_DAYS
from cf_pipeline.history.merge.status import WITHDRAWN

PLAN_FIRST_MONTHS, CARE_FIRST_WORKING_DAYS, CARE_SECOND_MONTHS, NEXT_MONTHS = 3, 20, 3, 6


@dataclass(frozen=True)
class ReviewDuty:
    """When the records of a list must be reviewed: the list and date of the reviews, and the days due.

    `first_due`: the day on which the first review is due, from the starts. `second_months`: months from the
    first review to the second; every later one has `NEXT_MONTHS`.
    """

    reviews: str
    review_date: str
    start: str
    end: str
    first_due: Callable[[pd.Series], pd.Series]
    second_months: int


REVIEW_DUTIES = {
    "child_protection_plans": ReviewDuty(
        "cp_reviews",
        "cp_review_date",
        "cp_plan_start_date",
        "cp_plan_end_date",
        lambda starts: add_months(starts, PLAN_FIRST_MONTHS),
        NEXT_MONTHS,
    ),
    "children_in_care": ReviewDuty(
        "cla_reviews",
        "cla_review_date",
        "cla_start_date",
        "cla_end_date",
        lambda starts: add_working_days(starts, CARE_FIRST_WORKING_DAYS),
        CARE_SECOND_MONTHS,
    ),
}
"""The lists whose records are reviewed."""
REVIEWED_UNTIL = "reviewed_until_date"


class Rows(Protocol):
    """Records whose columns are read by name: a DataFrame, or counted records."""

    def __getitem__(self, name: Any, /) -> Any:
        """One column."""

    @property
    def index(self) -> Any:
        """The index of every column."""


def reviewed_until(table: str, rows: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> pd.Series:
    """The last day on which all reviews of a plan or period of care that were due had been held in time.

    A cancelled review was not held.

    Args:
        table: the list of the plans or periods of care.
        rows: its records.
        tables: the lists of reviews, and `coverage`.

    Returns:
        The days on the index of `rows`.
    """
    duty, covers = REVIEW_DUTIES[table], tables["coverage"]
    spells = _spells(duty, rows, covers[covers["list"].eq(duty.reviews)])
    return _reviewed_until(spells, _review_days(duty, tables), duty.second_months)


def newest_reviewed_until(table: str, rows: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> pd.Series:
    """The day on which the next review is due after the newest one known of each record's period end.

    So it is decided where a list shows newest reviews alone, of which none can be called late
    (docs/rulings.md#26).

    Args:
        table: the list of the plans or periods of care.
        rows: its records, with period_end.
        tables: the lists of reviews, and `coverage`.

    Returns:
        The days on the index of `rows`; without a review the day on which the first is due.
    """
    duty, covers = REVIEW_DUTIES[table], tables["coverage"]
    spells = _spells(duty, rows, covers[covers["list"].eq(duty.reviews)])
    pairs = spells.assign(period_end=rows["period_end"]).merge(_review_days(duty, tables), on="person_ref")
    until = known_until(pairs["period_end"], covers[covers["list"].eq(duty.reviews)])
    known = pairs[pairs["review"].between(pairs["start"], until)].sort_values("review")
    newest = known.drop_duplicates("spell", keep="last").set_index("spell")
    is_first = (newest["review"] <= newest["first_due"]) & ~newest["is_older"]
    second_due = add_months(newest["review"], duty.second_months)
    due = add_months(newest["review"], NEXT_MONTHS).mask(is_first, second_due)
    return due.reindex(spells.index).fillna(spells["first_due"])


def next_reviews(
    table: str, rows: Rows, tables: dict[str, pd.DataFrame], day: pd.Timestamp
) -> dict[str, pd.Series]:
    """The newest review of each record up to a day, and the day on which the next is due after it.

    Args:
        table: the list of the plans or periods of care.
        rows: its records, at most one a child.
        tables: the lists of reviews, and `coverage`.
        day: the day.

    Returns:
        `review` (missing where none is known) and `due`, on the index of the rows; without a review the first
        is due.
    """
    duty, covers = REVIEW_DUTIES[table], tables["coverage"]
    spells = _spells(duty, rows, covers[covers["list"].eq(duty.reviews)])
    days = _review_days(duty, tables)
    spell = pd.Index(spells["person_ref"]).get_indexer(pd.Index(days["person_ref"]))
    review, starts = (each.to_numpy(dtype="datetime64[us]") for each in (days["review"], spells["start"]))
    is_known = (spell >= 0) & (review <= np.datetime64(day))
    is_known[is_known] = review[is_known] >= starts[spell[is_known]]
    newest = np.full(len(spells), np.datetime64("NaT", "us"))
    np.fmax.at(newest, spell[is_known], review[is_known])
    found = pd.Series(newest, index=spells.index)
    is_first = (found <= spells["first_due"]) & ~spells["is_older"]
    due = add_months(found, NEXT_MONTHS).mask(is_first, add_months(found, duty.second_months))
    return {"review": found, "due": due.fillna(spells["first_due"])}


def known_until(ends: pd.Series[pd.Timestamp], covers: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    """The day until which newest rows alone count for each period's end, on the index of `ends`.

    It is the as-at date of the first delivery within 31 days of the end, whose row hides the one before
    (docs/rulings.md#26); without such a delivery the end itself.

    Args:
        ends: the last days of periods.
        covers: the coverage of the list.
    """
    deliveries = covers[["as_at"]].drop_duplicates().sort_values("as_at").rename(columns={"as_at": "shown"})
    if deliveries.empty or ends.empty:
        return ends
    found = pd.merge_asof(
        ends.rename("end").sort_values().rename_axis("index").reset_index(),
        deliveries,
        left_on="end",
        right_on="shown",
        direction="forward",
        tolerance=pd.Timedelta(days=STATE_DAYS),
    ).set_index("index")["shown"]
    return found.reindex(ends.index).fillna(ends)


def _review_days(duty: ReviewDuty, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The days of the reviews that were held: person_ref and review."""
    reviews = tables[duty.reviews]
    is_held = reviews["status"].ne(WITHDRAWN)
    if "is_cancelled" in reviews.columns:
        is_held &= reviews["is_cancelled"].ne("Y").fillna(True).astype(bool)
    days = reviews.loc[is_held, ["person_ref", duty.review_date]].dropna().drop_duplicates()
    return days.set_axis(["person_ref", "review"], axis=1)


def _spells(duty: ReviewDuty, rows: Rows, covers: pd.DataFrame) -> pd.DataFrame:
    """Each record's person_ref, start, end, spell (its index), first_due and is_older.

    Reviews before the first day that is covered are not known. A record that began earlier is taken to have a
    review due within 6 months of that day.
    """
    start, first_day = rows[duty.start], covers["covers_from"].min()
    is_older = (start < first_day).fillna(False)
    first_due = duty.first_due(start)
    if is_older.any():
        first_days = pd.Series(first_day, index=rows.index, dtype="datetime64[us]")
        start = start.mask(is_older, first_day)
        first_due = first_due.mask(is_older, add_months(first_days, NEXT_MONTHS))
    return pd.DataFrame(
        {
            "person_ref": rows["person_ref"],
            "start": start,
            "end": rows[duty.end],
            "spell": rows.index,
            "first_due": first_due,
            "is_older": is_older,
        },
        index=rows.index,
    )


def _reviewed_until(spells: pd.DataFrame, review_days: pd.DataFrame, second_months: int) -> pd.Series:
    """The day until which the reviews of each spell were held in time, on the index of `spells`.

    Args:
        spells: as `_spells` returns them.
        review_days: person_ref and review, the day of a review that was held.
        second_months: months from the first review to the second.
    """
    pairs = spells.merge(review_days, on="person_ref")
    is_open = pairs["end"].isna() | (pairs["end"] >= pairs["review"])
    pairs = pairs[(pairs["start"] <= pairs["review"]) & is_open].sort_values(["spell", "review"])
    is_first = pairs.groupby("spell").cumcount().eq(0) & ~pairs["is_older"]
    second_due = add_months(pairs["review"], second_months)
    next_due = add_months(pairs["review"], NEXT_MONTHS).mask(is_first, second_due)
    due = next_due.groupby(pairs["spell"]).shift().fillna(pairs["first_due"])
    # a late review ends the run: later ones do not count, even when they are in time
    is_in_time = (pairs["review"] <= due).astype("int64").groupby(pairs["spell"]).cummin().astype(bool)
    reviewed_until = next_due[is_in_time].groupby(pairs["spell"]).max()
    result: pd.Series = reviewed_until.reindex(spells.index).fillna(spells["first_due"])
    return result
