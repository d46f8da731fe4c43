"""The tables of a run's lake, and the periods and targets of the sample that was run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from cf_pipeline.contracts.dates.quarters import Quarter, quarters_between
from cf_pipeline.kpi.definitions.registry import load_registry

AUTHORITY = "city-of-london"
FIRST, NEWEST = Quarter(2016, 1), Quarter(2019, 3)
QUARTERS = quarters_between(FIRST.start, NEWEST.end)
TARGETS = """
[[targets]]
kpi = "contacts_1wd_pct"
value = 90
from = 2017-04-01
until = 2019-03-31
who = "head of service"
when = 2017-03-01
[[targets]]
kpi = "contacts_1wd_pct"
value = 95
from = 2019-04-01
who = "head of service"
when = 2019-03-01
[[targets]]
kpi = "assess_45wd_pct"
value = 85
from = 2018-04-01
authority = "city-of-london"
who = "head of service"
when = 2018-03-01
[[targets]]
kpi = "cpp_stock"
value = 12
from = 2018-04-01
until = 2020-03-31
who = "head of service"
when = 2018-03-01
"""
TARGET_NOW = {"contacts_1wd_pct": 95, "assess_45wd_pct": 85, "cpp_stock": 12}
Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class LakeTables:
    """The tables of a run's lake."""

    folder: Path

    def read(self, layer: str, name: str) -> pd.DataFrame:
        """A whole table."""
        own = self.folder / layer / name / f"{AUTHORITY}.parquet"
        return pd.read_parquet(own if own.exists() else self.folder / layer / f"{name}.parquet")

    def records(self, name: str) -> pd.DataFrame:
        """The records of a list that were not withdrawn, with the day and the names as plain values."""
        rows = self.read("core", name)
        return rows[rows["status"].astype(str).ne("withdrawn")].reset_index(drop=True)

    def totals(self) -> pd.DataFrame:
        """The totals of basis quarter."""
        rows = self.read("kpi", "quarterly")
        return rows[rows["basis"].eq("quarter") & rows["breakdown"].eq("total")]


def title(kpi_id: str) -> str:
    return load_registry()[kpi_id].title


def quarter_keys(dates: pd.Series) -> list[str]:
    return [Quarter.of(day.date()).key for day in dates]


def month_keys(dates: pd.Series) -> list[str]:
    return [f"{day:%Y-%m}" for day in dates]


def months_of(quarters: list[Quarter]) -> list[str]:
    firsts = [quarter.start for quarter in quarters]
    return [f"{first.year}-{first.month + more:02d}" for first in firsts for more in range(3)]
