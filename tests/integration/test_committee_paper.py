"""The whole way, from spreadsheets to the committee's table: every clause of the paper of February 2020.

Value by value from the published facts, and in the words of the published headlines.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pypdf
import pytest

from cf_pipeline.cli.main import main
from cf_pipeline.sample import write_sample
from tests.integration.paper_clauses import CLAUSES
from tests.integration.published_paper import Published, run_in
from tests.support.report_texts import blocks_of_html, numbers_of, text_of_html, text_of_word


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


@pytest.fixture(scope="module")
def papers(paper: Published, patch: pytest.MonkeyPatch) -> Path:
    """The report in every format; its name without ending."""
    patch.chdir(paper.project)
    assert main(["report", "city-of-london"]) == 0
    return paper.project / "data/outputs/city-of-london/papers/report_internal_2019-12-31"


@pytest.mark.browser
def test_page_word_file_and_pdf_say_the_same(papers: Path) -> None:
    page = papers.with_suffix(".html").read_text(encoding="utf-8")
    word = text_of_word(papers.with_suffix(".docx").read_bytes())
    printed = " ".join(side.extract_text() for side in pypdf.PdfReader(papers.with_suffix(".pdf")).pages)
    for name, text in (("page", text_of_html(page)), ("word", word), ("pdf", printed)):
        letters = without_spaces(text)
        assert [words for _, _, words in CLAUSES.values() if without_spaces(words) not in letters] == [], name
        assert [block for block in blocks_of_html(page) if without_spaces(block) not in letters] == [], name
    assert numbers_of([text_of_html(page)]) == numbers_of([word])
    figures = numbers_of([re.sub(r"(?<=\d)\s+(?=[\d,.])", " ", printed)])
    assert numbers_of([text_of_html(page)]) <= figures


@pytest.mark.browser
def test_the_pdf_is_tagged_and_has_sixteen_sides_at_most(papers: Path) -> None:
    printed = pypdf.PdfReader(papers.with_suffix(".pdf"))
    sides = [side.extract_text() for side in printed.pages]
    assert len(sides) <= 16
    assert min(len(text) for text in sides) > 1000  # none is nearly empty
    root: Any = printed.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "en-GB" and "/StructTreeRoot" in root
    titles = [entry["/Title"] for entry in flatten(printed.outline)]
    assert {"This quarter on one page", "Headlines", "Care Leavers", "Definitions"} <= set(titles)


@pytest.mark.browser
def test_members_five_questions_are_answered_on_the_first_side(papers: Path) -> None:
    side = without_spaces(pypdf.PdfReader(papers.with_suffix(".pdf")).pages[0].extract_text())
    answers = [
        # What should worry us this quarter, and what got better?
        "Higher: Conversion rate of contacts to referrals, 43% (25% in the same quarter last year).",
        "Worse than London, in few cases: Child protection plans reviewed in time, 0 of 3 (London 96%).",
        "No measure got better by more than chance explains.",
        # Is 43% good: against target, last year, London or our region?
        "Conversion rate of contacts to referrals for context 43% 25%",
        "No target is set for this quarter",
        # Where will the year end, how sure is that, how right were such forecasts?
        "Contacts received: 329, likely 316 to 340; last year 324.",
        "such ranges held what the year came to.",
        # Are children seen and decided in time?
        "Visits to children in care made in time higher is better 97.4%",
        "Contacts completed within one working day higher is better 91%",
        # What do we not know, and why?
        "percentages and rates cannot be set beside London: no comparable figures of them are published.",
        "They hold what was recorded up to 31 December 2019.",
    ]
    assert [answer for answer in answers if without_spaces(answer) not in side] == []


def without_spaces(text: str) -> str:
    """The letters alone: a line of print ends anywhere, and a font joins some letters."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def flatten(outline: Any) -> Iterator[Any]:
    """The entries of a PDF's bookmarks, those below others included."""
    for entry in outline:
        if isinstance(entry, list):
            yield from flatten(entry)
        else:
            yield entry


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
