"""The days between which the rows of a list show the case of a person, and the day on which it ended.

A case is a person's: it ends with the last record of it in any list. A record is a person and the date it
is about; the newest delivery that shows it says whether it is over.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cf_pipeline.clean.columns import parse_column
from cf_pipeline.contracts.list_contract import AS_AT, ListContract
from cf_pipeline.contracts.mapping import CouncilMapping

PERSON, FIRST, LAST, IS_OPEN = "person", "first_day", "last_day", "is_open"


def read_case_days(contract: ListContract, rows: pd.DataFrame, mapping: CouncilMapping) -> pd.DataFrame:
    """The person and the days of each row of a list, on the index of the rows.

    Args:
        contract: the list.
        rows: its ingested text with provenance.
        mapping: the council's own words.

    Returns:
        person: the id as cleaning gives it, missing where there is none. first_day: the date the row is
        about; the as-at date where it has none. last_day: the last of its dates, the as-at date where it is
        open. is_open: whether it shows no end, or a state on the as-at date. as_at.
    """
    as_at = rows[AS_AT].astype("datetime64[us]")
    dates = [_read_dates(contract, name, rows, mapping) for name in contract.ends]
    first = as_at
    if contract.key_date is not None:
        first = _read_dates(contract, contract.key_date, rows, mapping).fillna(as_at)
    is_open = pd.Series(contract.key_date is None, index=rows.index)
    if dates:
        is_open = pd.concat(dates, axis="columns").isna().all(axis="columns")
    last = pd.concat([first, *dates, as_at.where(is_open)], axis="columns").max(axis="columns")
    days = {
        PERSON: read_ids(contract, rows, mapping),
        FIRST: first,
        LAST: last,
        IS_OPEN: is_open,
        AS_AT: as_at,
    }
    return pd.DataFrame(days, index=rows.index)


def last_days(
    days_by_list: Mapping[str, pd.DataFrame], newest_by_list: Mapping[str, pd.Timestamp]
) -> pd.Series[pd.Timestamp]:
    """Person -> the day on which their case ended; people with an open case are left out.

    A case is open while the newest delivery of a list shows a record of it without an end. A record that
    vanished while it was open ended with the last delivery that shows it.

    Args:
        days_by_list: list -> its `read_case_days`; lists of one kind of people.
        newest_by_list: list -> as-at date of the newest delivery of it.
    """
    parts = []
    for name, days in days_by_list.items():
        newest = days.groupby([PERSON, FIRST])[AS_AT].transform("max")
        records = days[days[AS_AT].eq(newest)]
        is_open = records[IS_OPEN] & records[AS_AT].ge(newest_by_list[name])
        parts.append(records.assign(**{IS_OPEN: is_open}))
    if not parts:
        return pd.Series(dtype="datetime64[us]")
    by_person = pd.concat(parts).groupby(PERSON).agg({LAST: "max", IS_OPEN: "any"})
    return by_person.loc[~by_person[IS_OPEN].astype(bool), LAST]


def count_records(days: pd.DataFrame) -> int:
    """How many different records of a list have these days."""
    return len(days.drop_duplicates([PERSON, FIRST]))


def read_ids(contract: ListContract, rows: pd.DataFrame, mapping: CouncilMapping) -> pd.Series[str]:
    """The id of the person of each row of a list, as cleaning gives it; missing where there is none."""
    parsed = parse_column(
        contract.column(contract.person), rows[contract.person].astype("str"), rows[AS_AT], mapping
    )
    return pd.Series(parsed.values, index=rows.index, dtype="str")


def _read_dates(
    contract: ListContract, name: str, rows: pd.DataFrame, mapping: CouncilMapping
) -> pd.Series[pd.Timestamp]:
    is_month_first = not mapping.month_first.isdisjoint({contract.name, f"{contract.name}.{name}"})
    parsed = parse_column(
        contract.column(name), rows[name].astype("str"), rows[AS_AT], mapping, is_month_first
    )
    return pd.Series(np.asarray(parsed.values), index=rows.index, dtype="datetime64[us]")
