"""The papers of the sample's release: every number in them is one that was released, also in charts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cf_pipeline.cli.papers.write import read_report_tables
from cf_pipeline.outputs.report.content import report_content
from cf_pipeline.outputs.report.editions import COMMITTEE, EDITIONS, PUBLIC
from cf_pipeline.outputs.report.model import ReportEdition
from tests.integration.conftest import SIZES
from tests.support.chart_numbers import drawn_numbers, table_numbers
from tests.support.released_numbers import (
    cells_of_hidden_figures,
    released_figures,
    released_numbers,
    without_counts_of_measures,
)
from tests.support.report_example import LIMITS
from tests.support.report_texts import numbers_of, text_of_html, text_of_pdf, text_of_word
from tests.support.workbook_tables import is_number, numbers_in, open_workbook, table_of

pytestmark = [pytest.mark.slow, pytest.mark.browser]

CODE = "E09000001"


@pytest.fixture(scope="module")
def project(released_project: Path) -> Path:
    """A project whose sample council is released."""
    return released_project


@pytest.mark.parametrize("edition", [COMMITTEE, PUBLIC], ids=lambda edition: edition.name)
def test_every_number_of_the_papers_was_released(project: Path, edition: ReportEdition) -> None:
    tables = read_report_tables(f"duckdb:///{project}/data/warehouse/published.duckdb", edition, CODE)
    known = released_numbers(tables)
    folder = project / "data/outputs/city-of-london" / edition.name
    word = (folder / f"report_{edition.name}_2019-12-31.docx").read_bytes()
    printed = (folder / f"report_{edition.name}_2019-12-31.pdf").read_bytes()
    pages = [path.read_text(encoding="utf-8") for path in folder.glob("*.html")]
    assert len(pages) == 1
    if edition is COMMITTEE:
        texts = [text_of_word(word), text_of_pdf(printed), *map(text_of_html, pages)]
        assert all("<script" not in page for page in pages)
    else:
        texts = [text_of_word(word), text_of_pdf(printed)]
    assert all("They are not part of this release." in text for text in texts)
    for text in texts:
        assert numbers_of([without_counts_of_measures(text)]) - known == set()


@pytest.mark.parametrize("edition", [COMMITTEE, PUBLIC], ids=lambda edition: edition.name)
def test_every_number_of_the_workbook_was_released(project: Path, edition: ReportEdition) -> None:
    url = f"duckdb:///{project}/data/warehouse/published.duckdb"
    tables = read_report_tables(url, edition, CODE, has_data=True)
    folder = project / "data/outputs/city-of-london" / edition.name
    book = open_workbook((folder / f"report_{edition.name}_2019-12-31.xlsx").read_bytes())
    found = set(numbers_in(book))
    assert len(found) > 100
    assert found <= released_figures(tables)
    quarters = table_of(book, "Quarters")
    hidden = quarters[quarters["Value"].eq("[c]")]
    assert len(hidden) and set(hidden["Numerator"]) == {"[c]"}


def test_the_public_workbook_counts_nowhere_one_to_five(project: Path) -> None:
    path = project / "data/outputs/city-of-london/public/report_public_2019-12-31.xlsx"
    book = open_workbook(path.read_bytes())
    sheets = [name for name in book.sheetnames if name[:3] in ("Lat", "Qua", "Yea", "By ")]
    assert {"By age band", "By gender", "Quarters", "Years"} <= set(sheets)
    for name in sheets:
        rows = table_of(book, name)
        counts = [cell for side in ("Numerator", "Denominator") for cell in rows[side] if is_number(cell)]
        assert counts and not [count for count in counts if 1 <= count <= 5], name


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
    papers = sorted(
        path.name for path in folder.iterdir() if path.is_file() and path != folder / "index.html"
    )
    assert papers == [f"report_public_2019-12-31{ending}" for ending in (".docx", ".pdf", ".xlsx")]
    for name in papers:
        assert f'<a href="{name}">' in page


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
