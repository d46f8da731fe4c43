"""Merges deliveries into one history a list: every `core/<table>`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dagster as dg
import pandas as pd

from assets.checks import ROWS_CONSERVED, conservation_result
from assets.ingest import without_facts
from assets.support.partitions import authority_code
from assets.support.specs import list_keys, list_specs, table_spec
from assets.support.steps import set_aside, step, table
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.mapping import load_mapping
from cf_pipeline.history.issues_by_child import find_issue_people
from cf_pipeline.history.merge.core import merge_deliveries
from cf_pipeline.history.tables.core_tables import JOINED_TABLES, STATE_COLUMNS, core_tables, states_table
from cf_pipeline.history.tables.derived_columns import DERIVED_COLUMNS
from cf_pipeline.kpi.lineage.affected_kpis import add_kpis
from cf_pipeline.project import lake_layout
from cf_pipeline.project.id_key import verified_id_key
from cf_pipeline.project.lake_layout import TableKey, check_slug
from cf_pipeline.project.privacy.erasures import read_erasures
from resources.settings import PipelineSettings

STATES_TABLES = {states_table(name): name for name in STATE_COLUMNS}
FROM_LISTS = {name: joined for name, joined in JOINED_TABLES.items() if joined.lists}
ALL_CLEAN = [lake_layout.clean_list(name) for name in list_contracts()]
OTHER_TABLES = {
    "person": ALL_CLEAN,
    "coverage": [lake_layout.CLEAN_DELIVERIES],
    "held_lists": [lake_layout.CLEAN_DELIVERIES],
    "row_ledger": [lake_layout.CLEAN_DELIVERIES, lake_layout.QUARANTINE, *ALL_CLEAN],
    "deliveries": [lake_layout.CLEAN_DELIVERIES],
    "text_categories": [lake_layout.CLEAN_DELIVERIES, *ALL_CLEAN],
}


def merge_inputs(name: str) -> list[TableKey]:
    """The tables a list's history is made from: its rows, the children, lists its derived columns need."""
    needed = {
        column.partition(".")[0]
        for derived in DERIVED_COLUMNS.get(name, ())
        for alternatives in derived.needs
        for column in alternatives
    }
    others = sorted(needed - {name})
    return [
        lake_layout.CLEAN_DELIVERIES,
        lake_layout.clean_list(name),
        lake_layout.PERSON,
        *(lake_layout.clean_list(other) for other in others),
    ]


def core_keys() -> dict[str, TableKey]:
    """Table name -> key in the lake."""
    return {name: lake_layout.core_table(name) for name in core_tables()}


@step(
    "core",
    [
        *list_specs("core", deps=merge_inputs),
        *(
            table_spec(lake_layout.core_table(name), deps=[lake_layout.clean_list(source)])
            for name, source in STATES_TABLES.items()
        ),
        *(
            table_spec(
                lake_layout.core_table(name), deps=[lake_layout.clean_list(source) for source in joined.lists]
            )
            for name, joined in FROM_LISTS.items()
        ),
        *(table_spec(lake_layout.core_table(name), deps=deps) for name, deps in OTHER_TABLES.items()),
        table_spec(lake_layout.CORE_ISSUES, deps=ALL_CLEAN),
        table_spec(
            lake_layout.ISSUES_BY_CHILD, deps=[lake_layout.CLEAN_ISSUES, lake_layout.CORE_ISSUES, *ALL_CLEAN]
        ),
        table_spec(lake_layout.CHANGES, deps=[lake_layout.CLEAN_DELIVERIES, *ALL_CLEAN]),
    ],
    reads={
        "manifest": lake_layout.CLEAN_DELIVERIES,
        "clean_issues": lake_layout.CLEAN_ISSUES,
        "quarantine": lake_layout.QUARANTINE,
        **list_keys("clean"),
    },
    checks=[ROWS_CONSERVED],
)
def core(
    context: dg.AssetExecutionContext,
    settings: PipelineSettings,
    manifest: pd.DataFrame,
    clean_issues: pd.DataFrame,
    quarantine: pd.DataFrame,
    **lists: pd.DataFrame,
) -> Iterator[Any]:
    """Merge all deliveries; when a row is unaccounted for, set aside every table of this merge."""
    code = authority_code(context.partition_key)
    slug, now = check_slug(context.partition_key), settings.load()
    id_key = verified_id_key(now)
    mapping = load_mapping(now.raw / slug)
    merged = merge_deliveries(
        lists,
        quarantine,
        without_facts(manifest),
        code,
        id_key,
        declared_categories={*mapping.categories, *read_erasures(now.data, slug).texts},
    )
    merge_issues = add_kpis(merged.issues)
    issues = pd.concat([clean_issues, merge_issues], ignore_index=True)
    result = conservation_result(merged.tables["row_ledger"])
    keep = table if result.passed else set_aside
    yield keep(lake_layout.CORE_ISSUES, merge_issues)
    yield keep(lake_layout.ISSUES_BY_CHILD, find_issue_people(issues, lists, code, id_key))
    yield keep(lake_layout.CHANGES, merged.changes)
    for name in core_tables():
        yield keep(lake_layout.core_table(name), merged.tables[name])
    yield result
