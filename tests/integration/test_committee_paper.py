"""The whole way, from spreadsheets to the committee's table: every clause of the paper of February 2020.

Value by value from the published facts, and in the words of the published headlines.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from cf_pipeline.sample import write_sample
from tests.integration.paper_clauses import CLAUSES
from tests.integration.published_paper import Published, run_in


@pytest.fixture(scope="module")
def patch() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory, patch: pytest.MonkeyPatch) -> Published:
    project = tmp_path_factory.mktemp("paper")
    write_sample(project / "raw")
    assert run_in(project, patch) == 0
    return Published(project)


def test_the_paper_has_36_clauses() -> None:
    assert len(CLAUSES) == 36


@pytest.mark.parametrize("clause", CLAUSES)
def test_the_figure_holds_and_the_words_are_the_papers(paper: Published, clause: str) -> None:
    holds, area, words = CLAUSES[clause]
    assert holds(paper)
    assert words in paper.said(area)


def test_the_report_shows_the_published_headlines(paper: Published) -> None:
    page = (paper.project / "data/outputs/city-of-london/committee_report.html").read_text(encoding="utf-8")
    assert "Internal edition" in page
    for _, area, words in CLAUSES.values():
        assert area in page
        assert words.replace("'", "&#39;") in page or words in page


@pytest.mark.slow
def test_a_second_run_loads_nothing_and_a_new_one_gives_the_same_figures(
    paper: Published, patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_in(paper.project, patch) == 0
    assert "Nothing new" in capsys.readouterr().out
    (paper.project / "data" / "last_run.json").unlink()
    assert run_in(paper.project, patch) == 0
    assert "identical to the last digit" in capsys.readouterr().out
    assert Published(paper.project).figures_hash == paper.figures_hash


@pytest.mark.slow
def test_ofsteds_own_layout_gives_identical_facts(
    paper: Published, tmp_path: Path, patch: pytest.MonkeyPatch
) -> None:
    write_sample(tmp_path / "raw", layout="ofsted")
    assert run_in(tmp_path, patch) == 0
    ofsted = Published(tmp_path)
    pd.testing.assert_frame_equal(
        ofsted.facts.drop(columns="run_id"), paper.facts.drop(columns="run_id"), check_exact=True
    )
    assert ofsted.figures_hash == paper.figures_hash
