"""Every table of `published_v1` in frames: what a publication of these authorities holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from cf_pipeline.forecast.targets import Target
from cf_pipeline.warehouse.assemble import AuthorityFigures, Publication, authority_tables, common_tables
from cf_pipeline.warehouse.tables.schemas import PUBLISHED


def published_tables(
    authorities: Sequence[AuthorityFigures],
    registry: Mapping[str, Any],
    comparators: pd.DataFrame,
    publication: Publication,
    neighbours: pd.DataFrame | None = None,
    targets: Sequence[Target] = (),
) -> dict[str, pd.DataFrame]:
    """The tables of these authorities and those of all of them together, each sorted by its key."""
    parts = [authority_tables(figures, registry) for figures in authorities]
    tables = {
        name: contract.concat([part[name] for part in parts if name in part])
        for name, contract in PUBLISHED.contracts.items()
    }

    def distinct(names: Sequence[str], columns: Sequence[str]) -> pd.DataFrame:
        rows = pd.concat([tables[name][list(columns)] for name in names])
        return rows.drop_duplicates().sort_values(list(columns), ignore_index=True)

    common = common_tables(distinct, registry, comparators, publication, neighbours, targets)
    both = pd.concat([tables["dim_authority"], common["dim_authority"]])
    in_order = both.sort_values("authority_code", ignore_index=True)
    return tables | common | {"dim_authority": PUBLISHED.contracts["dim_authority"].cast(in_order)}
