"""Each cell that is hidden to protect others is needed: shown again, the gate stops the publication."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd
import pytest

from cf_pipeline.disclosure.attack import attack_publication
from cf_pipeline.disclosure.cells import audience_rows, read_counts
from cf_pipeline.disclosure.context import build_context
from cf_pipeline.disclosure.display import display_rows
from cf_pipeline.disclosure.policy import DisclosureError
from cf_pipeline.disclosure.releases import Release
from cf_pipeline.disclosure.suppress import suppress_figures
from cf_pipeline.kpi.definitions.registry import Kpi
from tests.second_opinion.random_publications import KPIS, POLICIES, TABLE, add_child
from tests.support.disclosure_figures import LINKED, linked_figures, public, random_children, registry

TRIES = 50
SENSITIVE = registry(*LINKED, is_sensitive=True)
Shown = tuple[Mapping[str, pd.DataFrame], tuple]
"""A publication with a cell shown again, and what else the gate is given."""


def with_a_cell_shown_again(seed: int, kpis: Mapping[str, Kpi], is_second: bool) -> Iterator[Shown]:
    """The publications of a random table in which one cell more is shown, as it would have been shown.

    The cell is hidden although its count is no small one: its own, or what it leaves of a whole, is protected
    by it. A zero is hidden with its whole breakdown only, and is shown again alone as well.
    """
    children, releases = random_children(seed), []
    audience = public(**POLICIES[seed % len(POLICIES)])
    if is_second:
        before = linked_figures(children)
        releases = [Release("first", suppress_figures(before, audience, kpis).tables[TABLE], before[TABLE])]
        children = add_child(children, seed)
    tables = linked_figures(children)
    result = suppress_figures(tables, audience, kpis, releases)
    context = build_context(tables, audience, kpis, releases)
    rows = audience_rows(tables[TABLE], audience, result.year_kpis, result.withheld)
    counts = read_counts(rows, context.sides, "")
    hidden = read_counts(result.tables[TABLE], context.sides, audience.symbol).hidden_cells
    for cell in sorted(hidden):
        if not 1 <= context.counts[cell] <= audience.threshold:
            shown = display_rows(rows, counts, hidden - {cell}, audience, kpis)
            yield {**result.tables, TABLE: shown}, (tables, audience, kpis, releases)


@pytest.mark.parametrize(
    ("kpis", "is_second"),
    [(KPIS, False), (SENSITIVE, False), (KPIS, True)],
    ids=["not exact", "full range", "second release"],
)
def test_a_publication_with_one_further_cell_shown_again_is_stopped(
    kpis: Mapping[str, Kpi], is_second: bool
) -> None:
    tries = 0
    for seed in range(60):
        for publication, others in with_a_cell_shown_again(seed, kpis, is_second):
            with pytest.raises(DisclosureError, match=r"can be worked out|A zero is hidden beside"):
                attack_publication(publication, *others)
            tries += 1
            if tries == TRIES:
                return
    raise AssertionError(f"only {tries} further cells in 60 tables")
