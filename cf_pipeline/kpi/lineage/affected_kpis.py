"""KPIs affected by an issue: those that read the list and column in which it was found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

import pandas as pd

from cf_pipeline.contracts.list_contract import DEMOGRAPHICS
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.tables.core_tables import core_columns, lists_of, needed_columns
from cf_pipeline.history.tables.derived_columns import DAYS_BEFORE
from cf_pipeline.kpi.definitions.check_record import STANDARD_BREAKDOWNS
from cf_pipeline.kpi.definitions.registry import Kpi, load_registry
from cf_pipeline.kpi.definitions.sides import AT_END, PERSON, Side

CODES_UNREAD = "codes_unread"
"""Rule of a coded column most of whose wordings fit no code (docs/rulings.md#22)."""
DELIVERED_AS = {"birth_date": "date_of_birth"}
"""The delivered column from which a column of a core table comes."""
PERSON_COLUMNS = frozenset(DEMOGRAPHICS)
"""Columns that core/person supplies for a list that lacks them."""


def kpis_that_read(list_name: str, column: str | None = None) -> tuple[str, ...]:
    """Ids of the KPIs that read a column of a list, in the registry's order.

    Without a column, or with the list's column of child ids: every KPI that reads the list.
    """
    columns_by_kpi = _columns_by_kpi()
    if not column or column == list_contracts()[list_name].person:
        return tuple(
            kpi_id
            for kpi_id, columns in columns_by_kpi.items()
            if any(column_list == list_name for column_list, _ in columns)
        )
    return tuple(kpi_id for kpi_id, columns in columns_by_kpi.items() if (list_name, column) in columns)


def add_kpis(issues: pd.DataFrame) -> pd.DataFrame:
    """Fill `kpis` of the issues: ids joined by ';', looked up once for each list and column."""
    places = pd.DataFrame({name: issues[name].fillna("") for name in ("list", "column")})
    rows = [
        (list_name, column, ";".join(kpis_that_read(list_name, column)))
        for list_name, column in places.drop_duplicates().itertuples(index=False)
        if list_name in list_contracts()
    ]
    kpis_by_place = pd.DataFrame(rows, columns=["list", "column", "kpis"], dtype="str")
    found = places.merge(kpis_by_place, on=["list", "column"], how="left")["kpis"].fillna("").astype("str")
    return issues.assign(kpis=found.set_axis(issues.index))


def drop_unneeded_codes(issues: pd.DataFrame) -> pd.DataFrame:
    """The issues without `codes_unread` of columns that no KPI reads: no figure is lost by them.

    Their wordings stay as warnings (`code_unmatched`).

    Args:
        issues: with `kpis`, as `add_kpis` returns them.
    """
    is_unneeded = issues["rule"].eq(CODES_UNREAD) & issues["kpis"].fillna("").eq("")
    return issues[~is_unneeded].reset_index(drop=True)


@cache
def _columns_by_kpi() -> dict[str, frozenset[tuple[str, str]]]:
    """For each KPI the delivered columns that it reads, as pairs of list and column."""
    return {kpi.id: frozenset(_columns(kpi)) for kpi in load_registry().values()}


def _columns(kpi: Kpi) -> Iterator[tuple[str, str]]:
    for side in sides_of(kpi, load_registry()):
        breakdowns = [STANDARD_BREAKDOWNS.get(name, name) for name in kpi.breakdowns]
        for column in (*side.columns, *breakdowns):
            yield from _delivered_columns(side.table, column)
        for column in kpi.band.columns if kpi.band is not None else ():
            yield from _delivered_columns(side.table, column)


def sides_of(kpi: Kpi, registry: Mapping[str, Kpi]) -> Iterator[Side]:
    """The sides of a KPI and, one after the other, every side that they refer to."""
    pending = [side for side in (kpi.numerator, kpi.denominator) if side is not None]
    while pending:
        side = pending.pop()
        yield side
        pending += [further for further in (side.base, side.fallback, *side.union) if further is not None]
        if side.within is not None:
            pending.append(registry[side.within].numerator)


@cache
def _delivered_columns(table: str, column: str) -> frozenset[tuple[str, str]]:
    """The delivered columns from which a column of a core table is made, as pairs of list and column.

    A column about the child that the table lacks is made from every list that has it.
    """
    column = column.removeprefix(AT_END).removeprefix(PERSON)
    column = DELIVERED_AS.get(column, column)
    columns = {(name, "") for name in lists_of(table)}
    for need in (need for group in needed_columns(table, column) for need in group):
        needed_list, _, name = need.partition(".")
        columns.add((needed_list, "" if name.startswith(DAYS_BEFORE) else name))
    if column in PERSON_COLUMNS and column not in core_columns(table):
        contracts = list_contracts().items()
        columns.update((name, column) for name, contract in contracts if column in contract.column_names)
    return frozenset(columns)
