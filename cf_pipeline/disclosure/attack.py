"""The gate: attack what is to be published, and stop the publication when a hidden count can be worked out.

It reads the published tables and knows nothing of how they were made. It writes the equations anew from the
definitions, from other releases and from the department's figures, and tries to solve them: linear algebra
first, then integer programs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from cf_pipeline.disclosure.cells import ALL, TOTAL, RowCounts, read_counts
from cf_pipeline.disclosure.computed_tables import computed_rows, first_hidden_quarters
from cf_pipeline.disclosure.context import COMPARATORS, QUARTERLY, Case, Context, build_case, build_context
from cf_pipeline.disclosure.equations import REST
from cf_pipeline.disclosure.exposure import Goal, exposed_cells
from cf_pipeline.disclosure.policy import AudiencePolicy, DisclosureError
from cf_pipeline.disclosure.protection import (
    approved_sides,
    category_groups,
    empty_wholes,
    positive_cells,
    protection_goal,
    range_sides,
)
from cf_pipeline.disclosure.releases import Release
from cf_pipeline.disclosure.system import Cell, Knowledge
from cf_pipeline.kpi.definitions.registry import Kpi

CATEGORIES = "dim_category"
NOTHING_PUBLISHED = "nothing is published"


@dataclass(frozen=True)
class AttackRecord:
    """A publication that withstood the attack: how many counts are in it, how many are hidden."""

    inputs_hash: str
    policy_hash: str
    cells: int
    hidden_cells: int


@dataclass(frozen=True)
class Recovery:
    """A hidden count that can be worked out, by name and never by number."""

    kpi_id: str
    period: str
    breakdown: str
    category: str

    def __str__(self) -> str:
        """The place in words."""
        return f"{self.kpi_id}, {self.period}, {self.breakdown} {self.category}"


def attack_publication(
    publication: Mapping[str, pd.DataFrame],
    tables: Mapping[str, pd.DataFrame],
    audience: AudiencePolicy,
    registry: Mapping[str, Kpi],
    releases: Sequence[Release] = (),
) -> AttackRecord:
    """Attack one authority's publication for one audience.

    Args:
        publication: the tables as written, read back; none of them may be of another authority.
        tables: the unsuppressed tables they come from: they tell which equations hold.
        audience: the policy in force.
        registry: the KPIs by id.
        releases: what anybody can read beside it, as `suppress_figures` takes it.

    Returns:
        A record with the hash of everything that was attacked: the same hash needs no second attack.

    Raises:
        DisclosureError: something is shown that the policy hides, or a hidden count can be worked out; the
            sentence names KPI, period and category, and no number. Nothing may be published.
    """
    record_hash = attack_inputs_hash(publication, tables, audience, releases)
    if audience.threshold == 0:
        return AttackRecord(record_hash, audience.policy_hash, 0, 0)
    context = build_context(tables, audience, registry, releases)
    rows = publication[QUARTERLY]
    counts = read_counts(rows, context.sides, audience.symbol)
    for check in (
        _tables_of_others(publication, audience),
        _small_counts(context, counts),
        _false_counts(context, counts),
        _zeros_beside_shown(context, counts),
        _values_beside_symbols(rows, audience, registry),
        _computed_from_hidden(publication, rows, audience),
    ):
        for problem in check:
            raise DisclosureError(f"{problem}; {NOTHING_PUBLISHED}.")
    found = recover_counts(context, counts)
    if found:
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        raise DisclosureError(
            f"A hidden count can be worked out from what {audience.name} would read: {found[0]}{more}; "
            f"{NOTHING_PUBLISHED}."
        )
    return AttackRecord(record_hash, audience.policy_hash, len(set(counts.cell)), len(counts.hidden_cells))


def recover_counts(context: Context, counts: RowCounts) -> list[Recovery]:
    """The hidden counts of a publication that can be worked out, in a fixed order.

    Where the goal is the full range also those that can be narrowed inside it.
    """
    case = build_case(context, counts)
    shown, around = counts.counts, case.around
    numbers = range(len(case.system.cells))
    known = around.known | {number for cell, number in case.current.items() if cell in shown}
    is_known = [number in known for number in numbers]
    hidden = {case.current[cell] for cell in counts.hidden_cells if cell in case.current}
    empty = empty_wholes(case.current, shown, context.sides)
    positive = around.positive_before | positive_cells(category_groups(case.current, empty), hidden)
    lowest = [int(number in positive) for number in numbers]
    names = range_sides(context.audience, context.registry, context.sides)
    goal = protection_goal(case.system, around, hidden, context.audience, names)
    every_hidden = Goal(goal.exact | (hidden - known), goal.range_cells, goal.highest)
    exposed = exposed_cells(
        case.system, Knowledge(is_known, lowest), every_hidden, sorted(every_hidden.exact)
    )
    kpis = _kpi_names(context)
    return [
        _recovery(case, number, kpis)
        for number in exposed
        if not context.is_exposed_by_others(case.system.cells[number])
    ]


def attack_inputs_hash(
    publication: Mapping[str, pd.DataFrame],
    tables: Mapping[str, pd.DataFrame],
    audience: AudiencePolicy,
    releases: Sequence[Release] = (),
) -> str:
    """SHA-256 of everything that decides an attack: the rows, the policy, the other releases.

    The order of rows does not change it, nor which run wrote them.
    """
    words = [audience.policy_hash]
    words += [f"{name} {_rows_hash(table)}" for name, table in sorted(publication.items())]
    words += [
        f"true {name} {_rows_hash(tables[name])}" for name in (QUARTERLY, COMPARATORS) if name in tables
    ]
    for release in releases:
        words.append(f"{release.name} {_rows_hash(release.published)} {_rows_hash(release.figures)}")
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


def _rows_hash(table: pd.DataFrame) -> str:
    columns = sorted(set(table.columns) - {"run_id"})
    lines = sorted(table[columns].to_csv(index=False, header=False).splitlines())
    return hashlib.sha256("\n".join([",".join(columns), *lines]).encode()).hexdigest()


def _tables_of_others(publication: Mapping[str, pd.DataFrame], audience: AudiencePolicy) -> Iterator[str]:
    allowed = {QUARTERLY, CATEGORIES, "publication", *audience.plain_tables, *audience.computed_tables}
    for name in sorted(set(publication) - allowed):
        if len(publication[name]):
            yield f"The policy of {audience.name} does not show the table {name}"


def _small_counts(context: Context, counts: RowCounts) -> Iterator[str]:
    """Counts of 1 to the threshold that nobody approved."""
    approved = approved_sides(context.audience, context.sides)
    kpis = _kpi_names(context)
    for cell, count in sorted(counts.counts.items()):
        is_approved = cell.side in approved and (cell.breakdown, cell.category) == (TOTAL, ALL)
        if 1 <= count <= context.audience.threshold and not is_approved:
            yield f"A small count is shown to {context.audience.name}: {_words(cell, kpis)}"


def _false_counts(context: Context, counts: RowCounts) -> Iterator[str]:
    kpis = _kpi_names(context)
    for cell, count in sorted(counts.counts.items()):
        if context.counts.get(cell) != count:
            yield f"A count shown to {context.audience.name} is not the figure itself: {_words(cell, kpis)}"


def _zeros_beside_shown(context: Context, counts: RowCounts) -> Iterator[str]:
    """Hidden zeros of a breakdown that is shown in part: a symbol there says 1 or more."""
    numbers = {cell: number for number, cell in enumerate(dict.fromkeys(counts.cell))}
    groups = category_groups(numbers, empty_wholes(numbers, counts.counts, context.sides))
    positive = positive_cells(groups, {numbers[cell] for cell in counts.hidden_cells})
    kpis = _kpi_names(context)
    for cell in sorted(counts.hidden_cells):
        if numbers[cell] in positive and context.counts.get(cell) == 0:
            yield f"A zero is hidden beside what {context.audience.name} is shown: {_words(cell, kpis)}"


def _values_beside_symbols(
    rows: pd.DataFrame, audience: AudiencePolicy, registry: Mapping[str, Kpi]
) -> Iterator[str]:
    """Rows with a symbol and a value, and averages beside a hidden category of their breakdown."""
    is_marked = rows["symbol"].eq(audience.symbol).fillna(False)
    beside = rows[is_marked & rows["value"].notna()]
    for place in beside[["kpi_id", "quarter_key", "breakdown", "category"]].astype(str).to_numpy():
        yield f"A value stands beside its symbol: {Recovery(*place)}"
    averages = [kpi_id for kpi_id, kpi in registry.items() if kpi.kind == "average"]
    categories = rows[rows["kpi_id"].isin(averages) & rows["breakdown"].ne(TOTAL)]
    for key, group in categories.groupby(["kpi_id", "basis", "quarter_key", "breakdown"], sort=True):
        if is_marked[group.index].any() and group["value"].notna().any():
            yield f"An average is shown beside a hidden one of its breakdown: {key[0]}, {key[2]}, {key[3]}"


def _computed_from_hidden(
    publication: Mapping[str, pd.DataFrame], rows: pd.DataFrame, audience: AudiencePolicy
) -> Iterator[str]:
    first_hidden = first_hidden_quarters(rows, audience)
    for name in audience.computed_tables:
        table = publication.get(name)
        if table is not None and len(computed_rows(name, table, first_hidden, audience)) < len(table):
            yield f"The table {name} has rows that were computed from hidden totals"


def _kpi_names(context: Context) -> dict[str, str]:
    """For each count the first KPI that shows it."""
    names: dict[str, str] = {}
    for (kpi_id, _), name in context.sides.names.items():
        names.setdefault(name, kpi_id)
    return names


def _words(cell: Cell, kpis: Mapping[str, str]) -> Recovery:
    name = cell.side.removeprefix(REST).split(" in ")[0]
    return Recovery(kpis.get(name, name.split(" ")[0]), cell.period, cell.breakdown, cell.category)


def _recovery(case: Case, number: int, kpis: Mapping[str, str]) -> Recovery:
    return _words(case.system.cells[number], kpis)
