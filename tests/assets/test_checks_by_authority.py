"""A check is of one authority: what it says of one stands until that authority's own next run."""

from __future__ import annotations

import shutil
from pathlib import Path

import dagster as dg
import pytest

import assets.clean
from assets.definitions import defs
from assets.support.partitions import authorities
from cf_pipeline.cli.main import main
from cf_pipeline.project.settings import load_settings
from resources.dagster_storage import open_home
from tests.assets.test_checks import ROWS_OF_THE_BROKEN, broken_gender
from tests.support.small_deliveries import deliver, deliver_damaged

GRAPH = defs.resolve_asset_graph()
EVERY_FILE_READ = dg.AssetCheckKey(dg.AssetKey(["raw", "deliveries"]), "every_file_was_read")
CONTRACT = dg.AssetCheckKey(dg.AssetKey(["clean", "contacts"]), "contract")
PASSED, FAILED = "SUCCEEDED", "FAILED"


def outcomes(project: Path, key: dg.AssetCheckKey) -> dict[str | None, str]:
    """Authority -> the outcome of the check in Dagster's records, where it judges the newest table."""
    with open_home(load_settings(project, {}).dagster_home) as instance:
        found = instance.event_log_storage.get_asset_check_partition_info([key])
    return {each.partition_key: each.latest_execution_status.value for each in found if each.is_current}


@pytest.mark.parametrize("key", sorted(GRAPH.asset_check_keys), ids=lambda key: key.to_user_string())
def test_every_check_of_a_table_by_authority_is_by_authority(key: dg.AssetCheckKey) -> None:
    expected = authorities if GRAPH.get(key.asset_key).is_partitioned else None
    assert GRAPH.get(key).partitions_def == expected


def test_one_authority_that_passes_hides_no_other_s_failure(project: Path) -> None:
    deliver_damaged(project / "raw", "camden", as_at="2019-09-30")
    deliver(project / "raw", "camden")
    assert main(["run"]) == 2
    deliver(project / "raw", "hackney")
    assert main(["run"]) == 2
    assert outcomes(project, EVERY_FILE_READ) == {"camden": FAILED, "hackney": PASSED}


def test_a_failure_is_gone_once_its_own_authority_passes(project: Path) -> None:
    file = deliver_damaged(project / "raw", "camden", as_at="2019-09-30")
    deliver(project / "raw", "camden")
    assert main(["run"]) == 2
    shutil.rmtree(file.parent)
    assert main(["run"]) == 0
    assert outcomes(project, EVERY_FILE_READ) == {"camden": PASSED}


def test_a_blocking_check_stops_what_follows_of_its_own_authority(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(project / "raw", "camden", rows=ROWS_OF_THE_BROKEN)
    deliver(project / "raw", "hackney")
    monkeypatch.setattr(assets.clean, "clean_accepted", broken_gender)
    assert main(["run"]) == 1
    assert outcomes(project, CONTRACT) == {"camden": FAILED, "hackney": PASSED}
    core = project / "data" / "lake" / "core" / "contacts"
    assert [file.name for file in core.iterdir()] == ["hackney.parquet"]
