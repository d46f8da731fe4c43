"""A purge or an erasure that is killed anywhere is completed by the next command, and figures stay."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from cf_pipeline.operations.audit import verify_actions
from cf_pipeline.warehouse import read_table, read_tables
from cf_pipeline.warehouse.tables.schemas import RESTRICTED
from tests.support.killed_command import Death, Project
from tests.support.planted_children import FIRST, SECOND, SLUG, deliver_planted, planted_ids, planted_texts
from tests.support.planted_council import FIGURES, sorted_rows
from tests.support.stored_bytes import find_texts, stored_contents

COUNT, OTHERS = 12, 24
PRIVACY = "cf_pipeline.operations.privacy"
PURGE = ("purge", "--by", "Records manager")
ERASE = ("erase", SLUG, *planted_ids(COUNT), "--by", "DPO", "--because", "asked for")
DEATHS = {
    "when the purge is registered": (PURGE, Death(f"{PRIVACY}.purge", "record_action")),
    "before the purge is completed": (PURGE, Death(f"{PRIVACY}.pending_erasures", "complete")),
    "before the erasure is completed": (ERASE, Death(f"{PRIVACY}.pending_erasures", "complete")),
}


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Project, Path]]:
    """A project, and a copy of its data after its run."""
    project = Project(tmp_path_factory.mktemp("killed_purges"))
    for delivery in (FIRST, SECOND):
        deliver_planted(project.root / "raw", delivery, COUNT, OTHERS, has_ends=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CF_JOBS", "1")
        assert project.run("run")[0] == 0
        copy = project.root / "copy"
        shutil.copytree(project.data, copy)
        yield project, copy


@pytest.mark.parametrize(("command", "death"), DEATHS.values(), ids=DEATHS)
def test_the_next_command_completes_it(
    council: tuple[Project, Path], command: tuple[str, ...], death: Death
) -> None:
    project, copy = council
    shutil.rmtree(project.data)
    shutil.copytree(copy, project.data)
    url = f"duckdb:///{project.data}/warehouse/published.duckdb"
    before, members = read_tables(url), members_of(url)
    people = read_table(url, "person", schema=RESTRICTED)
    refs = people.loc[people["child_id"].isin(planted_ids(COUNT)), "person_ref"].tolist()
    planted = [*planted_texts(COUNT), *refs]
    assert len(refs) == COUNT
    assert find_texts(stored_contents(project.data), planted)
    assert project.run(*command, death=death)[0] == -9
    assert project.run("run")[0] == 0
    assert find_texts(stored_contents(project.data), planted) == {}
    after = read_tables(url)
    for table in FIGURES:
        pd.testing.assert_frame_equal(sorted_rows(after[table]), sorted_rows(before[table]))
    pd.testing.assert_series_equal(members_of(url), members)
    assert verify_actions(project.data).lines


def members_of(url: str) -> pd.Series:
    """Figure and role -> number of members."""
    members = read_table(url, "kpi_member", schema=RESTRICTED)
    return members.groupby(["quarter_key", "basis", "kpi_id", "role"]).size()
