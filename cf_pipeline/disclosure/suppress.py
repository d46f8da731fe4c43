"""Suppress one authority's figures for one audience: what is shown, and a symbol where a count is hidden.

Belongs here: primary and secondary suppression of a publication, and the small-authority rule. Does not
belong here: the attack that tests the result (`attack`), writing it anywhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from cf_pipeline.disclosure.cells import ALL, TOTAL, Block, RowCounts, audience_rows, read_counts
from cf_pipeline.disclosure.computed_tables import computed_rows, first_hidden_quarters
from cf_pipeline.disclosure.context import QUARTERLY, Case, Context, build_case, build_context
from cf_pipeline.disclosure.display import display_rows
from cf_pipeline.disclosure.equations import REST
from cf_pipeline.disclosure.policy import AudiencePolicy
from cf_pipeline.disclosure.protection import (
    category_groups,
    empty_wholes,
    positive_cells,
    protection_goal,
    range_sides,
    small_rests,
)
from cf_pipeline.disclosure.releases import Release, bases_of_the_year
from cf_pipeline.disclosure.secondary import Search, UnprotectableError, Worth
from cf_pipeline.disclosure.system import Cell, Knowledge
from cf_pipeline.kpi.definitions.registry import Kpi

CATEGORIES, YEAR = "dim_category", "year"
YEAR_NOTE = "The 12-month figure is shown, as too many of the latest quarters would be hidden."


@dataclass(frozen=True)
class Suppression:
    """What an audience is shown of one authority.

    `tables` are the tables of `published_v1`'s shape that it sees. `year_kpis` are shown by the 12-month
    figure, `withheld` lists the KPIs and breakdowns that could not be shown safely. `small_cells` and
    `further_cells` say how many counts are hidden for their own size and to protect others: for whoever runs
    the suppression, never for its readers.
    """

    tables: Mapping[str, pd.DataFrame]
    year_kpis: tuple[str, ...] = ()
    withheld: tuple[Block, ...] = ()
    small_cells: int = 0
    further_cells: int = 0


@dataclass
class _Choice:
    """What is decided before cells are hidden; it grows where hiding cells is not enough."""

    year_kpis: set[str] = field(default_factory=set)
    withheld: set[Block] = field(default_factory=set)
    lost: set[Cell] = field(default_factory=set)


@dataclass(frozen=True)
class _HiddenRows:
    """Rows with symbols in them, and how many counts are hidden for their size and to protect others."""

    rows: pd.DataFrame
    small_cells: int
    further_cells: int


def suppress_figures(
    tables: Mapping[str, pd.DataFrame],
    audience: AudiencePolicy,
    registry: Mapping[str, Kpi],
    releases: Sequence[Release] = (),
) -> Suppression:
    """What an audience is shown of one authority's tables of published_v1.

    Args:
        tables: the tables by name, their facts of that authority alone; fact_comparator as it is.
        audience: the policy in force.
        registry: the KPIs by id.
        releases: what anybody can read beside it: earlier releases, oldest first, and for the public the
            committee's publications of today and before.

    Returns:
        The tables that the audience sees, with nothing that tells why a cell is hidden. A threshold of 0
        hides nothing: the tables are those given.
    """
    if audience.threshold == 0:
        return Suppression(dict(tables))
    context = build_context(tables, audience, registry, releases)
    bases = bases_of_the_year(releases, audience.name, context.quarterly)
    choice = _Choice({kpi_id for kpi_id, basis in bases.items() if basis == YEAR})
    # What small counts alone hide is enough to tell most of them, before the costly search for further cells.
    choice.year_kpis |= _kpis_mostly_hidden(_rows_without_small(context, choice), audience) - bases.keys()
    hidden = _hide_cells(context, choice)
    while more := _kpis_mostly_hidden(hidden.rows, audience) - choice.year_kpis - bases.keys():
        choice.year_kpis |= more
        hidden = _hide_cells(context, choice)
    return Suppression(
        _tables_to_show(tables, _note_years(hidden.rows, choice.year_kpis), audience),
        tuple(sorted(choice.year_kpis)),
        tuple(sorted(choice.withheld)),
        hidden.small_cells,
        hidden.further_cells,
    )


def _rows_without_small(context: Context, choice: _Choice) -> pd.DataFrame:
    """The rows of the audience with their small counts hidden, and nothing that would give them away."""
    audience = context.audience
    rows = audience_rows(context.quarterly, audience, choice.year_kpis, choice.withheld)
    published = read_counts(rows, context.sides, "")
    case = build_case(context, published, choice.lost)
    small, parts = _primary_cells(case, audience)
    cells = {cell for cell, number in case.current.items() if number in small | parts}
    return display_rows(rows, published, cells, audience, context.registry)


def _hide_cells(context: Context, choice: _Choice) -> _HiddenRows:
    """The rows of the audience with what must be hidden in them, without what cannot be protected."""
    audience = context.audience
    while True:
        rows = audience_rows(context.quarterly, audience, choice.year_kpis, choice.withheld)
        published = read_counts(rows, context.sides, "")
        case = build_case(context, published, choice.lost)
        small, parts = _primary_cells(case, audience)
        try:
            hidden = _search(context, case, small, parts, _worth(case, rows, published)).protect()
        except UnprotectableError as error:
            for number in error.numbers:
                _withhold(context, choice, case, number, rows)
            continue
        cells = {cell for cell, number in case.current.items() if number in hidden}
        shown = display_rows(rows, published, cells, audience, context.registry)
        primary = hidden & (small | parts)
        return _HiddenRows(shown, len(primary), len(hidden - primary))


def _primary_cells(case: Case, audience: AudiencePolicy) -> tuple[set[int], set[int]]:
    """The counts hidden for their size, and the parts that leave a small rest of a whole that is shown."""
    current = set(case.current.values())
    small = {
        number
        for number in current
        if 1 <= case.system.counts[number] <= audience.threshold and number not in case.around.approved
    }
    parts = {
        part
        for part, whole in small_rests(case.system, case.around, audience.threshold).values()
        if part in current and part not in case.around.exempt and whole not in small
    }
    return small, parts - small


def _search(
    context: Context, case: Case, small: set[int], parts: set[int], worth: dict[int, Worth]
) -> Search:
    numbers = range(len(case.system.cells))
    current, around, hidden = frozenset(case.current.values()), case.around, small | parts
    is_known = [number in around.known or (number in current and number not in hidden) for number in numbers]
    shown = {cell: case.system.counts[number] for cell, number in case.current.items()}
    empty = empty_wholes(case.current, shown, context.sides)
    groups = category_groups(case.current, empty)
    for number in {*small, *empty, *empty.values()}:
        worth.pop(number, None)
    positive = around.positive_before | positive_cells(groups, hidden)
    lowest = [int(number in positive) for number in numbers]
    names = range_sides(context.audience, context.registry, context.sides)
    goal = protection_goal(case.system, around, hidden, context.audience, names)
    return Search(
        case.system,
        Knowledge(is_known, lowest),
        goal,
        worth,
        groups,
        hidden,
        around.positive_before,
        sorted(parts),
        around.exempt,
    )


def _worth(case: Case, rows: pd.DataFrame, row_counts: RowCounts) -> dict[int, Worth]:
    """What showing each cell that may be hidden is worth.

    Zeros are dearest, as they are promised to be shown; then totals, the latest quarter, cells in many rows,
    and large counts.
    """
    latest = rows["quarter_key"].max()
    uses = Counter(row_counts.cell)
    worth: dict[int, Worth] = {}
    for cell, number in case.current.items():
        if number in case.around.exempt:
            continue
        count = case.system.counts[number]
        is_total = (cell.breakdown, cell.category) == (TOTAL, ALL)
        worth[number] = (count == 0, is_total, cell.period.endswith(latest), uses[cell], count)
    return worth


def _withhold(context: Context, choice: _Choice, case: Case, number: int, rows: pd.DataFrame) -> None:
    """Withhold the KPIs' breakdown of a cell that cannot be protected.

    A cell that others' publications alone give away is exempt instead.
    """
    cell = case.system.cells[number]
    if context.is_exposed_by_others(cell):
        choice.lost.add(cell)
        return
    near = {cell.side.removeprefix(REST).split(" in ")[0]}
    blocks = _blocks_of(context, rows, near, cell.breakdown)
    if not blocks:
        places = case.system.relations_of[number]
        terms = [term for place in places for term in case.system.relations[place].terms]
        near = {case.system.cells[other].side for other, _ in terms}
        blocks = _blocks_of(context, rows, near, cell.breakdown)
    if not blocks:
        choice.lost.add(cell)
    choice.withheld |= blocks


def _blocks_of(context: Context, rows: pd.DataFrame, names: Collection[str], breakdown: str) -> set[Block]:
    kpis = {kpi_id for (kpi_id, _), name in context.sides.names.items() if name in names}
    if breakdown == TOTAL:
        kpis -= context.audience.approved_kpis
    here = rows[rows["kpi_id"].isin(kpis) & rows["breakdown"].eq(breakdown)]
    return set(zip(here["kpi_id"], here["breakdown"], strict=True))


def _kpis_mostly_hidden(rows: pd.DataFrame, audience: AudiencePolicy) -> set[str]:
    """The KPIs of which more than the policy's share of the latest quarters' totals is hidden."""
    totals = rows[rows["breakdown"].eq(TOTAL) & rows["basis"].eq("quarter")]
    quarters = sorted(totals["quarter_key"].unique())[-audience.small_authority_quarters :]
    latest = totals[totals["quarter_key"].isin(quarters) & ~totals["symbol"].isin(["x", "u"])]
    share = latest["symbol"].eq(audience.symbol).fillna(False).groupby(latest["kpi_id"]).mean()
    return set(share.index[share > audience.small_authority_share])


def _note_years(rows: pd.DataFrame, year_kpis: Collection[str]) -> pd.DataFrame:
    if "note" not in rows or not year_kpis:
        return rows
    notes = rows["note"].astype(object)
    notes = notes.where(notes.notna(), "").str.cat([YEAR_NOTE] * len(rows), sep=" ").str.strip()
    return rows.assign(note=rows["note"].astype(object).mask(rows["kpi_id"].isin(list(year_kpis)), notes))


def _tables_to_show(
    tables: Mapping[str, pd.DataFrame], rows: pd.DataFrame, audience: AudiencePolicy
) -> dict[str, pd.DataFrame]:
    first_hidden = first_hidden_quarters(rows, audience)
    shown = {name: tables[name] for name in audience.plain_tables if name in tables}
    if CATEGORIES in tables:
        shown[CATEGORIES] = tables[CATEGORIES][tables[CATEGORIES]["breakdown"].isin(audience.breakdowns)]
    for name in audience.computed_tables:
        if name in tables:
            shown[name] = computed_rows(name, tables[name], first_hidden, audience)
    return shown | {QUARTERLY: rows}
