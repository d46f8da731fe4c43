"""Figures of different runs are not published together."""

from __future__ import annotations

import pandas as pd
import pytest

from cf_pipeline.project import lake_layout as lake
from cf_pipeline.project.lake_layout import TableKey
from cf_pipeline.project.unfinished_runs import RUN_ID, SOURCE_RUNS, is_run_finished, source_run

SOURCES: dict[TableKey, tuple[TableKey, ...]] = {
    lake.MEMBERS: (lake.CORE_DELIVERIES,),
    lake.QUARTERLY: (lake.CORE_DELIVERIES,),
    lake.MONTHLY: (lake.CORE_DELIVERIES,),
    lake.BY_TEAM: (lake.CORE_DELIVERIES,),
    lake.REVISIONS: (lake.CORE_DELIVERIES,),
    lake.FORECAST: (lake.QUARTERLY,),
    lake.CONTROL_LIMITS: (lake.QUARTERLY,),
    lake.COMPARISON: (lake.QUARTERLY, lake.FORECAST),
    lake.HEADLINES: (lake.QUARTERLY, lake.FORECAST, lake.CONTROL_LIMITS),
}
"""The tables of figures in the order in which they are made, each with what it is made from."""
Tables = dict[TableKey, pd.DataFrame]


def make(tables: Tables, run: str, keys: list[TableKey]) -> Tables:
    """The tables after a run made those of `keys` from what is there."""
    made = dict(tables)
    for key in keys:
        made[key] = pd.DataFrame()
        sources: dict[str, str] = {}
        for source in SOURCES.get(key, ()):
            sources |= source_run(source, made[source].attrs[RUN_ID])
        made[key].attrs = {RUN_ID: run, SOURCE_RUNS: sources}
    return made


IN_ORDER = [lake.CORE_DELIVERIES, *SOURCES]
FIRST = make({}, "first", IN_ORDER)


@pytest.mark.parametrize("count", range(len(IN_ORDER) + 1))
def test_a_run_that_stopped_between_its_figures_is_not_finished(count: int) -> None:
    stopped = make(FIRST, "second", IN_ORDER[:count])
    assert is_run_finished(stopped) == (count in (0, 1, len(IN_ORDER)))
    assert is_run_finished(make(stopped, "third", IN_ORDER))


@pytest.mark.parametrize("key", list(SOURCES))
def test_a_run_in_which_one_step_failed_and_others_went_on_is_not_finished(key: TableKey) -> None:
    others = [each for each in IN_ORDER if each != key]
    assert not is_run_finished(make(FIRST, "second", others))


def test_a_table_made_again_from_the_same_figures_belongs_to_them() -> None:
    assert is_run_finished(make(FIRST, "again", [lake.FORECAST, lake.COMPARISON, lake.HEADLINES]))


@pytest.mark.parametrize("key", [key for key in SOURCES if key != lake.BY_TEAM])
def test_figures_of_which_a_table_is_not_there_are_not_finished(key: TableKey) -> None:
    assert not is_run_finished({name: frame for name, frame in FIRST.items() if name != key})


def test_a_table_that_an_older_version_did_not_make_may_be_missing() -> None:
    assert is_run_finished({name: frame for name, frame in FIRST.items() if name != lake.BY_TEAM})


def test_tables_of_an_older_version_name_no_runs_and_belong_together_until_a_new_one_is_made() -> None:
    older = {key: pd.DataFrame() for key in IN_ORDER}
    older[lake.QUARTERLY].attrs = {RUN_ID: "older"}
    assert is_run_finished(older)
    assert not is_run_finished(make(older, "new", [lake.CORE_DELIVERIES, lake.MEMBERS]))
    assert not is_run_finished(make(older, "new", [lake.CORE_DELIVERIES, lake.MEMBERS, lake.QUARTERLY]))
    assert not is_run_finished(make(older, "new", IN_ORDER[:6]))
    assert is_run_finished(make(older, "new", IN_ORDER))
