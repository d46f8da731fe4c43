"""Figures of different runs are not published together."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cf_pipeline.project import lake_layout as lake
from cf_pipeline.project.lake_layout import table_path
from cf_pipeline.project.settings import load_settings
from cf_pipeline.project.unfinished_runs import UnfinishedRunError, check_runs_finished

IN_ORDER = (
    lake.CORE_DELIVERIES, lake.MEMBERS, lake.QUARTERLY, lake.REVISIONS,
    lake.FORECAST, lake.CONTROL_LIMITS, lake.COMPARISON, lake.HEADLINES,
)  # fmt: skip


def write(root: Path, run: int, keys=IN_ORDER) -> None:
    """The tables as a run leaves them: one second after the other, runs an hour apart."""
    for second, key in enumerate(keys):
        path = table_path(load_settings(root, {}).lake, key, "hackney")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.utime(path, (run * 3600 + second,) * 2)


def check(root: Path) -> None:
    check_runs_finished(load_settings(root, {}), ["hackney"])


@pytest.mark.parametrize("count", range(len(IN_ORDER) + 1))
def test_a_run_that_stopped_between_its_figures_is_named(tmp_path: Path, count: int) -> None:
    write(tmp_path, 1)
    write(tmp_path, 2, IN_ORDER[:count])
    if count in (0, 1, len(IN_ORDER)):  # the figures are those of one run: of the one before, or the new ones
        check(tmp_path)
    else:
        with pytest.raises(UnfinishedRunError, match="hackney: its last run stopped between its figures"):
            check(tmp_path)
    write(tmp_path, 3)
    check(tmp_path)
