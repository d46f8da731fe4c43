"""From files to lists: `raw/deliveries` (what was received) and every `ingested/<list>`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dagster as dg
import pandas as pd

from assets.checks import sentences_result
from assets.support.partitions import authority_code
from assets.support.refusals import refusal
from assets.support.specs import list_specs, table_spec
from assets.support.steps import step, table
from cf_pipeline.clean.sources import usable_rows
from cf_pipeline.contracts.mapping import MappingError
from cf_pipeline.ingest.receive import receive_deliveries
from cf_pipeline.project import lake_layout
from cf_pipeline.project.input_hash import READING, authority_hash, product_hash
from cf_pipeline.project.lake_layout import check_slug
from cf_pipeline.project.privacy.erasures import read_erasures
from cf_pipeline.project.results.lake_results import LakeResults
from cf_pipeline.project.runs.good_run import FINGERPRINT, REFUSALS
from resources.lake import asset_key
from resources.settings import PipelineSettings

KEYS = "keys"
"""Delivery -> the key of what was read of it; a delivery with the same key need not be cleaned again."""
EVERY_FILE_READ = dg.AssetCheckSpec(
    "every_file_was_read",
    asset=asset_key(lake_layout.RAW_DELIVERIES),
    description="Fails and names the files when a delivery was refused; the other deliveries go on.",
)


@step(
    "ingest",
    [
        table_spec(lake_layout.RAW_DELIVERIES, kinds=frozenset({"excel", "parquet"})),
        *list_specs("ingested", deps=lambda name: [lake_layout.RAW_DELIVERIES]),
        table_spec(lake_layout.FINDINGS, deps=[lake_layout.RAW_DELIVERIES]),
        table_spec(lake_layout.UNMATCHED_HEADERS, deps=[lake_layout.RAW_DELIVERIES]),
    ],
    checks=[EVERY_FILE_READ],
)
def ingest(context: dg.AssetExecutionContext, settings: PipelineSettings) -> Iterator[Any]:
    """Every delivery in the authority's folder, each file read in a parser process."""
    now, authority = settings.load(), check_slug(context.partition_key)
    authority_code(authority)
    fingerprint = authority_hash(now, authority)
    erasures = read_erasures(now.data, authority)
    version = product_hash(*READING, store=now.code_hashes) + erasures.hash
    store = LakeResults(now.lake, "files", authority, version)
    received, wrong_mapping = None, ""
    try:
        received = receive_deliveries(now.raw, authority, store=store, withhold=erasures.withhold)
    except MappingError as error:
        wrong_mapping = str(error)
    if received is None:
        raise refusal(wrong_mapping)
    manifest = received.manifest.copy()
    manifest.attrs = {FINGERPRINT: fingerprint, REFUSALS: list(received.refusals), KEYS: received.keys}
    store.sweep()
    yield table(lake_layout.RAW_DELIVERIES, manifest, fingerprint=fingerprint)
    yield refusal_result(received.refusals)
    if usable_rows(manifest).empty:
        raise refusal(" ".join(received.refusals) or no_delivery_sentence(authority))
    for name, frame in received.lists.items():
        yield table(lake_layout.ingested_list(name), frame)
    yield table(lake_layout.FINDINGS, received.findings)
    yield table(lake_layout.UNMATCHED_HEADERS, received.unmatched_headers)


def without_facts(manifest: pd.DataFrame) -> pd.DataFrame:
    """The manifest without what is stored beside it: pandas copies that with every column it takes."""
    plain = manifest.copy(deep=False)
    plain.attrs = {}
    return plain


def no_delivery_sentence(authority: str) -> str:
    """The sentence for an authority's folder without any delivery."""
    return f"raw/{authority}: no delivery to read; put files in raw/{authority}/<as-at date>/."


def refusal_result(refusals: list[str]) -> dg.AssetCheckResult:
    """A failed check that names what was refused; it blocks nothing (docs/rulings.md#19)."""
    return sentences_result(EVERY_FILE_READ, refusals, "refused", "Every file was read.")
