"""Runs of an authority that the sensor and the nightly schedule ask for: never two for the same inputs.

The two do not know of each other: a delivery shortly before 02:00 is news for both, until its run has ended
and is recorded as a good one. So each run bears the hash of its inputs, and neither asks for what is on its
way.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import dagster as dg
from dagster._core.storage.dagster_run import NOT_FINISHED_STATUSES

from resources.lake import PARTITION_TAG

INPUTS_TAG = "cf/inputs"
"""The tag of a run with the hash of what decides its tables (`authority_hash`)."""
TIME_TO_RECORD = timedelta(minutes=5)
"""The sensor `good_runs` records a run within seconds of its end; it may be behind after many runs."""


def run_request(authority: str, inputs: str, run_key: str) -> dg.RunRequest:
    """A run of `authority_job` for one authority, whose inputs have that hash."""
    tags = {PARTITION_TAG: authority, INPUTS_TAG: inputs}
    return dg.RunRequest(run_key=run_key, partition_key=authority, tags=tags)


def inputs_on_their_way(instance: dg.DagsterInstance) -> dict[str, str]:
    """Authority -> inputs of its newest run that has not ended, or ended well and may not be recorded yet."""
    lately = datetime.now(UTC) - TIME_TO_RECORD
    filters = (
        dg.RunsFilter(statuses=list(NOT_FINISHED_STATUSES)),
        dg.RunsFilter(statuses=[dg.DagsterRunStatus.SUCCESS], updated_after=lately),
    )
    records = [record for each in filters for record in instance.get_run_records(each)]
    runs = [record.dagster_run for record in sorted(records, key=lambda record: record.storage_id)]
    return {
        run.tags[PARTITION_TAG]: run.tags.get(INPUTS_TAG, "") for run in runs if PARTITION_TAG in run.tags
    }
