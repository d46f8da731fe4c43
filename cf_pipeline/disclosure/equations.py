"""The relations between the counts of a publication, as anyone who knows the definitions writes them down.

A relation counts where today's figures satisfy it: what is false by the data (a category nobody recorded, a
list that does not cover a quarter) misleads an attacker and tells him nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cf_pipeline.disclosure.cells import ALL, TOTAL, RowCounts
from cf_pipeline.disclosure.sides import CountSides
from cf_pipeline.disclosure.system import Cell, Relation, System

Terms = list[tuple[Cell, int]]
Draft = tuple[Terms, int | None, int | None]
REST = "rest of "


@dataclass(frozen=True)
class State:
    """One state of the figures and what was published of it: today's, or an earlier release's.

    `name` is empty for today's figures. `published` are the counts in what was published, `counts` every true
    count of that state.
    """

    name: str
    published: RowCounts
    counts: Mapping[Cell, int]


@dataclass(frozen=True)
class RatioFact:
    """A rounded ratio somebody published: value = scale x numerator / denominator, to some decimals."""

    numerator: Cell
    denominator: Cell
    scale: int
    steps: int
    decimals: int


@dataclass(frozen=True)
class PublishedElsewhere:
    """What other publishers show of today's figures: counts, and rounded ratios."""

    cells: frozenset[Cell] = frozenset()
    ratios: tuple[RatioFact, ...] = ()


