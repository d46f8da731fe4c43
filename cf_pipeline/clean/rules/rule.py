"""The classes of a rule: its code, severity, message and suggestion, the lists it applies to, and its check.

A plain `Rule` is checked where cells and sheets are read. A `RowRule` has a check of one list's rows, a
`ListRule` a check between the lists and deliveries of an authority. These two flag rows and never drop one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.clean.sources import with_previous_delivery
from cf_pipeline.contracts.dates.birthdays import whole_years
from cf_pipeline.contracts.dates.months import add_months, months_before
from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.lists import list_contracts

Severity = Literal["error", "warning", "info"]
Mask = npt.NDArray[np.bool_]
Moments = npt.NDArray[np.datetime64]
PREGNANCY_MONTHS = 9
ONE_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class Rule:
    """A rule: its code, its severity, the message and the suggestion what to do.

    `message` and `suggestion` never hold a cell's value; `{column}` stands for the column's header. `lists`
    are the lists that the rule applies to (None: all), from their contracts (`lists_with`). `columns` are
    those it checks (empty: all, or those with a role in the list's contract, such as the key date).
    `is_quarantine`: the row is quarantined, not loaded. The KPIs it affects follow from lists and columns
    (`kpi/lineage/affected_kpis.py`).
    """

    code: str
    severity: Severity
    message: str
    suggestion: str
    lists: tuple[str, ...] | None = None
    columns: tuple[str, ...] = ()
    is_quarantine: bool = False


@dataclass(frozen=True)
class ListRows:
    """The cleaned rows of one list, with its contract and the manifest.

    `blank_key_date`: rows whose key date is blank in the file; an unreadable one breaks another rule.
    """

    contract: ListContract
    rows: pd.DataFrame
    manifest: pd.DataFrame
    blank_key_date: Mask

    def moments(self, column: str) -> Moments:
        """The dates of a column as numpy moments; a missing one is neither before nor after another."""
        return self.rows[column].to_numpy(dtype="datetime64[us]")

    def is_missing(self, column: str) -> Mask:
        """Which rows have no value in a column."""
        return self.rows[column].isna().to_numpy()

    @cached_property
    def window_start(self) -> Moments:
        """The first day that each row's delivery covers (`window_start`)."""
        return window_start(self.contract, self.rows, self.manifest)

    @cached_property
    def ages(self) -> npt.NDArray[np.int64]:
        """The age by the date of birth in whole years on the as-at date, as `age_years` gives it."""
        return whole_years(self.rows["date_of_birth"], self.rows["as_at"]).to_numpy()

    @cached_property
    def latest_birth(self) -> Moments:
        """The last day on which a child known on the as-at date can be born."""
        return add_months(self.rows["as_at"], PREGNANCY_MONTHS).to_numpy(dtype="datetime64[us]")


@dataclass(frozen=True)
class AuthorityLists:
    """The cleaned lists of an authority, each with the rows of all deliveries, and the manifest."""

    lists: dict[str, pd.DataFrame]
    manifest: pd.DataFrame

    @cached_property
    def received_lists(self) -> pd.DataFrame:
        """One row a list and delivery, with its previous delivery (`sources.with_previous_delivery`)."""
        return with_previous_delivery(self.manifest)


@dataclass(frozen=True)
class FlaggedPlaces:
    """Places in a list that break a rule: rows with the provenance columns, and the row count of each."""

    list: str
    column: str
    places: pd.DataFrame
    counts: pd.Series[int] | int = 1


BrokenRows = Iterator[tuple[str, "Mask | pd.Series[bool]"]]
"""For each column at fault: its name, and which rows break the rule."""
RowCheck = Callable[[ListRows], BrokenRows]
ListCheck = Callable[[AuthorityLists], Iterator[FlaggedPlaces]]


@dataclass(frozen=True, kw_only=True)
class RowRule(Rule):
    """A rule between the cells of a row, or between a row and the others of its list and delivery."""

    check: RowCheck


@dataclass(frozen=True, kw_only=True)
class ListRule(Rule):
    """A rule between lists, files or deliveries."""

    check: ListCheck


def check_column(column: str, find_broken: Callable[[pd.DataFrame], pd.Series[bool]]) -> RowCheck:
    """A check that needs the rows only and finds fault with one column.

    Args:
        column: the column that the issue names.
        find_broken: returns which rows break the rule.
    """

    def check(list_rows: ListRows) -> BrokenRows:
        yield column, find_broken(list_rows.rows)

    return check


def lists_with(
    *columns: str, condition: Callable[[ListContract], bool] = lambda contract: True
) -> tuple[str, ...]:
    """The lists whose contracts have all the columns and meet the condition, in the contracts' order."""
    return tuple(
        name
        for name, contract in list_contracts().items()
        if set(columns) <= set(contract.column_names) and condition(contract)
    )


def window_start(contract: ListContract, rows: pd.DataFrame, manifest: pd.DataFrame) -> Moments:
    """The first day that each row's delivery covers: as its folder states, else by the list's window.

    Source: docs/rulings.md#5.
    """
    from_window = months_before(rows["as_at"], contract.window_months).to_numpy(dtype="datetime64[us]")
    is_stated = manifest["covers_from"].notna()
    stated = zip(manifest.loc[is_stated, "delivery_id"], manifest.loc[is_stated, "covers_from"], strict=True)
    first_by_delivery = dict(reversed(list(stated)))
    if not first_by_delivery:
        return from_window
    numbers, deliveries = pd.factorize(rows["delivery_id"])
    starts = np.array([first_by_delivery.get(delivery) for delivery in deliveries], dtype="datetime64[us]")
    return np.where(np.isnat(starts[numbers]), from_window, starts[numbers])
