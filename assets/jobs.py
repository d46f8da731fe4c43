"""Two jobs: one makes the tables of one authority, one publishes those of all authorities."""

from __future__ import annotations

import dagster as dg

from assets.support.partitions import authorities
from resources.lake import PARTITION_TAG

_FOR_ALL = dg.AssetSelection.groups("warehouse", "outputs")

authority_job = dg.define_asset_job(
    "authority_job",
    selection=dg.AssetSelection.all() - _FOR_ALL,
    description="One authority, from its files to its figures.",
    executor_def=dg.in_process_executor,
)
publish_job = dg.define_asset_job(
    "publish_job",
    selection=_FOR_ALL,
    description="Publish every authority's figures at once, then write what is shown.",
    executor_def=dg.in_process_executor,
)


def run_request(authority: str, run_key: str) -> dg.RunRequest:
    """A run of `authority_job` for one authority."""
    return dg.RunRequest(run_key=run_key, partition_key=authority, tags={PARTITION_TAG: authority})


__all__ = ["authorities", "authority_job", "publish_job", "run_request"]
