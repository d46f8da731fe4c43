"""The `[retention]` part of `pipeline.toml`: how many years what is kept, 0 for good.

[retention]
access_log = 6          # and the others of DEFAULT_YEARS
[retention.lists]       # after a person's case ended; a list that is not named here has its default
contacts = 4

Belongs here: the names, the defaults and what makes a value wrong. Why each is as it is:
docs/data_protection.md.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from cf_pipeline.contracts.dates.months import months_before
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.errors import PlainError

LISTS = "retention.lists"
DEFAULT_YEARS: Mapping[str, int] = {"access_log": 6, "audit_log": 10, "papers": 6, "raw_files": 10}
"""Years by what is kept beside the lists."""
YEARS_OF_A_LIST = 4
"""Of a list that has no other default."""
YEARS_BY_LIST: Mapping[str, int] = dict.fromkeys(
    (
        "child_protection_plans",
        "cp_visits",
        "cp_reviews",
        "children_in_care",
        "cla_episodes",
        "cla_placements",
        "cla_visits",
        "cla_reviews",
        "missing_episodes",
        "care_leavers",
        "pathway_plans",
        "adoptions",
        "adopters",
    ),
    6,
)
MONTHS_OF_A_YEAR = 12
DEFAULTS: dict[str, Any] = {f"retention.{name}": years for name, years in DEFAULT_YEARS.items()} | {LISTS: {}}


class RetentionError(PlainError):
    """A number of years is none, or a list is unknown."""


@dataclass(frozen=True)
class RetentionSettings:
    """`own_years`: years by list, as far as the council set them. `others`: by the names of DEFAULT_YEARS."""

    own_years: Mapping[str, int]
    others: Mapping[str, int] = field(default_factory=lambda: DEFAULT_YEARS)

    def years_of_list(self, name: str) -> int:
        """The years after the end of a person's case that the rows of a list are kept; 0 for good."""
        return self.own_years.get(name, YEARS_BY_LIST.get(name, YEARS_OF_A_LIST))

    def list_cut_off(self, name: str, today: dt.date) -> pd.Timestamp | None:
        """The first day that is kept of a list; None where it is kept for good."""
        return cut_off(self.years_of_list(name), today)

    def other_cut_off(self, name: str, today: dt.date) -> pd.Timestamp | None:
        """The first day that is kept of what DEFAULT_YEARS names; None where it is kept for good."""
        return cut_off(self.others[name], today)


def cut_off(years: int, today: dt.date) -> pd.Timestamp | None:
    """The day so many years before today, 28 February for a 29 February that is none; None for 0 years."""
    return months_before(pd.Timestamp(today), MONTHS_OF_A_YEAR * years) if years else None


def read_retention_settings(values: Mapping[str, Any]) -> RetentionSettings:
    """The retention among the settings of a project.

    Raises:
        RetentionError: a number of years is none, or a list is unknown.
    """
    lists = values[LISTS]
    if not isinstance(lists, Mapping):
        raise RetentionError(f"Setting {LISTS} is a table of years by list, as in contacts = 4.")
    for name in lists:
        if name not in list_contracts():
            close = difflib.get_close_matches(name, list(list_contracts()), n=1)
            meant = f"; did you mean {close[0]}?" if close else "; docs/data_protection.md names the lists."
            raise RetentionError(f"Setting {LISTS}.{name}: there is no such list{meant}")
    others = {name: _years(f"retention.{name}", values[f"retention.{name}"]) for name in DEFAULT_YEARS}
    return RetentionSettings({name: _years(f"{LISTS}.{name}", lists[name]) for name in lists}, others)


def _years(key: str, value: object) -> int:
    text = str(value).strip()
    if not (text.isascii() and text.isdigit()):
        raise RetentionError(f"Setting {key}: {value!r} is not a whole number of years, 0 for good.")
    return int(text)
