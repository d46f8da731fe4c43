"""The frames of every authority put together as the tables of `published_v1`.

Here: adding up, naming and counting of what other layers worked out. Not here: working out a figure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from cf_pipeline.contracts.authorities import authorities as known_authorities
from cf_pipeline.contracts.quarters import Quarter, latest_complete_quarter
from cf_pipeline.warehouse.categories import dim_category
from cf_pipeline.warehouse.comparator_tables import dim_neighbour, fact_comparator
from cf_pipeline.warehouse.conform import conform
from cf_pipeline.warehouse.delivery_tables import data_quality, deliveries
from cf_pipeline.warehouse.figures_hash import figures_hash
from cf_pipeline.warehouse.tables.schemas import PUBLISHED, RESTRICTED, Schema

if TYPE_CHECKING:
    from cf_pipeline.kpi.definitions.registry import Kpi


@dataclass(frozen=True)
class AuthorityFigures:
    """What the lake holds of one authority: its figures, what it delivered, and the run they are from."""

    authority_code: str
    slug: str
    name: str
    run_id: str
    kpi_quarterly: pd.DataFrame
    kpi_forecast: pd.DataFrame
    forecast_record: pd.DataFrame
    control_limits: pd.DataFrame
    kpi_comparison: pd.DataFrame
    headlines: pd.DataFrame
    kpi_revision: pd.DataFrame
    deliveries: pd.DataFrame
    manifest: pd.DataFrame
    row_ledger: pd.DataFrame
    issues: pd.DataFrame


@dataclass(frozen=True)
class Publication:
    """One publication: its number, run, moment (UTC), the inputs' hash and the software's version."""

    version: int
    run_id: str
    published_at: dt.datetime
    inputs_hash: str
    product_version: str


def assemble(
    authorities: Mapping[str, AuthorityFigures],
    registry: Mapping[str, Kpi],
    comparators: pd.DataFrame,
    publication: Publication,
) -> dict[str, pd.DataFrame]:
    """Every table of `published_v1`, ready to publish.

    Args:
        authorities: what the lake holds, by slug.
        registry: the KPIs by id, in the order to show them.
        comparators: published figures (`compare.comparators`); only series of these KPIs are kept.
        publication: what to write about this publication.

    Raises:
        WarehouseError: a frame breaks the contract; the message names table and column.
    """
    of = [authorities[slug] for slug in sorted(authorities)]
    codes = [each.authority_code for each in of]
    tables = {
        "fact_kpi_quarterly": _gathered(
            "fact_kpi_quarterly", [each.kpi_quarterly.assign(run_id=each.run_id) for each in of]
        ),
        "fact_kpi_comparison": _gathered("fact_kpi_comparison", [each.kpi_comparison for each in of]),
        "fact_kpi_forecast": _gathered(
            "fact_kpi_forecast", [each.kpi_forecast.assign(run_id=each.run_id) for each in of]
        ),
        "fact_forecast_record": _gathered("fact_forecast_record", [each.forecast_record for each in of]),
        "fact_control_limit": _gathered("fact_control_limit", [each.control_limits for each in of]),
        "fact_headline": _gathered("fact_headline", [each.headlines for each in of]),
        "kpi_revision": _gathered(
            "kpi_revision",
            [each.kpi_revision.assign(authority_code=each.authority_code) for each in of],
        ),
        "fact_comparator": _gathered("fact_comparator", [fact_comparator(comparators, registry, codes)]),
        "dim_neighbour": _gathered("dim_neighbour", [dim_neighbour(codes)]),
        "dim_authority": _gathered("dim_authority", [_dim_authority(each) for each in of]),
        "dim_kpi": _gathered("dim_kpi", [_dim_kpi(registry)]),
        "delivery": _gathered(
            "delivery",
            [deliveries(each.authority_code, each.manifest, each.deliveries, each.row_ledger) for each in of],
        ),
        "data_quality": _gathered(
            "data_quality", [data_quality(each.authority_code, each.issues, each.manifest) for each in of]
        ),
    }
    tables["dim_quarter"] = _dim_quarter(tables)
    tables["dim_category"] = _gathered("dim_category", [dim_category(_splits(tables))])
    tables["publication"] = _publication(publication, figures_hash(tables), sorted(authorities))
    return tables


def _gathered(name: str, frames: list[pd.DataFrame], schema: Schema = PUBLISHED) -> pd.DataFrame:
    """Frames of one table, each held against the contract; columns the lake keeps for itself are left."""
    contract = schema.contracts[name]
    columns = contract.column_names
    kept = [frame[[column for column in columns if column in frame.columns]] for frame in frames]
    if not kept:
        kept = [pd.DataFrame(columns=columns, dtype=object)]
    return conform(contract, pd.concat([conform(contract, frame) for frame in kept], ignore_index=True))


def assemble_restricted(
    members: Mapping[str, pd.DataFrame],
    people: Mapping[str, pd.DataFrame],
    authorities: Mapping[str, AuthorityFigures],
    publication: Publication,
) -> dict[str, pd.DataFrame]:
    """Every table of `restricted`, ready to publish: the records behind the totals, and whose they are.

    Args:
        members: counted records (`kpi.membership.MEMBERS`) by slug.
        people: `core/person` by slug.
        authorities: the authorities that are published, by slug.
        publication: the publication these records are behind.

    Raises:
        WarehouseError: a frame breaks the contract; the message names table and column.
    """
    codes = {slug: authorities[slug].authority_code for slug in sorted(authorities)}
    known = {slug: people[slug][["person_ref", "child_id"]].dropna() for slug in codes}
    said = {
        "version": [publication.version],
        "run_id": [publication.run_id],
        "published_at": [publication.published_at],
    }
    frames = {
        "kpi_member": [members[slug].assign(authority_code=code) for slug, code in codes.items()],
        "person": [known[slug].assign(authority_code=code) for slug, code in codes.items()],
        "publication": [pd.DataFrame(said)],
    }
    return {name: _gathered(name, parts, RESTRICTED) for name, parts in frames.items()}


def _dim_authority(figures: AuthorityFigures) -> pd.DataFrame:
    facts = figures.kpi_quarterly
    as_at = None if facts["as_at"].isna().all() else facts["as_at"].max()
    kind = known_authorities().get(figures.slug)
    return pd.DataFrame(
        {
            "authority_code": [figures.authority_code],
            "slug": [figures.slug],
            "name": [figures.name],
            "kind": [kind.kind if kind else "local_authority"],
            "latest_as_at": pd.Series([as_at], dtype="datetime64[us]"),
            "latest_quarter_key": pd.Series([_latest_quarter(facts, as_at)], dtype=object),
        }
    )


def _latest_quarter(facts: pd.DataFrame, as_at: pd.Timestamp | None) -> str | None:
    """The newest quarter with figures that had ended by the as-at date; else the newest with figures."""
    if as_at is None:
        return None
    seen = {Quarter.parse(key) for key in facts["quarter_key"].unique()}
    ended = [quarter for quarter in seen if quarter <= latest_complete_quarter(as_at.date())]
    return max(ended or seen).key


def _dim_quarter(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    names = ("fact_kpi_quarterly", "fact_kpi_comparison", "fact_headline")
    keys = pd.concat([tables[name]["quarter_key"] for name in names]).unique()
    quarters = [Quarter.parse(key) for key in sorted(keys)]
    frame = pd.DataFrame(
        {
            "quarter_key": [quarter.key for quarter in quarters],
            "fiscal_year": [quarter.fiscal_year for quarter in quarters],
            "quarter_no": [quarter.number for quarter in quarters],
            "start_date": pd.to_datetime([quarter.start for quarter in quarters]),
            "end_date": pd.to_datetime([quarter.end for quarter in quarters]),
        }
    )
    return _gathered("dim_quarter", [frame])


def _dim_kpi(registry: Mapping[str, Kpi]) -> pd.DataFrame:
    same = ("area", "title", "measure_class", "kind", "unit", "polarity", "decimals")
    texts = (
        *("numerator_text", "denominator_text", "threshold", "legal_source"),
        *("comparator_note", "comparator_series"),
    )
    kpis = list(registry.values())
    columns: dict[str, object] = {"kpi_id": [kpi.id for kpi in kpis]}
    columns |= {name: [getattr(kpi, name) for kpi in kpis] for name in same}
    columns |= {name: pd.Series([getattr(kpi, name) or None for kpi in kpis], dtype="str") for name in texts}
    return pd.DataFrame(columns | {"position": range(1, len(kpis) + 1)})


def _splits(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    facts = [tables[name][["breakdown", "category"]] for name in ("fact_kpi_quarterly", "fact_kpi_forecast")]
    return pd.concat(facts).drop_duplicates()


def _publication(publication: Publication, hash_: str, slugs: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "version": [publication.version],
            "run_id": [publication.run_id],
            "published_at": [publication.published_at],
            "inputs_hash": [publication.inputs_hash],
            "figures_hash": [hash_],
            "product_version": [publication.product_version],
            "authorities": [";".join(slugs)],
        }
    )
    return _gathered("publication", [frame])
