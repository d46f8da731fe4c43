"""What a rule is: one declared object that says what is wrong, how bad it is, and where it is looked for.

A `Rule` alone is looked for where cells and sheets are read. A `RowRule` holds the check of one list's rows,
a `ListRule` the check between the lists and deliveries of an authority. Rows are flagged, never dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import pandas as pd

from cf_pipeline.clean.sources import with_previous_delivery
from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.lists import list_contracts

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True)
class Rule:
    """A rule: its code, how bad breaking it is, what is said and what to do about it.

    Neither text ever holds a cell's value; `{column}` is the header the council knows. `lists` are the lists
    it applies to (None: all), taken from their contracts (`lists_with`), and `columns` names what it looks at
    there (empty: all, or those the list's contract gives the part, such as its key date). `is_quarantine`:
    the row is set aside and counted, not loaded. Which KPIs it affects follows from lists and columns
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
    """The cleaned rows of one list, and what a rule may need to judge them.

    `blank_key_date` marks the rows whose key date was left blank in the file (one that could not be read has
    its own issue).
    """

    contract: ListContract
    rows: pd.DataFrame
    manifest: pd.DataFrame
    blank_key_date: pd.Series[bool]

    @cached_property
    def window_start(self) -> pd.Series[pd.Timestamp]:
        """The first day each row's delivery covers: what its folder says, else the list's window."""
        return window_start(self.contract, self.rows, self.manifest)


@dataclass(frozen=True)
class Delivered:
    """Every cleaned list of an authority, all its deliveries together, and what was received."""

    lists: dict[str, pd.DataFrame]
    manifest: pd.DataFrame

    @cached_property
    def beside_the_one_before(self) -> pd.DataFrame:
        """Each list and delivery beside the list's delivery before (`sources.beside_the_one_before`)."""
        return with_previous_delivery(self.manifest)


@dataclass(frozen=True)
class Flagged:
    """Places in a list that break a rule: rows with the provenance columns, a count for each if not 1."""

    list: str
    column: str
    where: pd.DataFrame
    counts: pd.Series[int] | int = 1


RowCheck = Callable[[ListRows], Iterator[tuple[str, "pd.Series[bool]"]]]
"""The column to name and the rows that break the rule, as often as it has something to say."""
ListCheck = Callable[[Delivered], Iterator[Flagged]]


@dataclass(frozen=True, kw_only=True)
class RowRule(Rule):
    """A rule between the cells of a row, or between a row and the others of its list and delivery."""

    check: RowCheck


@dataclass(frozen=True, kw_only=True)
class ListRule(Rule):
    """A rule between lists, files or deliveries."""

    check: ListCheck


def where(column: str, broken: Callable[[pd.DataFrame], pd.Series[bool]]) -> RowCheck:
    """A check that names one column and needs the rows only."""

    def check(of: ListRows) -> Iterator[tuple[str, pd.Series[bool]]]:
        yield column, broken(of.rows)

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


def window_start(
    contract: ListContract, rows: pd.DataFrame, manifest: pd.DataFrame
) -> pd.Series[pd.Timestamp]:
    """The first day each row's delivery covers: what its folder says, else the list's window (ruling 5)."""
    stated = manifest.dropna(subset=["covers_from"]).drop_duplicates("delivery_id")
    by_delivery = stated.set_index("delivery_id")["covers_from"]
    from_window = rows["as_at"] - pd.DateOffset(months=contract.window_months)
    if by_delivery.empty:
        return from_window
    return rows["delivery_id"].map(by_delivery).fillna(from_window)
