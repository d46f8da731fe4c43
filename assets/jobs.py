"""Two jobs: one makes the tables of one authority, one publishes those of all authorities."""

from __future__ import annotations

import dagster as dg

from assets.support.partitions import authorities

RETRY_WHOLE = {"dagster/retry_strategy": "ALL_STEPS"}
"""The tables of a good run are all its own (`good_run`): a retry of what is left over would never be one."""
_FOR_ALL = dg.AssetSelection.groups("warehouse", "outputs")

authority_job = dg.define_asset_job(
    "authority_job",
    selection=dg.AssetSelection.all() - _FOR_ALL,
    description="One authority, from its files to its figures.",
    executor_def=dg.in_process_executor,
    tags=RETRY_WHOLE,
)
publish_job = dg.define_asset_job(
    "publish_job",
    selection=_FOR_ALL,
    description="Publish every authority's figures at once, then write what is shown.",
    executor_def=dg.in_process_executor,
)


__all__ = ["authorities", "authority_job", "publish_job"]
