"""Which KPIs a broken rule touches: those that read the list and column it is about."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pandas as pd

from cf_pipeline.contracts.list_contract import DEMOGRAPHICS
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.tables.core_tables import core_columns, lists_of, needed_columns
from cf_pipeline.history.tables.derived_columns import DAYS_BEFORE
from cf_pipeline.kpi.definitions.check_record import STANDARD_BREAKDOWNS
from cf_pipeline.kpi.definitions.registry import Kpi, load_registry
from cf_pipeline.kpi.definitions.sides import AT_END, PERSON, Side

DELIVERED_AS = {"birth_date": "date_of_birth"}
"""Columns of core tables and the delivered column they come from."""
ABOUT_THE_CHILD = frozenset(DEMOGRAPHICS)
"""What `core/person` fills in for a list that does not say it."""


def kpis_touched(list_name: str, column: str | None = None) -> tuple[str, ...]:
    """Ids of the KPIs, in the registry's order, that read a column of a list.

    Without a column, or with the one that says whose record it is: every KPI that reads the list.
    """
    reads = _reads()
    if not column or column == list_contracts()[list_name].person:
        return tuple(kpi for kpi, columns in reads.items() if any(one == list_name for one, _ in columns))
    return tuple(kpi for kpi, columns in reads.items() if (list_name, column) in columns)


def with_kpis(issues: pd.DataFrame) -> pd.DataFrame:
    """The issues with `kpis` filled, joined by ';'; worked out once for each list and column."""
    places = issues[["list", "column"]].drop_duplicates()
    names = [
        (one, column, ";".join(kpis_touched(one, column)))
        for one, column in zip(places["list"].fillna(""), places["column"].fillna(""), strict=True)
        if one in list_contracts()
    ]
    touched = pd.DataFrame(names, columns=["list", "column", "kpis"], dtype="str")
    places = pd.DataFrame({name: issues[name].fillna("") for name in ("list", "column")})
    found = places.merge(touched, on=["list", "column"], how="left")["kpis"].fillna("").astype("str")
    return issues.assign(kpis=found.set_axis(issues.index))


@cache
def _reads() -> dict[str, frozenset[tuple[str, str]]]:
    """For each KPI the delivered (list, column) pairs that it reads."""
    return {kpi.id: frozenset(_columns(kpi)) for kpi in load_registry().values()}


def _columns(kpi: Kpi) -> Iterator[tuple[str, str]]:
    for side in _sides(kpi):
        breakdowns = [STANDARD_BREAKDOWNS.get(name, name) for name in kpi.breakdowns]
        for column in (*side.columns, *breakdowns):
            yield from _delivered(side.table, column)
        for column in kpi.band.columns if kpi.band is not None else ():
            yield from _delivered(side.table, column)


def _sides(kpi: Kpi) -> Iterator[Side]:
    waiting = [side for side in (kpi.numerator, kpi.denominator) if side is not None]
    while waiting:
        side = waiting.pop()
        yield side
        waiting += [further for further in (side.base, side.fallback, *side.union) if further is not None]
        if side.within is not None:
            waiting.append(load_registry()[side.within].numerator)


def _delivered(table: str, column: str) -> Iterator[tuple[str, str]]:
    """The delivered columns a column of a core table rests on.

    Who the child is comes from every list that says so, where the list itself does not.
    """
    column = column.removeprefix(AT_END).removeprefix(PERSON)
    column = DELIVERED_AS.get(column, column)
    for name in lists_of(table):
        yield name, ""
    for group in needed_columns(table, column):
        for need in group:
            one, _, name = need.partition(".")
            yield one, "" if name.startswith(DAYS_BEFORE) else name
    if column in ABOUT_THE_CHILD and column not in core_columns(table):
        for name, contract in list_contracts().items():
            if column in contract.column_names:
                yield name, column