@dataclass
class _Builder:
    """Cells and relations gathered from several states; a revised figure is a cell of its own."""

    counts: dict[Cell, int] = field(default_factory=dict)
    variants: dict[Cell, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    drafts: set[tuple[tuple[tuple[Cell, int], ...], int | None, int | None]] = field(default_factory=set)

    def cell_of(self, state: State, cell: Cell, count: int) -> Cell:
        """The cell in the state: today's where the figure was not revised since."""
        release = self.variants[cell].setdefault(count, state.name)
        found = cell._replace(release=release)
        self.counts[found] = count
        return found

    def add(self, terms: Terms, lower: int | None, upper: int | None) -> None:
        """Keep a relation that its true counts satisfy."""
        total = sum(factor * self.counts[cell] for cell, factor in terms)
        if (lower is None or total >= lower) and (upper is None or total <= upper):
            self.drafts.add((tuple(sorted(terms)), lower, upper))


def build_system(
    states: Sequence[State], sides: CountSides, elsewhere: PublishedElsewhere = PublishedElsewhere()
) -> tuple[System, list[dict[Cell, int]]]:
    """The cells and relations of some states of one authority's figures, today's first.

    Returns:
        The system, in an order that the order of rows does not change, and for each state the number of each
        of its cells.
    """
    builder = _Builder()
    for cell, count in states[0].counts.items():
        builder.variants[cell][count] = ""
    cells_by_state: list[dict[Cell, Cell]] = []
    for place, state in enumerate(states):
        present = _cells_known_in(state, states)
        if place == 0:
            present |= elsewhere.cells | {
                cell for fact in elsewhere.ratios for cell in (fact.numerator, fact.denominator)
            }
        same = [before for before in range(place) if state.counts.items() <= states[before].counts.items()]
        # The relations of figures that are part of another state's are among those of that state.
        cells_by_state.append(
            cells_by_state[same[0]]
            if same
            else _add_state(builder, state, present & state.counts.keys(), sides)
        )
    for fact in elsewhere.ratios:
        for draft in ratio_drafts(fact):
            builder.add(*draft)
    cells = tuple(sorted(builder.counts))
    numbers = {cell: number for number, cell in enumerate(cells)}
    relations = tuple(
        Relation(tuple((numbers[cell], factor) for cell, factor in terms), lower, upper)
        for terms, lower, upper in sorted(builder.drafts, key=str)
    )
    system = System(cells, tuple(builder.counts[cell] for cell in cells), relations)
    return system, [{cell: numbers[found] for cell, found in of_state.items()} for of_state in cells_by_state]


def _cells_known_in(state: State, states: Sequence[State]) -> set[Cell]:
    """The cells that any state's publication has and whose figure in this state is the same.

    A relation may link what one release shows with what another does: its quarters with today's year.
    """
    return {
        cell
        for other in states
        for cell in other.published.cell
        if cell in state.counts and other.counts.get(cell) == state.counts[cell]
    }


def _add_state(builder: _Builder, state: State, present: set[Cell], sides: CountSides) -> dict[Cell, Cell]:
    found = {cell: builder.cell_of(state, cell, state.counts[cell]) for cell in sorted(present)}
    totals = {cell._replace(breakdown=TOTAL, category=ALL) for cell in present}
    unpublished = (totals | _other_quarters(present, sides.stocks)) & state.counts.keys()
    for cell in sorted(unpublished - present):
        found[cell] = builder.cell_of(state, cell, state.counts[cell])
    drafts = [*_sums(found, state.counts), *_times(found, sides.additive, sides.stocks)]
    for terms, lower, upper in drafts:
        builder.add([(found[cell], factor) for cell, factor in terms], lower, upper)
    by_side: dict[str, list[Cell]] = defaultdict(list)
    for cell in found:
        by_side[cell.side].append(cell)
    for part in sides.parts:
        for cell in by_side.get(part.part, ()):
            whole = cell._replace(side=part.whole)
            if whole not in found or state.counts[whole] < state.counts[cell]:
                continue
            if part.is_rest_sensitive:
                rest = cell._replace(side=f"{REST}{part.part} in {part.whole}")
                rest_cell = builder.cell_of(state, rest, state.counts[whole] - state.counts[cell])
                found[rest] = rest_cell
                builder.add([(found[cell], 1), (rest_cell, 1), (found[whole], -1)], 0, 0)
            else:
                builder.add([(found[whole], 1), (found[cell], -1)], 0, None)
    return found


def _sums(present: Collection[Cell], counts: Mapping[Cell, int]) -> Iterator[Draft]:
    """Categories and their total: equal where they add up, else at most the total."""
    groups: dict[Cell, list[Cell]] = defaultdict(list)
    for cell in present:
        if cell.breakdown != TOTAL:
            groups[cell._replace(category="")].append(cell)
    for group, cells in groups.items():
        total = group._replace(breakdown=TOTAL, category=ALL)
        if total not in present:
            continue
        terms = [(total, 1), *((cell, -1) for cell in cells)]
        adds_up = counts[total] == sum(counts[cell] for cell in cells)
        yield terms, 0, 0 if adds_up else None


def _other_quarters(present: Collection[Cell], stocks: frozenset[str]) -> set[Cell]:
    """The quarters of each year to date of which some are published: what they leave of it is the others."""
    found = set[Cell]()
    for cell in present:
        if cell.period.startswith("ytd") and cell.side not in stocks:
            quarters = _quarters_of(cell)
            if any(other in present for other in quarters):
                found.update(quarters)
    return found


def _quarters_of(cell: Cell) -> list[Cell]:
    """The quarters of a year to date."""
    _, fiscal_year, quarter = cell.period.split(" ")
    numbers = range(1, int(quarter[1:]) + 1)
    return [cell._replace(period=f"quarter {fiscal_year} Q{number}") for number in numbers]


def _times(present: Collection[Cell], additive: frozenset[str], stocks: frozenset[str]) -> Iterator[Draft]:
    """Quarters and the year to date: equal where they add up; else the sum is the most it can be."""
    for cell in present:
        basis, fiscal_year, quarter = cell.period.split(" ")
        if basis != "ytd" or cell.side in stocks:
            continue
        through, quarters = int(quarter[1:]), _quarters_of(cell)
        there = [other for other in quarters if other in present]
        before = cell._replace(period=f"ytd {fiscal_year} Q{through - 1}")
        is_whole = len(there) == len(quarters)
        if is_whole or (there and cell.side in additive):
            terms = [(cell, 1), *((other, -1) for other in there)]
            yield terms, 0 if cell.side in additive else None, 0 if is_whole else None
        if cell.side in additive:
            if before in present and quarters[-1] in present and through > 1:
                yield [(cell, 1), (before, -1), (quarters[-1], -1)], 0, 0
        elif cell.breakdown == TOTAL:
            for other in (*there, *([before] if before in present else [])):
                yield [(cell, 1), (other, -1)], 0, None


def ratio_drafts(fact: RatioFact) -> Iterator[Draft]:
    """The ratio is at most half a step from what is published: two inequalities, times the denominator.

    The upper bound counts as reached: a publisher may round half down or to even.
    """
    width = 2 * fact.scale * 10**fact.decimals
    yield [(fact.numerator, width), (fact.denominator, 1 - 2 * fact.steps)], 0, None
    yield [(fact.numerator, -width), (fact.denominator, 1 + 2 * fact.steps)], 0, None
