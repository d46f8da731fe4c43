"""What an earlier run kept of the replay is used when it belongs together, and worked out again when not."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from assets.kpis import _earlier_replay
from cf_pipeline.kpi.lineage.as_reported import NEWEST_REPORT, REPORTED
from cf_pipeline.kpi.lineage.records_behind import MEMBERS
from cf_pipeline.kpi.lineage.revisions import REVISIONS
from cf_pipeline.project import lake_layout
from cf_pipeline.project.unfinished_runs import RUN_ID

EMPTY = {
    lake_layout.REPORTED: REPORTED.empty(),
    lake_layout.REVISIONS: REVISIONS.empty(),
    lake_layout.NEWEST_REPORT: NEWEST_REPORT.frame([("2019-06-30", "files", "rules", "contacts", "a#0")]),
    lake_layout.MEMBERS: MEMBERS.empty(),
}


def earlier_replay(runs: dict):
    """The earlier replay of a lake whose tables are of these runs; a table of no run is not there."""
    tables = {key: frame.copy() for key, frame in EMPTY.items() if key in runs}
    for key, run in runs.items():
        tables[key].attrs[RUN_ID] = run
    lake = SimpleNamespace(find=lambda key, _slug: tables.get(key))
    return _earlier_replay(SimpleNamespace(partition_key="camden"), lake)


def test_the_records_of_the_newest_report_are_used_when_one_run_wrote_what_it_knows_and_counts() -> None:
    assert len(earlier_replay(dict.fromkeys(EMPTY, "run-1")).newest) == 1


@pytest.mark.parametrize("key", [lake_layout.NEWEST_REPORT, lake_layout.MEMBERS])
def test_records_of_which_one_part_is_of_another_run_or_gone_are_worked_out_again(key) -> None:
    runs = dict.fromkeys(EMPTY, "run-1")
    assert earlier_replay(runs | {key: "run-2"}).newest.empty
    del runs[key]
    assert earlier_replay(runs).newest.empty
