"""The counters councils deliver ('Number of ... in the last 12 months') against the records delivered."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from cf_pipeline.clean.rules.rule import Delivered, Flagged, ListRule
from cf_pipeline.clean.sources import usable_rows
from cf_pipeline.contracts.list_contract import CHILD_ID, Column, Counter
from cf_pipeline.contracts.lists import list_contracts

COUNTED_MONTHS = 12


def _counters() -> list[tuple[str, Column, Counter]]:
    """Every column that counts the events of a list: its list, the column and what it counts."""
    return [
        (name, column, column.counts)
        for name, contract in list_contracts().items()
        for column in contract.columns
        if column.counts is not None
    ]


def _differing(of: Delivered) -> Iterator[Flagged]:
    for name, column, counter in _counters():
        rows = of.lists[name]
        reached = _reached(of.manifest, counter.list)
        if reached is None or rows.empty:
            continue
        from_date = rows[counter.until] - pd.DateOffset(months=COUNTED_MONTHS)
        judged = rows[rows[column.name].notna() & (from_date >= reached)]
        events = of.lists[counter.list]
        dates = events[counter.date].dt.normalize()
        known = pd.DataFrame({CHILD_ID: events[CHILD_ID], "day": dates}).dropna().drop_duplicates()
        before = _events_in_year(judged[CHILD_ID], judged[counter.until], known)
        # councils count the event itself or not, and a placement that started before the year: one may differ
        differs = (judged[column.name].astype("int64") - before).abs() > 1
        yield Flagged(name, column.name, judged[differs])


def _reached(manifest: pd.DataFrame, name: str) -> pd.Timestamp | None:
    """The earliest day the deliveries of a list cover; None when it was not delivered."""
    rows = usable_rows(manifest[manifest["list"].eq(name)])
    if rows.empty:
        return None
    months = list_contracts()[name].window_months
    starts = rows["covers_from"].fillna(rows["as_at"] - pd.DateOffset(months=months))
    return pd.Timestamp(starts.min())


def _events_in_year(
    children: pd.Series[str], until: pd.Series[pd.Timestamp], events: pd.DataFrame
) -> pd.Series[int]:
    """For each row the child's days with an event in the year before the date, the day itself left out.

    Children and days become one number a pair, so that one sorted search answers every row.
    """
    codes, _ = pd.factorize(pd.concat([events[CHILD_ID], children]))
    day = np.concatenate([_day(events["day"]), _day(until)])
    span = int(day.max() - day.min()) + 2 * 366 if len(day) else 1
    place = codes.astype("int64") * span + (day - (day.min() if len(day) else 0)) + 366
    ordered = np.sort(place[: len(events)])
    of_rows = place[len(events) :]
    year = _day(until) - _day(until - pd.DateOffset(months=COUNTED_MONTHS))
    found = np.searchsorted(ordered, of_rows, "left") - np.searchsorted(ordered, of_rows - year, "left")
    return pd.Series(found, index=children.index, dtype="int64")


def _day(dates: pd.Series[pd.Timestamp]) -> np.ndarray:
    return dates.to_numpy().astype("datetime64[D]").astype("int64")


COUNTER_DIFFERS = ListRule(
    "counter_differs",
    "info",
    "'{column}' differs from the records delivered by more than one",
    "nothing; figures are counted from the records where they reach back far enough",
    lists=tuple(dict.fromkeys(name for name, _, _ in _counters())),
    columns=tuple(column.name for _, column, _ in _counters()),
    check=_differing,
)
"""What a counter says and what the records say; the records count (ruling 15)."""
