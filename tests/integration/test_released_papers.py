"""The papers of the sample's release: every number in them is one that was released, also in charts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cf_pipeline.cli.main import main
from cf_pipeline.cli.papers.write import read_report_tables
from cf_pipeline.outputs.report.content import report_content
from cf_pipeline.outputs.report.editions import COMMITTEE, EDITIONS, PUBLIC
from cf_pipeline.outputs.report.model import ReportEdition
from cf_pipeline.sample import write_sample
from tests.integration.conftest import SIZES
from tests.integration.published_paper import run_in
from tests.support.chart_numbers import drawn_numbers, table_numbers
from tests.support.released_numbers import (
    cells_of_hidden_figures,
    released_numbers,
    without_counts_of_measures,
)
from tests.support.report_example import LIMITS
from tests.support.report_texts import numbers_of, text_of_html, text_of_word

pytestmark = [pytest.mark.slow, pytest.mark.browser]

CODE = "E09000001"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A project whose sample council is released."""
    folder = tmp_path_factory.mktemp("released")
    write_sample(folder / "raw")
    with pytest.MonkeyPatch.context() as patch:
        assert run_in(folder, patch) == 0
        assert main(["release"]) == 0
        yield folder


@pytest.mark.parametrize("edition", [COMMITTEE, PUBLIC], ids=lambda edition: edition.name)
def test_every_number_of_the_papers_was_released(project: Path, edition: ReportEdition) -> None:
    tables = read_report_tables(f"duckdb:///{project}/data/warehouse/published.duckdb", edition, CODE)
    known = released_numbers(tables)
    folder = project / "data/outputs/city-of-london" / edition.name
    word = (folder / f"report_{edition.name}_2019-12-31.docx").read_bytes()
    pages = [path.read_text(encoding="utf-8") for path in folder.glob("*.html")]
    assert len(pages) == 1
    if edition is COMMITTEE:
        texts = [text_of_word(word), *map(text_of_html, pages)]
        assert all("<script" not in page for page in pages)
    else:
        texts = [text_of_word(word)]
    assert all("They are not part of this release." in text for text in texts)
    for text in texts:
        assert numbers_of([without_counts_of_measures(text)]) - known == set()


@pytest.mark.parametrize("name", ["committee", "public"])
def test_hidden_figures_are_symbols_and_a_chart_draws_nothing_that_its_table_has_not(
    project: Path, name: str
) -> None:
    edition = EDITIONS[name]
    tables = read_report_tables(f"duckdb:///{project}/data/warehouse/published.duckdb", edition, CODE)
    report = report_content(tables, CODE, wording_limits=LIMITS, edition=edition)
    hidden = cells_of_hidden_figures(report, tables)
    assert hidden and set(hidden.values()) == {"c"}
    charts = list(report.charts())
    assert len(charts) > 5
    for chart in charts:
        assert drawn_numbers(chart) <= table_numbers(chart), chart.name


def test_the_public_page_has_charts_and_documents_beside_it(project: Path) -> None:
    folder = project / "data/outputs/city-of-london/public"
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert page.count('<svg role="img"') >= 3
    assert sorted(path.suffix for path in folder.iterdir() if path.is_file()) == [".docx", ".html", ".pdf"]


@pytest.mark.parametrize("path", ["public/index.html", "committee/report_committee_2019-12-31.html"])
@pytest.mark.parametrize("width", [width for width, _ in SIZES.values()])
def test_a_released_page_is_accessible_and_fits(project: Path, browser: Any, path: str, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(viewport={"width": width, "height": 900}, offline=True)
    page = context.new_page()
    page.goto((project / "data/outputs/city-of-london" / path).as_uri())
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    context.close()
