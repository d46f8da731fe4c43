"""What others published: `reference/comparators`, `reference/population` and `reference/neighbours`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dagster as dg

from assets.support.specs import table_spec
from assets.support.steps import step, table
from cf_pipeline.comparators import combine_neighbours, combine_releases, population_estimates
from cf_pipeline.comparators.open_data import read_folder
from cf_pipeline.project import lake_layout
from cf_pipeline.project.input_hash import REFERENCE
from cf_pipeline.project.locks import RunLock
from resources.lake import asset_key
from resources.settings import PipelineSettings

REFUSALS, NOTES = "refusals", "notes"
EVERY_FILE_USED = dg.AssetCheckSpec(
    "every_reference_file_was_used",
    asset=asset_key(lake_layout.COMPARATORS),
    description="Fails and names the files of raw/_reference/ that are no published table we know.",
)


@step(
    "reference",
    [
        table_spec(lake_layout.COMPARATORS, is_partitioned=False),
        table_spec(lake_layout.POPULATION, deps=[lake_layout.COMPARATORS], is_partitioned=False),
        table_spec(lake_layout.NEIGHBOURS, is_partitioned=False),
    ],
    checks=[EVERY_FILE_USED],
)
def reference(settings: PipelineSettings) -> Iterator[Any]:
    """The published figures that ship, and those of the files that a council added."""
    now = settings.load()
    lock = RunLock(now.data / "locks", "_reference")
    lock.acquire()  # the run of another authority may be writing the same files
    try:
        read = read_folder(now.raw / REFERENCE)
        rows = combine_releases(read.rows)
        rows.attrs = {REFUSALS: list(read.refusals), NOTES: list(read.notes)}
        left_out = dg.MetadataValue.json(read.notes)
        yield table(lake_layout.COMPARATORS, rows, values_read=len(read.rows), left_out=left_out)
        yield files_result(read.refusals, read.notes)
        yield table(lake_layout.POPULATION, population_estimates(rows))
        yield table(lake_layout.NEIGHBOURS, combine_neighbours(read.neighbours))
    finally:
        lock.release()


def files_result(refusals: list[str], notes: list[str]) -> dg.AssetCheckResult:
    """A failed check that names the files that were not used; it blocks nothing."""
    return dg.AssetCheckResult(
        asset_key=asset_key(lake_layout.COMPARATORS),
        check_name=EVERY_FILE_USED.name,
        passed=not refusals,
        severity=dg.AssetCheckSeverity.ERROR,
        description=" ".join(refusals) or "Every file was used.",
        metadata={"refused": len(refusals), "left_out": len(notes)},
    )
