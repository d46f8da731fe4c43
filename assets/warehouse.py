"""The one writer of the warehouse: every authority's figures published in one step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
import pandas as pd

import cf_pipeline
from assets.pages.links import dashboard_link
from assets.support.policies import PUBLISH_POOL, when_authorities_are_done
from assets.support.specs import table_spec
from assets.support.steps import step, table
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.errors import PlainError, machine_error
from cf_pipeline.operations.audit import record_action
from cf_pipeline.operations.privacy.pending_erasures import unfinished_authorities
from cf_pipeline.project import lake_layout
from cf_pipeline.project.input_hash import inputs_hash
from cf_pipeline.project.lake_reader import LakeReader
from cf_pipeline.project.publication.lake_publication import LakePublication
from cf_pipeline.project.publication.published_sources import SOURCES, PublishedSources
from cf_pipeline.project.runs.good_run import FINGERPRINT, NOTES, REFUSALS
from cf_pipeline.project.settings import Settings
from cf_pipeline.warehouse.assemble import Publication
from cf_pipeline.warehouse.dialects.duckdb.faults import move_aside
from cf_pipeline.warehouse.earlier_figures import PublishedAuthority
from cf_pipeline.warehouse.errors import UnreadableFileError
from resources.settings import PipelineSettings
from resources.warehouse import Warehouse


@step(
    "publish",
    [
        table_spec(
            lake_layout.PUBLISHED,
            deps=[*SOURCES, lake_layout.COMPARATORS, lake_layout.NEIGHBOURS],
            kinds=frozenset({"sql"}),
            is_partitioned=False,
            automation=when_authorities_are_done(),
        )
    ],
    pool=PUBLISH_POOL,
)
def publish(
    context: dg.AssetExecutionContext, settings: PipelineSettings, warehouse: Warehouse
) -> Iterator[Any]:
    """Publish every authority that has figures; where its latest run failed, those of an earlier run.

    An authority whose tables are those that its published rows were made from is not read: its rows stay.
    """
    notes: list[str] = []
    while True:
        try:
            counts = _publish(context, settings.load(), warehouse)
            break
        except UnreadableFileError as error:  # of the old warehouse, which is built again: one of two files
            notes.append(_move_aside(error))
            context.log.warning(notes[-1])
    counts.attrs[NOTES] = notes
    now = settings.load()
    yield table(lake_layout.PUBLISHED, counts, warehouse=now.warehouse_shown, **dashboard_link(now))


def _publish(context: dg.AssetExecutionContext, settings: Settings, warehouse: Warehouse) -> pd.DataFrame:
    """The rows of each published table; what was left out is in the attributes.

    The authorities are those of the lake: Dagster's records of its partitions may be lost.
    """
    reader = LakeReader(settings)
    sources = PublishedSources(reader, context.run_id)
    known = reader.authorities_with(lake_layout.HEADLINES)
    unfinished = [slug for slug in known if not sources.is_finished(slug)]
    published = warehouse.find_published()
    sentences = [_unfinished_sentence(slug, published.get(slug)) for slug in unfinished]
    if not set(known) - set(unfinished):
        why = " ".join(sentences) or "No authority has figures yet: there is nothing to publish."
        raise dg.Failure(why, allow_retries=False)
    for sentence in sentences:
        context.log.warning(sentence)
    warehouse.check_people()
    hash_by_slug = {
        slug: str(reader.read_attributes(lake_layout.CLEAN_DELIVERIES, slug).get(FINGERPRINT, ""))
        for slug in known
    }
    lake_publication = LakePublication(
        url=settings.warehouse_url,
        reader=reader,
        sources=sources,
        publication=_publication(context.run_id, warehouse.next_version(), hash_by_slug, settings),
        slugs=[slug for slug in known if slug not in unfinished],
        stays=[slug for slug in unfinished if slug in published],
        targets=settings.choices.targets,
        keeps_rows=not unfinished_authorities(settings.data),
    )
    counts = table_contract("warehouse/published").frame(lake_publication.publish().items())
    notes = _record_publication(settings, lake_publication)
    counts.attrs = {REFUSALS: [*sentences, *notes]}
    return counts


def _record_publication(settings: Settings, lake_publication: LakePublication) -> list[str]:
    """Write the publication to the audit log; a sentence where that fails, because it is shown already."""
    version, run_id = lake_publication.publication.version, lake_publication.publication.run_id
    try:
        record_action(
            settings.data,
            "publish",
            f"version {version}",
            because=f"run {run_id}",
            counts={"authorities": len(lake_publication.slugs) + len(lake_publication.stays)},
        )
    except PlainError as error:
        return [f"Version {version} is published and not in the audit log. {error}"]
    return []


def _move_aside(error: UnreadableFileError) -> str:
    """Move the file that cannot be read aside; returns the sentence that says so.

    Raises:
        MachineError: it cannot be moved.
    """
    try:
        aside = move_aside(error.file)
    except OSError as fault:
        failure = machine_error(f"{error.file} {error.fault} and cannot be moved aside", fault)
    else:
        return (
            f"{error.file} {error.fault}; it is now {aside.name} in the same folder, and the warehouse was "
            "built again from the lake; delete that file when nobody needs it."
        )
    raise failure


def _unfinished_sentence(slug: str, authority: PublishedAuthority | None) -> str:
    stays = (
        "no figures of it are published, and it is left out"
        if authority is None
        else f"its figures published before stay, as at {authority.as_at or 'no date'}"
    )
    return (
        f"{slug}: its last run stopped between its figures, and they do not belong together; {stays}; "
        "run `cf-pipeline run` again."
    )


def _publication(
    run_id: str, version: int, hash_by_slug: Mapping[str, str], settings: Settings
) -> Publication:
    """`hash_by_slug`: the hash of each authority's files, by its folder."""
    return Publication(
        version=version,
        run_id=run_id,
        published_at=dt.datetime.now(dt.UTC),
        inputs_hash=inputs_hash(hash_by_slug, settings.settings_that_move_figures(), settings.code_hashes),
        product_version=cf_pipeline.__version__,
    )
