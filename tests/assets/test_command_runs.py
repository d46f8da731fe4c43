"""A run of the command line is recorded as one that Dagster's daemon starts: its job, authority and times."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest
import yaml

from assets.definitions import defs
from assets.support.code_location import LOCATION, MODULE
from cf_pipeline.cli.main import main
from cf_pipeline.project.settings import load_settings
from resources.dagster_storage import open_home
from tests.support.small_deliveries import deliver

ROOT = Path(__file__).parents[2]


@pytest.fixture
def runs(project: Path) -> dict[str | None, dg.RunRecord]:
    """Authority (None for publishing) -> its run of `cf-pipeline run` for two authorities."""
    deliver(project / "raw", "camden")
    deliver(project / "raw", "hackney")
    assert main(["run"]) == 0
    with open_home(load_settings(project, {}).dagster_home) as instance:
        return {each.dagster_run.tags.get("dagster/partition"): each for each in instance.get_run_records()}


def test_the_location_is_that_of_the_workspace() -> None:
    [entry] = yaml.safe_load((ROOT / "workspace.yaml").read_text(encoding="utf-8"))["load_from"]
    assert entry["python_module"] == {"module_name": MODULE, "location_name": LOCATION}


def test_each_run_names_its_job_authority_and_times(runs: dict[str | None, dg.RunRecord]) -> None:
    jobs = {"camden": "authority_job", "hackney": "authority_job", None: "publish_job"}
    assert {authority: each.dagster_run.job_name for authority, each in runs.items()} == jobs
    for authority, each in runs.items():
        run, origin = each.dagster_run, each.dagster_run.remote_job_origin
        assert run.status is dg.DagsterRunStatus.SUCCESS
        assert origin is not None
        assert (origin.job_name, origin.location_name) == (jobs[authority], LOCATION)
        tags = run.tags_for_storage()
        assert tags[".dagster/repository"] == f"__repository__@{LOCATION}"
        assert tags["dagster/code_location"] == LOCATION
        assert None not in (each.start_time, each.end_time)
        assert float(each.start_time or 0) <= float(each.end_time or 0)


def test_each_run_is_of_the_job_that_the_pages_show(runs: dict[str | None, dg.RunRecord]) -> None:
    """A run of another definition is shown with a copy of its job, beside it."""
    for each in runs.values():
        job = defs.resolve_job_def(each.dagster_run.job_name)
        assert each.dagster_run.job_snapshot_id == job.get_job_snapshot_id()
