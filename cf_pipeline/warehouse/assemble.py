"""Assembles the tables of `published_v1` and `restricted` from the frames of every authority.

Belongs here: joining frames, and the names and counts beside the figures. Does not belong here: measuring.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import pandas as pd

from cf_pipeline.contracts.authorities import authorities as known_authorities
from cf_pipeline.contracts.authorities import region_of
from cf_pipeline.contracts.dates.quarters import Quarter, latest_complete_quarter
from cf_pipeline.contracts.tables import TableContract
from cf_pipeline.kpi.definitions.category_sets import band_code_set
from cf_pipeline.warehouse.categories import dim_category
from cf_pipeline.warehouse.comparator_tables import dim_neighbour, fact_comparator
from cf_pipeline.warehouse.conform import conform
from cf_pipeline.warehouse.delivery_tables import data_quality, deliveries
from cf_pipeline.warehouse.earlier_figures import EarlierFigures
from cf_pipeline.warehouse.figures_hash import figures_hash
from cf_pipeline.warehouse.tables.schemas import PUBLISHED, RESTRICTED

if TYPE_CHECKING:
    from cf_pipeline.kpi.definitions.registry import Kpi

NO_EARLIER_FIGURES: Mapping[str, EarlierFigures] = MappingProxyType({})


@dataclass(frozen=True)
class AuthorityFigures:
    """The tables of one authority in the lake, and the run that made its figures."""

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
    """One publication: number, run, time (UTC), the hash of its inputs and the version of the software."""

    version: int
    run_id: str
    published_at: dt.datetime
    inputs_hash: str
    product_version: str


def assemble_published(
    authorities: Mapping[str, AuthorityFigures],
    registry: Mapping[str, Kpi],
    comparators: pd.DataFrame,
    publication: Publication,
    neighbours: pd.DataFrame | None = None,
    earlier: Mapping[str, EarlierFigures] = NO_EARLIER_FIGURES,
) -> dict[str, pd.DataFrame]:
    """Every table of `published_v1`, ready to publish.

    Args:
        authorities: what the lake holds, by slug.
        registry: the KPIs by id, in the order to show them.
        comparators: the table `reference/comparators`; only series of these KPIs are kept.
        publication: number, run, time and versions of the publication.
        neighbours: the table `reference/neighbours`; None for the neighbours that ship.
        earlier: by slug, what stays published of authorities that have no new figures.

    Raises:
        WarehouseError: a frame breaks its contract; the message names table and column.
    """
    published: dict[str, AuthorityFigures | EarlierFigures] = {**authorities, **earlier}
    codes = [published[slug].authority_code for slug in sorted(published)]
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in PUBLISHED.contracts}
    for slug in sorted(published):
        for name, rows in _authority_tables(published[slug]).items():
            parts[name].append(rows)
    parts["fact_comparator"] = [fact_comparator(comparators, registry, codes, neighbours)]
    parts["dim_neighbour"] = [dim_neighbour(codes, neighbours)]
    parts["dim_kpi"] = [_dim_kpi(registry)]
    tables = {name: _concat_rows(PUBLISHED.contracts[name], frames) for name, frames in parts.items()}
    later = {
        "dim_quarter": _dim_quarter(tables),
        "dim_category": dim_category(_used_categories(tables), registry),
        "publication": pd.DataFrame([asdict(publication)]).assign(
            figures_hash=figures_hash(tables), authorities=";".join(sorted(published))
        ),
    }
    return tables | {name: _concat_rows(PUBLISHED.contracts[name], [rows]) for name, rows in later.items()}


def assemble_restricted(
    members: Mapping[str, pd.DataFrame],
    people: Mapping[str, pd.DataFrame],
    authorities: Mapping[str, AuthorityFigures],
    publication: Publication,
    earlier: Mapping[str, EarlierFigures] = NO_EARLIER_FIGURES,
) -> dict[str, pd.DataFrame]:
    """Every table of `restricted`, ready to publish: the records behind the totals, and whose they are.

    Args:
        members: the table `kpi/members` by slug.
        people: the table `core/person` by slug.
        authorities: the authorities that are published, by slug.
        publication: the publication whose totals count these records.
        earlier: by slug, what stays published of authorities that have no new figures.

    Raises:
        WarehouseError: a frame breaks its contract; the message names table and column.
    """
    codes = {slug: authorities[slug].authority_code for slug in sorted(authorities)}
    pseudonyms = {slug: people[slug][["person_ref", "child_id"]].dropna() for slug in codes}
    parts = {
        "kpi_member": [members[slug].assign(authority_code=code) for slug, code in codes.items()],
        "person": [pseudonyms[slug].assign(authority_code=code) for slug, code in codes.items()],
        "publication": [pd.DataFrame([asdict(publication)])],
    }
    for slug in sorted(earlier):
        for name, rows in earlier[slug].records.items():
            parts[name].append(rows)
    return {name: _concat_rows(RESTRICTED.contracts[name], frames) for name, frames in parts.items()}


def _concat_rows(contract: TableContract, frames: list[pd.DataFrame]) -> pd.DataFrame:
    """The rows of one table, each frame checked against the contract; columns that only the lake has go."""
    names = contract.column_names
    parts = [conform(contract, frame[[name for name in names if name in frame.columns]]) for frame in frames]
    return conform(contract, pd.concat(parts, ignore_index=True)) if parts else contract.empty()


def _authority_tables(figures: AuthorityFigures | EarlierFigures) -> dict[str, pd.DataFrame]:
    """The rows of one authority, by table of `published_v1`."""
    if isinstance(figures, EarlierFigures):
        return figures.published
    code, run_id = figures.authority_code, figures.run_id
    return {
        "dim_authority": _dim_authority(figures),
        "fact_kpi_quarterly": figures.kpi_quarterly.assign(run_id=run_id),
        "fact_kpi_comparison": figures.kpi_comparison,
        "fact_kpi_forecast": figures.kpi_forecast.assign(run_id=run_id),
        "fact_forecast_record": figures.forecast_record,
        "fact_control_limit": figures.control_limits,
        "fact_headline": figures.headlines,
        "kpi_revision": figures.kpi_revision.assign(authority_code=code),
        "delivery": deliveries(code, figures.manifest, figures.deliveries, figures.row_ledger),
        "data_quality": data_quality(code, figures.issues, figures.manifest),
    }


def _dim_authority(figures: AuthorityFigures) -> pd.DataFrame:
    facts = figures.kpi_quarterly
    as_at = None if facts["as_at"].isna().all() else facts["as_at"].max()
    authority = known_authorities().get(figures.slug)
    region = region_of(authority) if authority else None
    return pd.DataFrame(
        {
            "authority_code": [figures.authority_code],
            "slug": [figures.slug],
            "name": [figures.name],
            "kind": [authority.kind if authority else "local_authority"],
            "dfe_code": pd.Series([authority.dfe_code if authority else None], dtype="str"),
            "region_code": pd.Series([region.authority_code if region else None], dtype="str"),
            "region_name": pd.Series([region.name if region else None], dtype="str"),
            "latest_as_at": pd.Series([as_at], dtype="datetime64[us]"),
            "latest_quarter_key": pd.Series([_latest_quarter(facts, as_at)], dtype=object),
        }
    )


def _latest_quarter(facts: pd.DataFrame, as_at: pd.Timestamp | None) -> str | None:
    """The newest quarter with figures that had ended by the as-at date; else the newest with figures."""
    if as_at is None:
        return None
    measured = {Quarter.parse(key) for key in facts["quarter_key"].unique()}
    ended = [quarter for quarter in measured if quarter <= latest_complete_quarter(as_at.date())]
    return max(ended or measured).key


def _dim_quarter(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    names = ("fact_kpi_quarterly", "fact_kpi_comparison", "fact_headline")
    keys = pd.concat([tables[name]["quarter_key"] for name in names]).unique()
    quarters = [Quarter.parse(key) for key in sorted(keys)]
    return pd.DataFrame(
        {
            "quarter_key": [quarter.key for quarter in quarters],
            "fiscal_year": [quarter.fiscal_year for quarter in quarters],
            "quarter_no": [quarter.number for quarter in quarters],
            "start_date": pd.to_datetime([quarter.start for quarter in quarters]),
            "end_date": pd.to_datetime([quarter.end for quarter in quarters]),
        }
    )


def _dim_kpi(registry: Mapping[str, Kpi]) -> pd.DataFrame:
    filled = ("area", "title", "measure_class", "kind", "unit", "polarity", "decimals")
    texts = (
        *("numerator_text", "denominator_text", "threshold", "legal_source"),
        *("comparator_note", "comparator_series"),
    )
    kpis = list(registry.values())
    columns: dict[str, object] = {"kpi_id": [kpi.id for kpi in kpis]}
    columns |= {name: [getattr(kpi, name) for kpi in kpis] for name in filled}
    columns |= {name: pd.Series([getattr(kpi, name) or None for kpi in kpis], dtype="str") for name in texts}
    sets = pd.Series([band_code_set(kpi) for kpi in kpis], dtype="str")
    return pd.DataFrame(columns | {"position": range(1, len(kpis) + 1), "band_code_set": sets})


def _used_categories(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Each KPI, breakdown and category that a figure or forecast has."""
    key = ["kpi_id", "breakdown", "category"]
    facts = [tables[name][key] for name in ("fact_kpi_quarterly", "fact_kpi_forecast")]
    return pd.concat(facts).drop_duplicates()
