"""The tables of other places: current published figures, medians of neighbours, and the neighbours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from cf_pipeline.comparators.neighbours import neighbour_medians, statistical_neighbours
from cf_pipeline.comparators.releases import select_current
from cf_pipeline.contracts.authorities import authorities

if TYPE_CHECKING:
    from cf_pipeline.kpi.definitions.registry import Kpi


def fact_comparator(
    comparators: pd.DataFrame,
    registry: Mapping[str, Kpi],
    authority_codes: Sequence[str],
    neighbours: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The rows of `fact_comparator`: the series that belong to a KPI, and the medians of neighbours.

    A series has its KPI's note on how the national definition differs. A series with such a note is
    comparable only when a KPI names it as its published series.

    Args:
        comparators: as `combine_releases` returns them.
        registry: the KPIs by id.
        authority_codes: the authorities whose neighbours are wanted.
        neighbours: those in use (`combine_neighbours`); None for those that ship.
    """
    compared = {kpi.comparator_series for kpi in registry.values() if kpi.comparator_series}
    rows = select_current(comparators[comparators["kpi_id"].isin([*compared, *registry])])
    medians = neighbour_medians(rows, authority_codes, neighbours)
    notes = {
        kpi.comparator_series or kpi.id: kpi.comparator_note
        for kpi in registry.values()
        if kpi.comparator_note
    }
    with_notes = rows.assign(note=rows["kpi_id"].map(notes).astype("str"))
    found = pd.concat([with_notes, medians], ignore_index=True)
    return found.assign(is_comparable=~found["kpi_id"].isin([name for name in notes if name not in compared]))


def dim_neighbour(authority_codes: Sequence[str], neighbours: pd.DataFrame | None = None) -> pd.DataFrame:
    """The rows of `dim_neighbour`: the neighbours of these authorities, by rank."""
    names = {authority.authority_code: authority.name for authority in authorities().values()}
    rows = statistical_neighbours() if neighbours is None else neighbours
    rows = rows[rows["authority_code"].isin(list(authority_codes))]
    return rows.assign(neighbour=rows["neighbour_code"].map(names).astype("str"))
