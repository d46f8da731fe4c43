"""Compare the counters that councils deliver ('Number of ... in the last 12 months') with the records."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from cf_pipeline.clean.rules.rule import AuthorityLists, FlaggedPlaces, ListRule
from cf_pipeline.clean.sources import usable_rows
from cf_pipeline.contracts.dates.months import days_of, months_before
from cf_pipeline.contracts.list_contract import CHILD_ID, PROVENANCE, Column, Counter
from cf_pipeline.contracts.lists import list_contracts

COUNTED_MONTHS = 12


def _counters() -> list[tuple[str, Column, Counter]]:
    """Every column that counts the events of a list: its list, the column, and what it counts."""
    return [
        (name, column, column.counts)
        for name, contract in list_contracts().items()
        for column in contract.columns
        if column.counts is not None
    ]


def _differing_counters(authority: AuthorityLists) -> Iterator[FlaggedPlaces]:
    manifest = usable_rows(authority.manifest)
    for name, column, counter in _counters():
        rows = authority.lists[name]
        first_day = _first_covered_day(manifest, counter.list)
        if first_day is None or rows.empty:
            continue
        count_start = months_before(rows[counter.until], COUNTED_MONTHS)
        columns = [*PROVENANCE, *({CHILD_ID, counter.until, column.name} - PROVENANCE.keys())]
        comparable = rows[columns][rows[column.name].notna() & (count_start >= first_day)]
        events = authority.lists[counter.list]
        events = events[[CHILD_ID, counter.date]][events[counter.date].notna()]
        counted = _count_event_days(
            comparable[CHILD_ID], comparable[counter.until], events[CHILD_ID], events[counter.date]
        )
        # some councils count the event itself, or a placement that started before the year: one may differ
        differs = (comparable[column.name].astype("int64") - counted).abs() > 1
        yield FlaggedPlaces(name, column.name, comparable[differs])


def _first_covered_day(manifest: pd.DataFrame, name: str) -> pd.Timestamp | None:
    """The earliest day that the deliveries of a list cover; None when it was not delivered."""
    rows = manifest[["as_at", "covers_from"]][manifest["list"].eq(name)]
    if rows.empty:
        return None
    months = list_contracts()[name].window_months
    starts = rows["covers_from"].fillna(months_before(rows["as_at"], months))
    return pd.Timestamp(starts.min())


def _count_event_days(
    children: pd.Series[str],
    until: pd.Series[pd.Timestamp],
    event_children: pd.Series[str],
    event_dates: pd.Series[pd.Timestamp],
) -> pd.Series[int]:
    """For each row the number of days with an event of the child in the year before the date, exclusive.

    Each pair of child and day becomes one number, so that one sorted search counts for all rows.

    Args:
        children: the child of each row.
        until: the date of each row.
        event_children: the child of each event.
        event_dates: its date.
    """
    codes, _ = pd.factorize(pd.concat([event_children, children]))
    days = np.concatenate([_day_numbers(event_dates), _day_numbers(until)])
    span = int(days.max() - days.min()) + 2 * 366 if len(days) else 1
    pairs = codes.astype("int64") * span + (days - (days.min() if len(days) else 0)) + 366
    event_pairs = np.unique(pairs[: len(event_children)])
    row_pairs = pairs[len(event_children) :]
    year = _day_numbers(until) - _day_numbers(months_before(until, COUNTED_MONTHS))
    counts = np.searchsorted(event_pairs, row_pairs, "left") - np.searchsorted(
        event_pairs, row_pairs - year, "left"
    )
    return pd.Series(counts, index=children.index, dtype="int64")


def _day_numbers(dates: pd.Series[pd.Timestamp]) -> np.ndarray:
    return days_of(dates).astype("int64")


COUNTER_DIFFERS = ListRule(
    "counter_differs",
    "info",
    "'{column}' differs from the records delivered by more than one",
    "nothing; figures are counted from the records where they reach back far enough",
    lists=tuple(dict.fromkeys(name for name, _, _ in _counters())),
    columns=tuple(column.name for _, column, _ in _counters()),
    check=_differing_counters,
)
"""KPIs count the records where these reach back a year, else use the counter: docs/rulings.md#15."""
