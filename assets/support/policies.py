"""What holds for every asset alike: who answers for it, how often it is renewed, when it is tried again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import dagster as dg
from dagster._core.definitions.declarative_automation.operators import AndAutomationCondition

from cf_pipeline.project import lake_layout
from resources.lake import asset_key

OWNERS = ("team:children-and-families-performance",)
RETRIES = dg.RetryPolicy(max_retries=1, delay=2)
FRESHNESS = dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=50), warn_window=timedelta(hours=26))
"""Renewed nightly: a warning after one missed night, a failure after two."""

PUBLISH_POOL = "publish"


def when_published() -> dg.AutomationCondition[Any]:
    """Run in the same tick as the publish; do not start on other inputs."""
    return when_authorities_are_done().allow(dg.AssetSelection.assets(asset_key(lake_layout.PUBLISHED)))


def when_authorities_are_done() -> AndAutomationCondition[Any]:
    """Once something it rests on is new and no authority is being worked on: exactly one publish."""
    condition = dg.AutomationCondition
    return (
        condition.any_deps_updated().since_last_handled()
        & ~condition.any_deps_in_progress()
        & ~condition.in_progress()
    )
