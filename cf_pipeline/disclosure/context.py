"""One authority's publication and what surrounds it: what suppression and attack both start from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from cf_pipeline.disclosure.cells import RowCounts, agreeing_sides, read_counts
from cf_pipeline.disclosure.equations import PublishedElsewhere, State, build_system
from cf_pipeline.disclosure.policy import AudiencePolicy
from cf_pipeline.disclosure.protection import Surroundings, approved_sides, is_exposed_by_others, surroundings
from cf_pipeline.disclosure.releases import Release, department_figures, release_states
from cf_pipeline.disclosure.sides import CountSides
from cf_pipeline.disclosure.system import Cell, System
from cf_pipeline.kpi.definitions.registry import Kpi

QUARTERLY, COMPARATORS = "fact_kpi_quarterly", "fact_comparator"


@dataclass(frozen=True)
class Context:
    """The unsuppressed figures of one authority, the policy, the registry, and what others publish.

    `quarterly` are the rows of the audience's breakdowns, `counts` their true counts by cell. `others`
    are the states behind other releases, `elsewhere` the department's figures and the population.
    """

    quarterly: pd.DataFrame
    audience: AudiencePolicy
    registry: Mapping[str, Kpi]
    sides: CountSides
    counts: Mapping[Cell, int]
    others: tuple[State, ...]
    elsewhere: PublishedElsewhere

    def is_exposed_by_others(self, cell: Cell) -> bool:
        """Whether a cell can be worked out from what others publish, whatever is published here."""
        return is_exposed_by_others(*self._others_alone, cell)

    @cached_property
    def _others_alone(self) -> tuple[System, frozenset[int]]:
        """The system of what others publish, and the numbers of its known cells."""
        states = [State("", RowCounts((), (), (), ()), self.counts), *self.others]
        system, numbers = build_system(states, self.sides, self.elsewhere)
        return system, surroundings(states, numbers, self.elsewhere, self.sides, ()).known


@dataclass(frozen=True)
class Case:
    """A publication as a system of equations. `current` gives the number of each cell in its rows."""

    system: System
    current: Mapping[Cell, int]
    around: Surroundings


def build_context(
    tables: Mapping[str, pd.DataFrame],
    audience: AudiencePolicy,
    registry: Mapping[str, Kpi],
    releases: Sequence[Release] = (),
) -> Context:
    """The context of one authority's tables of published_v1 (see `suppress_figures`)."""
    everything = tables[QUARTERLY]
    quarterly = everything[everything["breakdown"].isin(audience.breakdowns)]
    sides = agreeing_sides([quarterly, *(release.figures for release in releases)], registry)
    counts = read_counts(quarterly, sides, "").counts
    elsewhere = PublishedElsewhere()
    if COMPARATORS in tables:
        comparators = tables[COMPARATORS]
        own = comparators[comparators["authority_code"].isin(quarterly["authority_code"].unique())]
        elsewhere = department_figures(own, registry, sides, counts)
    population = {cell for cell in counts if cell.side in sides.population}
    elsewhere = replace(elsewhere, cells=elsewhere.cells | population)
    others = tuple(release_states(releases, sides, audience.symbol))
    return Context(quarterly, audience, registry, sides, counts, others, elsewhere)


def build_case(context: Context, publication: RowCounts, lost_cells: Collection[Cell] = ()) -> Case:
    """The system of a publication's counts.

    Args:
        context: its surroundings.
        publication: the counts of its rows; cells without a true count (`context.counts`) are left out.
        lost_cells: cells that others' publications give away, whatever this one shows.
    """
    states = [State("", publication, context.counts), *context.others]
    system, numbers = build_system(states, context.sides, context.elsewhere)
    around = surroundings(
        states, numbers, context.elsewhere, context.sides, approved_sides(context.audience, context.sides)
    )
    around = replace(
        around, lost=frozenset(system.numbers[cell] for cell in lost_cells if cell in system.numbers)
    )
    current = {cell: numbers[0][cell] for cell in dict.fromkeys(publication.cell) if cell in numbers[0]}
    return Case(system, current, around)
