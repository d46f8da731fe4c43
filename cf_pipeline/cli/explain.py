"""`cf-pipeline explain`: one figure, its definition, the rows it counts and its revisions."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import nullcontext

import pandas as pd

from cf_pipeline import warehouse
from cf_pipeline.cli.console import print_line
from cf_pipeline.cli.explain_text import definition_lines, figure_lines, revision_lines, row_lines, side_lines
from cf_pipeline.cli.releasing.released_figure import release_lines
from cf_pipeline.comparators import authority_population
from cf_pipeline.contracts.authorities import Authority, authority
from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.words.near_names import did_you_mean
from cf_pipeline.errors import PlainError
from cf_pipeline.history.merge.core import merge_deliveries
from cf_pipeline.history.tables.core_tables import core_tables
from cf_pipeline.kpi.definitions.registry import Kpi, load_registry
from cf_pipeline.kpi.lineage.erased_amounts import QUARTERLY, add_amounts, amounts_at
from cf_pipeline.kpi.lineage.erased_members import erased_members
from cf_pipeline.kpi.lineage.explain import explain_figure
from cf_pipeline.kpi.lineage.explain_rows import explain_rows
from cf_pipeline.kpi.measure.quarterly import measure_kpis
from cf_pipeline.project import lake_layout
from cf_pipeline.project.id_key import verified_id_key
from cf_pipeline.project.lake_reader import LakeReader, MissingTableError
from cf_pipeline.project.privacy.erasures import read_erasures
from cf_pipeline.project.runs.temporary_files import temporary_folder
from cf_pipeline.project.settings import Settings
from cf_pipeline.project.unfinished_runs import without_runs
from cf_pipeline.warehouse.dimensions.categories import band_labels
from cf_pipeline.warehouse.earlier_figures import with_figures
from cf_pipeline.warehouse.tables.schemas import RESTRICTED

OK, FAILED = 0, 1
Tables = dict[str, pd.DataFrame]


class ExplainError(PlainError):
    """The KPI, quarter, authority, delivery or figure that is asked for does not exist."""


def explain_kpi(
    settings: Settings,
    kpi_id: str,
    quarter_key: str,
    slug: str | None,
    as_at: str | None,
    *,
    rows: bool = False,
) -> int:
    """Print how a KPI's total (or its bands) in a quarter was counted; returns the exit status.

    Args:
        settings: where the lake and the warehouse are.
        kpi_id: the KPI.
        quarter_key: as in '2019/20 Q3'.
        slug: the authority's folder; None when there is only one.
        as_at: use the deliveries up to that day (YYYY-MM-DD) only; None for all of them.
        rows: also list the rows that are counted and left out, with case ids from the restricted store.

    Raises:
        ExplainError: no such KPI, quarter, authority, delivery or figure; or the restricted store cannot be
            read.
        FileFaultError: a file of the warehouse is damaged, of something else, or in use.
    """
    kpi, quarter = _kpi(kpi_id), _quarter(quarter_key)
    place = _authority(settings, slug)
    tables = _core_tables(settings, place, as_at)
    # Whoever may read the data folder alone may ask too.
    with temporary_folder(settings) if os.access(settings.data, os.W_OK) else nullcontext():
        people = _people(settings, place) if rows else None
    for line in _lines(settings, kpi, quarter, place, tables):
        print_line(line)
    if people is not None:
        for line in ["", *row_lines(explain_rows(tables, load_registry(), kpi, quarter), people)]:
            print_line(line)
    return OK


def _people(settings: Settings, place: Authority) -> pd.Series[str]:
    """Pseudonym -> case id, from the restricted store."""
    where = {"authority_code": place.authority_code}
    is_pair = True
    try:
        people = warehouse.read_table(settings.warehouse_url, "person", where, RESTRICTED)
        is_pair = warehouse.is_pair(settings.warehouse_url)
    except warehouse.FileFaultError:
        raise
    except warehouse.WarehouseError:
        people = pd.DataFrame()
    if len(people) and not is_pair:
        raise ExplainError(
            "The published figures and the records behind them are of two publications, as when publishing "
            "is killed between them: run `cf-pipeline run`, which publishes both again, then ask again."
        )
    if people.empty:
        raise ExplainError(
            "The rows behind a figure need the restricted store, which is not there, holds nobody of "
            f"{place.slug}, or is not yours to read; leave --rows out, or ask whoever runs the pipeline."
        )
    return people.set_index("person_ref")["child_id"]


def _lines(settings: Settings, kpi: Kpi, quarter: Quarter, place: Authority, tables: Tables) -> Iterator[str]:
    registry = load_registry()
    amounts = amounts_at(read_erasures(settings.data, place.slug).amounts, _newest(tables), registry)
    figures = measure_kpis(tables, _with_needed_kpis(registry, kpi), place.authority_code)
    figures = add_amounts(QUARTERLY, figures, amounts, registry)
    is_asked_for = figures["kpi_id"].eq(kpi.id) & figures["quarter_key"].eq(quarter.key)
    rows = figures[is_asked_for & figures["breakdown"].eq("total" if kpi.band is None else "band")]
    if rows.empty:
        raise ExplainError(
            f"{place.slug} has no figure of {kpi.id} for {quarter.key}: "
            f"its deliveries do not reach that quarter.{_quarters_there(figures)}"
        )
    yield from definition_lines(kpi)
    yield ""
    yield f"{place.name}, {quarter.key}, as known from the deliveries up to {_newest(tables):%Y-%m-%d}"
    yield from figure_lines(kpi, rows, band_labels(kpi))
    yield from release_lines(settings.warehouse_url, place.authority_code, kpi.id, quarter.key)
    yield ""
    for side in explain_figure(tables, registry, kpi, quarter, "quarter"):
        yield from side_lines(side)
    if erased := erased_members(amounts, kpi.id, quarter.key):
        yield f"Erased since: {erased:,} counted records of which nothing but this count is kept."
    keys = {"authority_code": place.authority_code, "kpi_id": kpi.id, "quarter_key": quarter.key}
    revisions = warehouse.read_table(settings.warehouse_url, "kpi_revision", where=keys)
    revisions = revisions[revisions["to_as_at"] <= _newest(tables)]
    # Revisions of distributions are not kept. A figure that was never reported has none either.
    if kpi.band is None and (len(revisions) or rows["value"].notna().any()):
        yield ""
        yield from revision_lines(kpi, revisions)


def _quarters_there(figures: pd.DataFrame) -> str:
    """The quarters that the deliveries do reach, as a sentence."""
    keys = sorted(figures["quarter_key"].unique())
    return f" They reach from {keys[0]} to {keys[-1]}." if keys else ""


def _kpi(kpi_id: str) -> Kpi:
    registry = load_registry()
    if kpi_id in registry:
        return registry[kpi_id]
    hint = did_you_mean(kpi_id, registry) or " docs/kpis.md lists them."
    raise ExplainError(f"There is no KPI of that name.{hint}")


def _quarter(key: str) -> Quarter:
    try:
        return Quarter.read(key)
    except ValueError as error:
        reason = str(error)
    raise ExplainError(f"{reason[0].upper()}{reason[1:]}.")


def _authority(settings: Settings, slug: str | None) -> Authority:
    """The authority asked for, or the only one that is published."""
    authorities = with_figures(warehouse.read_table(settings.warehouse_url, "dim_authority"))
    slugs = [str(name) for name in authorities["slug"]]
    if slug is None and len(slugs) == 1:
        return authority(slugs[0])
    if slug is not None and slug in slugs:
        return authority(slug)
    if not slugs:
        raise ExplainError("Nothing has been published yet: run `cf-pipeline run` first.")
    hint = "" if slug is None else did_you_mean(slug, slugs)
    raise ExplainError(f"Name one of the published authorities with --authority: {', '.join(slugs)}.{hint}")


def _core_tables(settings: Settings, place: Authority, as_at: str | None) -> Tables:
    """The core tables of an authority: those of the lake, or merged from the deliveries up to a day."""
    reader = LakeReader(settings)
    try:
        population = reader.read(lake_layout.POPULATION)
        reference = {"population": authority_population(population, place.authority_code)}
        if as_at is None:
            keys = {name: lake_layout.core_table(name) for name in core_tables()}
            tables = {name: without_runs(reader.read(key, place.slug)) for name, key in keys.items()}
            return tables | reference
        return _merge_as_at(settings, reader, place, as_at) | reference
    except MissingTableError:
        raise ExplainError(f"{place.slug} has no tables in the lake: run `cf-pipeline run` first.") from None


def _merge_as_at(settings: Settings, reader: LakeReader, place: Authority, as_at: str) -> Tables:
    """The core tables of the deliveries up to a day."""
    day = pd.to_datetime(as_at, format="%Y-%m-%d", errors="coerce")
    if pd.isna(day):
        raise ExplainError("The date after --as-at is not one: write it as 2019-12-31.")
    manifest = reader.read(lake_layout.CLEAN_DELIVERIES, place.slug)
    if not (manifest["as_at"] <= day).any():
        raise ExplainError(f"{place.slug} had delivered nothing by that date.")
    keys = {name: lake_layout.clean_list(name) for name in list_contracts()}
    lists = {name: without_runs(reader.read(key, place.slug)) for name, key in keys.items()}
    quarantine, key = reader.read(lake_layout.QUARANTINE, place.slug), verified_id_key(settings)
    texts = reader.read(lake_layout.core_table("text_categories"), place.slug)
    published = texts.loc[texts["is_published"].astype(bool), "category"].tolist()
    return merge_deliveries(lists, quarantine, manifest, place.authority_code, key, day, published).tables


def _with_needed_kpis(registry: dict[str, Kpi], kpi: Kpi) -> dict[str, Kpi]:
    """The KPI and those that its sides count within."""
    sides = [side for side in (kpi.numerator, kpi.denominator) if side is not None]
    within = [part.within for side in sides for part in side.parts if part.within is not None]
    return {name: registry[name] for name in (kpi.id, *within)}


def _newest(tables: Tables) -> pd.Timestamp:
    newest: pd.Timestamp = tables["deliveries"]["as_at"].max()
    return newest
