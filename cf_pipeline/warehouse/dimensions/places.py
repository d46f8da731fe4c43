"""The places of `dim_authority` that have no figures of their own here: regions, the country, neighbours."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from cf_pipeline.comparators.neighbours import NEIGHBOURS_SUFFIX
from cf_pipeline.contracts.authorities import Authority, authorities
from cf_pipeline.contracts.tables import table_contract

DIM_AUTHORITY = table_contract("published_v1/dim_authority")
MEDIAN_KIND = "neighbours"


def other_places(codes: Iterable[str], own_codes: Iterable[str]) -> pd.DataFrame:
    """The rows of `dim_authority` of other places: those of these codes that have no figures here.

    Args:
        codes: places with published figures, medians of neighbours (with -N) among them, and neighbours.
        own_codes: the authorities that have figures.
    """
    by_code = {place.authority_code: place for place in authorities().values()}
    regions = {place.authority_code: place.name for place in authorities().values()}
    places = [_place(code, by_code) for code in sorted(set(codes) - set(own_codes))]
    rows = [
        {
            "authority_code": place.authority_code,
            "slug": place.slug,
            "name": place.name,
            "kind": place.kind,
            "dfe_code": place.dfe_code or None,
            "region_code": place.region_code or None,
            "region_name": regions.get(place.region_code),
            "has_figures": False,
        }
        for place in places
    ]
    return DIM_AUTHORITY.cast(pd.DataFrame(rows).reindex(columns=DIM_AUTHORITY.column_names))


def _place(code: str, by_code: dict[str, Authority]) -> Authority:
    """The place of a code; one that the list of authorities does not have is named by its code."""
    if code.endswith(NEIGHBOURS_SUFFIX):
        own = _place(code.removesuffix(NEIGHBOURS_SUFFIX), by_code)
        name = f"Statistical neighbours of {own.name} (median)"
        return Authority(f"{own.slug}-neighbours", name, code, own.region_code, MEDIAN_KIND)
    return by_code.get(code) or Authority(code.lower(), code, code, "", "local_authority")
