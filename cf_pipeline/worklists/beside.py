"""The columns that stand beside the records of a list: each is worked out from another list of the child."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from cf_pipeline.history.derived.reviews import next_reviews
from cf_pipeline.history.merge.status import WITHDRAWN
from cf_pipeline.kpi.measure.counted_records import CountedRecords
from cf_pipeline.worklists.day import Day

Beside = dict[str, pd.Series]


def columns_beside(kind: str, table: str, records: CountedRecords, day: Day) -> Beside:
    """The columns of a kind, by name, on the index of the records.

    Args:
        kind: a key of BESIDE_COLUMNS.
        table: the list of the records.
        records: the records.
        day: the day of the lists.
    """
    return BESIDE_COLUMNS[kind](table, records, day)


def reviews_beside(table: str, records: CountedRecords, day: Day) -> Beside:
    """review_date: the newest review of each plan or period of care; next_review_date: the next is due."""
    found = next_reviews(table, records, day.counter.tables, day.as_at)
    return {"review_date": found["review"], "next_review_date": found["due"]}


def closure_beside(_: str, records: CountedRecords, day: Day) -> Beside:
    """closure_date and closure_reason: the child's last closure of a case in need up to each referral."""
    closed = _days(day.counter.tables["children_in_need"], "cin_closure_date", ["closure_reason"])
    found = _nearest(records.frame(["person_ref", "referral_date"]), closed, is_later=False)
    return {"closure_date": found["day"], "closure_reason": found["closure_reason"]}


def conference_beside(_: str, records: CountedRecords, day: Day) -> Beside:
    """conference_date: the child's first conference from the start of each enquiry to the day of the list.

    One conference answers every enquiry of the child that was open before it (docs/rulings.md#30).
    """
    held = _days(day.counter.tables["section_47_enquiries"], "icpc_date", [])
    found = _nearest(records.frame(["person_ref", "s47_start_date"]), held, is_later=True)["day"]
    return {"conference_date": found.where(found <= day.as_at)}


BESIDE_COLUMNS: Mapping[str, Callable[[str, CountedRecords, Day], Beside]] = {
    "reviews": reviews_beside,
    "closure": closure_beside,
    "conference": conference_beside,
}
"""What works out the columns, by the name that a declaration gives them."""


def _days(table: pd.DataFrame, date: str, others: list[str]) -> pd.DataFrame:
    """person_ref, day and other columns of the rows with a date, oldest first."""
    rows = table.loc[table["status"].ne(WITHDRAWN) & table[date].notna(), ["person_ref", date, *others]]
    return rows.set_axis(["person_ref", "day", *others], axis=1).sort_values("day", kind="stable")


def _nearest(rows: pd.DataFrame, days: pd.DataFrame, *, is_later: bool) -> pd.DataFrame:
    """The child's nearest of some days after (or before) a date or on it, on the index of `rows`.

    Args:
        rows: person_ref and a date.
        days: person_ref, day and other columns, oldest first.
        is_later: whether it is the first from the date on; else the last up to it.
    """
    columns = [name for name in days.columns if name != "person_ref"]
    if rows.empty:
        return days[columns].iloc[:0].reset_index(drop=True)
    date = rows.columns[-1]
    days = days[days["person_ref"].isin(rows["person_ref"])]
    pairs = pd.merge_asof(
        rows.sort_values(date, kind="stable").rename_axis("index").reset_index(),
        days,
        left_on=date,
        right_on="day",
        by="person_ref",
        direction="forward" if is_later else "backward",
    )
    return pairs.set_index("index")[columns].reindex(rows.index)
