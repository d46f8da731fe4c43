"""Assembles the rows of one authority, and the tables of all of them, for `published_v1` and `restricted`.

Belongs here: joining frames, and the names and counts beside the figures. Does not belong here: measuring.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import pandas as pd

from cf_pipeline.contracts.authorities import authorities as known_authorities
from cf_pipeline.contracts.authorities import region_of
from cf_pipeline.contracts.dates.quarters import Quarter, latest_complete_quarter
from cf_pipeline.forecast.targets import Target
from cf_pipeline.warehouse.comparator_tables import dim_neighbour, fact_comparator
from cf_pipeline.warehouse.conform import conform
from cf_pipeline.warehouse.delivery_tables import data_quality, deliveries
from cf_pipeline.warehouse.dialects import AUTHORITY
from cf_pipeline.warehouse.dimensions.categories import dim_category
from cf_pipeline.warehouse.dimensions.fact_columns import WITH_CATEGORIES, add_fact_columns
from cf_pipeline.warehouse.dimensions.kpis import dim_kpi
from cf_pipeline.warehouse.dimensions.periods import dim_date, dim_quarter
from cf_pipeline.warehouse.dimensions.places import other_places
from cf_pipeline.warehouse.facts import fact_kpi_monthly, fact_target
from cf_pipeline.warehouse.figures_hash import combine_hashes, figures_hash
from cf_pipeline.warehouse.tables.schemas import PUBLISHED, RESTRICTED, Schema

if TYPE_CHECKING:
    from cf_pipeline.kpi.definitions.registry import Kpi

Distinct = Callable[[Sequence[str], Sequence[str]], pd.DataFrame]
"""Tables and columns -> each combination of texts in these columns of these tables, once, in order."""
_WITH_QUARTERS = ("fact_kpi_quarterly", "fact_kpi_comparison", "fact_headline", "kpi_revision")


@dataclass(frozen=True)
class AuthorityFigures:
    """The tables of one authority in the lake, and the run that made its figures."""

    authority_code: str
    slug: str
    name: str
    run_id: str
    kpi_quarterly: pd.DataFrame
    kpi_monthly: pd.DataFrame
    kpi_by_team: pd.DataFrame
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


def authority_tables(figures: AuthorityFigures, registry: Mapping[str, Kpi]) -> dict[str, pd.DataFrame]:
    """The rows of one authority, by table of `published_v1`.

    Args:
        figures: its tables in the lake.
        registry: the KPIs by id.

    Raises:
        WarehouseError: a frame breaks its contract; the message names table and column.
    """
    code, run_id = figures.authority_code, figures.run_id
    facts = {
        "fact_kpi_quarterly": _assign(figures.kpi_quarterly, "run_id", run_id),
        "fact_kpi_monthly": fact_kpi_monthly(figures.kpi_monthly, registry),
        "fact_kpi_by_team": figures.kpi_by_team,
        "fact_kpi_comparison": figures.kpi_comparison,
        "fact_kpi_forecast": _assign(figures.kpi_forecast, "run_id", run_id),
        "fact_forecast_record": figures.forecast_record,
        "fact_control_limit": figures.control_limits,
        "fact_headline": figures.headlines,
        "kpi_revision": _assign(figures.kpi_revision, AUTHORITY, code),
        "delivery": deliveries(code, figures.manifest, figures.deliveries, figures.row_ledger),
        "data_quality": data_quality(code, figures.issues, figures.manifest),
    }
    tables = _conform_rows(PUBLISHED, add_fact_columns(facts, registry))
    dim_authority = _dim_authority(figures).assign(figures_hash=figures_hash(tables))
    return tables | _conform_rows(PUBLISHED, {"dim_authority": dim_authority})


def authority_records(
    authority_code: str, people: pd.DataFrame, records: Mapping[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """The rows of one authority, by table of `restricted`: records, whose they are, and today's lists.

    Args:
        authority_code: GSS code.
        people: the table `core/person`.
        records: every other table by its name in `restricted`; columns that only the lake has go.

    Raises:
        WarehouseError: a frame breaks its contract; the message names table and column.
    """
    pseudonyms = people[["person_ref", "child_id"]].dropna()
    tables = {**records, "person": pseudonyms}
    return _conform_rows(
        RESTRICTED, {name: _assign(rows, AUTHORITY, authority_code) for name, rows in tables.items()}
    )


def common_tables(
    distinct: Distinct,
    registry: Mapping[str, Kpi],
    comparators: pd.DataFrame,
    publication: Publication,
    neighbours: pd.DataFrame | None = None,
    targets: Sequence[Target] = (),
) -> dict[str, pd.DataFrame]:
    """The tables of `published_v1` that are of all authorities together.

    Its rows of `dim_authority` are those of places without figures here.

    Args:
        distinct: the values in the rows of every authority, of tables and columns given by name.
        registry: the KPIs by id, in the order to show them.
        comparators: the table `reference/comparators`; only series of these KPIs are kept.
        publication: number, run, time and versions of the publication.
        neighbours: the table `reference/neighbours`; None for the neighbours that ship.
        targets: the council's.

    Raises:
        WarehouseError: a frame breaks its contract; the message names table and column.
    """
    authorities = distinct(
        ["dim_authority"], ["authority_code", "slug", "figures_hash", "latest_quarter_key"]
    )
    in_order = authorities.sort_values("slug")
    codes = in_order["authority_code"].tolist()
    quarters = distinct(_WITH_QUARTERS, ["quarter_key"])["quarter_key"].tolist()
    categories = distinct(WITH_CATEGORIES, ["kpi_id", "breakdown", "category"])
    dimensions = {
        "dim_kpi": dim_kpi(registry, categories["kpi_id"]),
        "dim_quarter": dim_quarter(quarters, in_order["latest_quarter_key"].dropna().max()),
        "dim_date": dim_date(quarters),
        "dim_category": dim_category(categories, registry),
        "dim_neighbour": dim_neighbour(codes, neighbours),
    }
    first_day = min((Quarter.parse(key).start for key in quarters), default=dt.date.max)
    facts = {
        "fact_comparator": fact_comparator(comparators, registry, codes, neighbours),
        "fact_target": fact_target(targets, codes, list(registry), first_day),
    }
    places = {*facts["fact_comparator"]["authority_code"], *dimensions["dim_neighbour"]["neighbour_code"]}
    dimensions["dim_authority"] = other_places(places, codes)
    others = _conform_rows(PUBLISHED, facts)
    row = _publication_row(publication, in_order, figures_hash(others))
    return others | _conform_rows(PUBLISHED, dimensions | {"publication": row})


def _publication_row(publication: Publication, authorities: pd.DataFrame, others_hash: str) -> pd.DataFrame:
    hashes = dict(zip(authorities["authority_code"], authorities["figures_hash"], strict=True))
    values = {
        "figures_hash": combine_hashes(hashes, others_hash),
        "authorities": ";".join(authorities["slug"]),
    }
    return pd.DataFrame([asdict(publication) | values])


def common_records(publication: Publication) -> dict[str, pd.DataFrame]:
    """The tables of `restricted` that are of all authorities together: to which publication it belongs."""
    return _conform_rows(RESTRICTED, {"publication": pd.DataFrame([asdict(publication)])})


def _conform_rows(schema: Schema, tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Rows checked against their contracts; columns that only the lake has go."""
    conformed = {}
    for name, rows in tables.items():
        contract = schema.contracts[name]
        conformed[name] = conform(contract, rows[[each for each in contract.column_names if each in rows]])
    return conformed


def _assign(rows: pd.DataFrame, column: str, text: str) -> pd.DataFrame:
    """The rows with one text in a column."""
    return rows.assign(**{column: pd.Categorical([text]).repeat(len(rows))})


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
            "has_figures": [True],
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
