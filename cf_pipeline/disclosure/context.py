"""One authority's publication and what surrounds it: what suppression and attack both start from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from cf_pipeline.disclosure.cells import RowCounts, true_counts
from cf_pipeline.disclosure.equations import PublishedElsewhere, State, build_system
from cf_pipeline.disclosure.policy import AudiencePolicy
from cf_pipeline.disclosure.protection import Surroundings, approved_sides, surroundings
from cf_pipeline.disclosure.releases import Release, department_figures, release_states
from cf_pipeline.disclosure.sides import CountSides, count_sides
from cf_pipeline.disclosure.system import Cell, System
from cf_pipeline.kpi.definitions.registry import Kpi

QUARTERLY, COMPARATORS = "fact_kpi_quarterly", "fact_comparator"


@dataclass(frozen=True)
class Context:
    """The unsuppressed figures of one authority, the policy, the registry, and what others publish.

    `quarterly` are the rows of the audience's breakdowns, `counts` their true counts by cell, `own_names` the
    cells whose KPIs do not agree on one number. `others` are the states behind other releases, `elsewhere`
    the department's figures.
    """

    quarterly: pd.DataFrame
    audience: AudiencePolicy
    registry: Mapping[str, Kpi]
    sides: CountSides
    counts: Mapping[Cell, int]
    own_names: frozenset[Cell]
    others: tuple[State, ...]
    elsewhere: PublishedElsewhere


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
    sides = count_sides(registry)
    everything = tables[QUARTERLY]
    quarterly = everything[everything["breakdown"].isin(audience.breakdowns)]
    counts, own_names = true_counts(quarterly, sides)
    elsewhere = PublishedElsewhere()
    if COMPARATORS in tables:
        comparators = tables[COMPARATORS]
        own = comparators[comparators["authority_code"].isin(quarterly["authority_code"].unique())]
        elsewhere = department_figures(own, registry, sides, counts)
    others = tuple(release_states(releases, sides, audience.symbol, own_names))
    return Context(quarterly, audience, registry, sides, counts, own_names, others, elsewhere)


def build_case(context: Context, publication: RowCounts, exempt: Collection[Cell] = ()) -> Case:
    """The system of a publication's counts.

    Args:
        context: its surroundings.
        publication: the counts of its rows; cells without a true count (`context.counts`) are left out.
        exempt: cells that are as good as public without it.
    """
    states = [State("", publication, context.counts), *context.others]
    system, numbers = build_system(states, context.sides, context.elsewhere)
    around = surroundings(
        states, numbers, context.elsewhere, context.sides, approved_sides(context.audience, context.sides)
    )
    granted = {system.numbers[cell] for cell in exempt if cell in system.numbers}
    around = replace(around, approved=around.approved | granted)
    current = {cell: numbers[0][cell] for cell in dict.fromkeys(publication.cell) if cell in numbers[0]}
    return Case(system, current, around)
