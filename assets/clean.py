"""Cleans cells into typed rows: every `clean/<list>`, issues, quarantine, holds and unmatched codes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dagster as dg
import pandas as pd

from assets.checks import (
    HEADERS_RECOGNISED,
    NONE_ACCEPTED,
    NONE_HELD,
    accepted_result,
    contract_checks,
    contract_result,
    headers_result,
    held_result,
)
from assets.ingest import KEYS, without_facts
from assets.support.refusals import refusal
from assets.support.specs import list_keys, list_specs, table_spec
from assets.support.steps import set_aside, step, table
from cf_pipeline.clean.sources import usable_rows
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.mapping import load_mapping
from cf_pipeline.history.holds.hold import (
    acceptance_sentences,
    clean_accepted,
    hold_sentences,
    holds_what_was_accepted,
)
from cf_pipeline.kpi.lineage.affected_kpis import add_kpis, drop_unneeded_codes
from cf_pipeline.kpi.lineage.missing_figures import find_missing_figures
from cf_pipeline.project import lake_layout
from cf_pipeline.project.acceptances import find_acceptances
from cf_pipeline.project.input_hash import CLEANING, product_hash
from cf_pipeline.project.lake_layout import check_slug
from cf_pipeline.project.lake_reader import LakeReader
from cf_pipeline.project.privacy.register_files import erasures_hash
from cf_pipeline.project.results.lake_results import LakeResults
from cf_pipeline.project.runs.good_run import REFUSALS
from resources.settings import PipelineSettings

ALL_INGESTED = [lake_layout.ingested_list(name) for name in list_contracts()]


@step(
    "clean",
    [
        table_spec(lake_layout.CLEAN_DELIVERIES, deps=[lake_layout.RAW_DELIVERIES, *ALL_INGESTED]),
        table_spec(lake_layout.HELD_DELIVERIES, deps=[lake_layout.RAW_DELIVERIES, *ALL_INGESTED]),
        *list_specs("clean", deps=lambda name: [lake_layout.RAW_DELIVERIES, lake_layout.ingested_list(name)]),
        table_spec(lake_layout.CLEAN_ISSUES, deps=[lake_layout.FINDINGS, *ALL_INGESTED]),
        table_spec(lake_layout.QUARANTINE, deps=ALL_INGESTED),
        table_spec(lake_layout.UNMATCHED_CODES, deps=ALL_INGESTED),
    ],
    reads={
        "manifest": lake_layout.RAW_DELIVERIES,
        "findings": lake_layout.FINDINGS,
        "unmatched_headers": lake_layout.UNMATCHED_HEADERS,
        **list_keys("ingested"),
    },
    checks=[NONE_HELD, NONE_ACCEPTED, HEADERS_RECOGNISED, *contract_checks()],
)
def clean(
    context: dg.AssetExecutionContext,
    settings: PipelineSettings,
    manifest: pd.DataFrame,
    findings: pd.DataFrame,
    unmatched_headers: pd.DataFrame,
    **lists: pd.DataFrame,
) -> Iterator[Any]:
    """Type and code cells by contract; a list that still breaks its contract stops the authority's run."""
    authority = check_slug(context.partition_key)
    now = settings.load()
    mapping = load_mapping(now.raw / authority)
    acceptances = find_acceptances(now.data, authority)
    version = product_hash(*CLEANING, store=now.code_hashes) + erasures_hash(now.data, authority)
    store = LakeResults(now.lake, "deliveries", authority, version)
    facts, manifest = manifest.attrs, without_facts(manifest)
    keys = facts.get(KEYS, {})
    deliveries = clean_accepted(lists, manifest, findings, mapping, acceptances, keys, store)
    store.sweep()
    cleaned, holds = deliveries.cleaned, hold_sentences(authority, deliveries.held)
    refusals = [*facts.get(REFUSALS, []), *holds]
    deliveries.manifest.attrs = facts | {REFUSALS: refusals}
    yield table(lake_layout.CLEAN_DELIVERIES, deliveries.manifest)
    yield table(lake_layout.HELD_DELIVERIES, deliveries.held)
    yield held_result(holds)
    yield accepted_result(acceptance_sentences(authority, deliveries.held))
    yield headers_result(find_missing_figures(deliveries.manifest, unmatched_headers))
    is_published = LakeReader(settings.load()).has(lake_layout.QUARTERLY, authority)
    if is_published and holds_what_was_accepted(deliveries.held, acceptances):
        raise refusal(" ".join(refusals))  # until someone decides, the published figures stay
    if usable_rows(deliveries.manifest).empty:
        raise refusal(" ".join(refusals))
    yield table(lake_layout.CLEAN_ISSUES, drop_unneeded_codes(add_kpis(cleaned.issues)))
    yield table(lake_layout.QUARANTINE, cleaned.quarantine)
    yield table(lake_layout.UNMATCHED_CODES, cleaned.unmatched_codes)
    for name, frame in cleaned.lists.items():
        result = contract_result(name, frame)
        yield (table if result.passed else set_aside)(lake_layout.clean_list(name), frame)
        yield result
