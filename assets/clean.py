"""From cells to typed rows: every `clean/<list>`, its issues, quarantine, what is held and to be decided."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dagster as dg
import pandas as pd

from assets.checks import NONE_HELD, contract_checks, contract_result, held_result
from assets.ingest import DELIVERIES_KEY, FINDINGS_KEY, REFUSALS
from assets.support.refusals import refused
from assets.support.specs import list_keys, list_specs, table_spec
from assets.support.steps import set_aside, step, table
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.mapping import load_mapping
from cf_pipeline.history.holds.hold import sentences, taken
from cf_pipeline.kpi.lineage.affected_kpis import with_kpis
from cf_pipeline.project.acceptances import accepted_content
from resources.lake import check_slug
from resources.settings import PipelineSettings

TAKEN_KEY = ("clean", "deliveries")
HELD_KEY = ("clean", "held")
ISSUES_KEY = ("clean", "issues")
QUARANTINE_KEY = ("clean", "quarantine")
TO_DECIDE_KEY = ("clean", "to_decide")
ALL_INGESTED = [("ingested", name) for name in list_contracts()]


@step(
    "clean",
    [
        table_spec(TAKEN_KEY, deps=[DELIVERIES_KEY, *ALL_INGESTED]),
        table_spec(HELD_KEY, deps=[DELIVERIES_KEY, *ALL_INGESTED]),
        *list_specs("clean", deps=lambda name: [DELIVERIES_KEY, ("ingested", name)]),
        table_spec(ISSUES_KEY, deps=[FINDINGS_KEY, *ALL_INGESTED]),
        table_spec(QUARANTINE_KEY, deps=ALL_INGESTED),
        table_spec(TO_DECIDE_KEY, deps=ALL_INGESTED),
    ],
    reads={
        "manifest": dg.AssetKey(list(DELIVERIES_KEY)),
        "findings": dg.AssetKey(list(FINDINGS_KEY)),
        **list_keys("ingested"),
    },
    checks=[NONE_HELD, *contract_checks()],
)
def clean(
    context: dg.AssetExecutionContext,
    settings: PipelineSettings,
    manifest: pd.DataFrame,
    findings: pd.DataFrame,
    **lists: pd.DataFrame,
) -> Iterator[Any]:
    """Cells typed and coded by contract; a list that still breaks its contract stops here."""
    authority = check_slug(context.partition_key)
    mapping = load_mapping(settings.load().raw / authority)
    took = taken(lists, manifest, findings, mapping, accepted_content(settings.load().data, authority))
    cleaned, told = took.cleaned, sentences(authority, took.held)
    refusals = [*manifest.attrs.get(REFUSALS, []), *told]
    took.manifest.attrs = manifest.attrs | {REFUSALS: refusals}
    yield table(TAKEN_KEY, took.manifest)
    yield table(HELD_KEY, took.held)
    yield held_result(told)
    if not took.manifest["status"].eq("read").any():
        raise refused(" ".join(refusals))
    yield table(ISSUES_KEY, with_kpis(cleaned.issues))
    yield table(QUARANTINE_KEY, cleaned.quarantine)
    yield table(TO_DECIDE_KEY, cleaned.unmatched_codes)
    for name, frame in cleaned.lists.items():
        result = contract_result(name, frame)
        yield (table if result.passed else set_aside)(("clean", name), frame)
        yield result
