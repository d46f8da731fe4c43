"""The council's targets: the value that a KPI should reach, from a day on, and who decided it when.

They are settings of `pipeline.toml`; `project/council_choices.py` reads and checks them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.forecast.series.series_keys import series_numbers

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Target:
    """The value that a KPI should reach from the day `start` to the day `end`, both included.

    Without a start it has always held, without an end it holds until further notice. It is one authority's,
    or every authority's when `authority_code` is None; an authority's own target comes before that of all.
    """

    kpi_id: str
    value: float
    start: dt.date | None = None
    end: dt.date | None = None
    authority_code: str | None = None
    decided_by: str | None = None
    decided_on: dt.date | None = None

    @property
    def first_day(self) -> dt.date:
        """The first day it holds; the calendar's first without a start."""
        return self.start or dt.date.min

    @property
    def last_day(self) -> dt.date:
        """The last day it holds; the calendar's last without an end."""
        return self.end or dt.date.max

    def is_in_force(self, day: dt.date) -> bool:
        """Whether it holds on a day."""
        return self.first_day <= day <= self.last_day

    def overlaps(self, other: Target) -> bool:
        """Whether both hold on some day, for the same KPI and for the same authority or for all."""
        is_same = (self.kpi_id, self.authority_code) == (other.kpi_id, other.authority_code)
        return is_same and self.first_day <= other.last_day and other.first_day <= self.last_day


def target_values(rows: pd.DataFrame, targets: Sequence[Target]) -> pd.Series:
    """The target in force on the last day of each row's quarter; missing where there is none.

    Args:
        rows: with authority_code, kpi_id and quarter_key.
        targets: of one authority and KPI, no two hold on the same day.
    """
    if not targets:
        return pd.Series(float("nan"), index=rows.index)
    codes, distinct = series_numbers(rows, ["authority_code", "kpi_id", "quarter_key"])
    values = [
        next((target.value for target in targets_of(targets, code, kpi_id) if target.is_in_force(day)), None)
        for code, kpi_id, day in zip(
            distinct["authority_code"], distinct["kpi_id"], _last_days(distinct["quarter_key"]), strict=True
        )
    ]
    return pd.Series(values, dtype="float64").take(codes).set_axis(rows.index)


def targets_of(targets: Iterable[Target], authority_code: str, kpi_id: str) -> list[Target]:
    """The targets that hold for an authority's KPI, oldest first, no two of them on the same day.

    A target of all authorities holds on the days on which the authority has none of its own.
    """
    of_kpi = [target for target in targets if target.kpi_id == kpi_id]
    own = [target for target in of_kpi if target.authority_code == authority_code]
    rest = [target for target in of_kpi if target.authority_code is None]
    for each in own:
        rest = [part for target in rest for part in _without_days_of(target, each)]
    return sorted([*own, *rest], key=lambda target: target.first_day)


def _without_days_of(target: Target, other: Target) -> list[Target]:
    """The target on the days on which the other does not hold: in none, one or two parts."""
    if other.first_day > target.last_day or other.last_day < target.first_day:
        return [target]
    parts = []
    if other.first_day > target.first_day:
        parts.append(replace(target, end=other.first_day - ONE_DAY))
    if other.last_day < target.last_day:
        parts.append(replace(target, start=other.last_day + ONE_DAY))
    return parts


def _last_days(quarter_keys: pd.Series) -> list[dt.date]:
    return [Quarter.parse(key).end for key in quarter_keys]
