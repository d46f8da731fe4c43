"""The tables of a release as the warehouse stores them.

What is worked out from figures is worked out again from those that are shown: last year's value, and the hash
of the figures, from which a hidden count could be found by trying.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from cf_pipeline.disclosure.policy import AudiencePolicy
from cf_pipeline.disclosure.suppress import Suppression
from cf_pipeline.warehouse.conform import conform
from cf_pipeline.warehouse.dimensions.fact_columns import values_last_year
from cf_pipeline.warehouse.figures_hash import combine_hashes, figures_hash
from cf_pipeline.warehouse.load import LoadedRows
from cf_pipeline.warehouse.tables.schemas import RELEASED_DIMENSIONS, RELEASED_FACTS, Schema

QUARTERLY, CATEGORIES, AUTHORITIES = "fact_kpi_quarterly", "dim_category", "dim_authority"


@dataclass(frozen=True)
class ReleaseFacts:
    """What a release is: to whom, its number and time (UTC), and what its figures are from.

    `authority` is its row of `dim_authority`, `publication` that of its figures.
    """

    audience: str
    number: int
    released_at: dt.datetime
    authority: pd.DataFrame
    publication: pd.DataFrame


def authority_rows(
    schema: Schema, release: ReleaseFacts, suppression: Suppression, policy: AudiencePolicy
) -> dict[str, pd.DataFrame]:
    """The rows of one authority, by table of the schema.

    Raises:
        WarehouseError: a frame breaks its contract; the message names table and column.
    """
    code = release.authority["authority_code"].item()
    frames = {name: suppression.tables[name] for name in RELEASED_FACTS}
    figures = frames[QUARTERLY]
    # Why a figure is not known is written for staff.
    reasons = figures["reason"].where(figures["symbol"].eq(policy.symbol).fillna(False))
    frames[QUARTERLY] = figures.assign(value_last_year=values_last_year(figures), reason=reasons)
    facts = {name: _conform(schema, name, frame) for name, frame in frames.items()}
    row = {
        "authority_code": code,
        "audience": release.audience,
        "release_no": release.number,
        "released_at": pd.Timestamp(release.released_at).tz_localize(None),
        "figures_version": release.publication["version"].item(),
        "policy_hash": policy.policy_hash,
        "threshold_count": policy.threshold,
        "goal": policy.goal,
        "symbol": policy.symbol,
        "basis": policy.basis,
        "note": policy.note or None,
    }
    approvals = [
        {
            "authority_code": code,
            "kpi_id": each.kpi,
            "reason": each.reason,
            "approved_by": each.approved_by,
            "approved_on": each.approved_on,
        }
        for each in policy.approvals
    ]
    withheld = [
        {"authority_code": code, "kpi_id": kpi_id, "breakdown": breakdown}
        for kpi_id, breakdown in suppression.withheld
    ]
    own = {"release": [row], "release_approval": approvals, "release_withheld": withheld}
    tables = {
        name: _conform(schema, name, schema.contracts[name].frame(found)) for name, found in own.items()
    }
    authority = release.authority.assign(figures_hash=figures_hash(facts))
    return {AUTHORITIES: _conform(schema, AUTHORITIES, authority)} | facts | tables


def common_tables(
    schema: Schema,
    rows: LoadedRows,
    dimensions: Mapping[str, pd.DataFrame],
    publication: pd.DataFrame,
) -> dict[str, pd.DataFrame]:
    """The tables of all authorities: dimensions as they are published, with the categories that are shown.

    Args:
        schema: which schema.
        rows: those of every authority.
        dimensions: the tables of `published_v1`.
        publication: the row of `publication`; its hash is worked out from the figures that are shown.
    """
    shown = rows.distinct([AUTHORITIES], ["authority_code", "slug", "figures_hash"])
    used = rows.distinct([QUARTERLY, "fact_kpi_forecast"], ["category_key"])["category_key"]
    tables = {name: dimensions[name] for name in RELEASED_DIMENSIONS}
    tables[CATEGORIES] = tables[CATEGORIES][tables[CATEGORIES]["category_key"].isin(used)]
    places = dimensions[AUTHORITIES]
    tables[AUTHORITIES] = places[~places["authority_code"].isin(shown["authority_code"])].assign(
        has_figures=False, figures_hash=None
    )
    others = {name: frame for name, frame in tables.items() if name.startswith("fact_")}
    hashes = dict(zip(shown["authority_code"], shown["figures_hash"], strict=True))
    tables["publication"] = publication.assign(
        figures_hash=combine_hashes(hashes, figures_hash(others)),
        authorities=";".join(shown["slug"].sort_values()),
    )
    return {name: _conform(schema, name, frame) for name, frame in tables.items()}


def _conform(schema: Schema, name: str, frame: pd.DataFrame) -> pd.DataFrame:
    contract = schema.contracts[name]
    return conform(contract, frame[contract.column_names])
