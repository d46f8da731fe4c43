"""What holds for every asset alike: owners, freshness, retries, and when Dagster runs it by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import dagster as dg

from cf_pipeline.project import lake_layout
from resources.lake import asset_key

OWNERS = ("team:children-and-families-performance",)
RETRIES = dg.RetryPolicy(max_retries=1, delay=2)
FRESHNESS = dg.FreshnessPolicy.time_window(fail_window=timedelta(days=200), warn_window=timedelta(days=100))
"""Councils deliver each quarter, and a night without news runs nothing: a warning after a quarter without."""

PUBLISH_POOL = "publish"
_AUTHORITIES_ARE_DONE = (
    dg.AutomationCondition.any_deps_updated().since_last_handled()
    & ~dg.AutomationCondition.any_deps_in_progress()
    & ~dg.AutomationCondition.in_progress()
)


def when_authorities_are_done() -> dg.AutomationCondition[Any]:
    """Run once when an input is new and no authority is being worked on: exactly one publish."""
    return _AUTHORITIES_ARE_DONE


def when_published() -> dg.AutomationCondition[Any]:
    """Run in the same tick as the publish; do not start on other inputs."""
    return _AUTHORITIES_ARE_DONE.allow(dg.AssetSelection.assets(asset_key(lake_layout.PUBLISHED)))
