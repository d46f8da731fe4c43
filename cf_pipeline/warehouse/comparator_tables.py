"""Published figures as they are published again: those in use, the neighbours' medians, what differs."""

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
    comparators: pd.DataFrame, registry: Mapping[str, Kpi], authority_codes: Sequence[str]
) -> pd.DataFrame:
    """The rows of `fact_comparator`: the series that belong to a KPI, and their neighbours' medians.

    A series carries the note of its KPI on how the definition differs; it is not comparable when no KPI names
    it as its published series all the same.

    Args:
        comparators: as `combine_releases` returns them.
        registry: the KPIs by id.
        authority_codes: whose neighbours.
    """
    compared = {kpi.comparator_series for kpi in registry.values() if kpi.comparator_series}
    rows = select_current(comparators[comparators["kpi_id"].isin([*compared, *registry])])
    medians = neighbour_medians(rows, authority_codes)
    differs = {
        kpi.comparator_series or kpi.id: kpi.comparator_note
        for kpi in registry.values()
        if kpi.comparator_note
    }
    noted = rows.assign(note=rows["kpi_id"].map(differs).astype("str"))
    both = pd.concat([noted, medians], ignore_index=True)
    return both.assign(is_comparable=~both["kpi_id"].isin([name for name in differs if name not in compared]))


def dim_neighbour(authority_codes: Sequence[str]) -> pd.DataFrame:
    """The rows of `dim_neighbour`: the neighbours of these authorities, by rank."""
    names = {each.authority_code: each.name for each in authorities().values()}
    rows = statistical_neighbours()
    rows = rows[rows["authority_code"].isin(list(authority_codes))]
    return rows.assign(neighbour=rows["neighbour_code"].map(names).astype("str"))
