"""The report in a real browser: no accessibility violation, nothing to scroll sideways, nothing fetched."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cf_pipeline.outputs.charts.chart import Chart, ChartTable
from cf_pipeline.outputs.report.content import report_content
from cf_pipeline.outputs.report.editions import PUBLIC
from cf_pipeline.outputs.report.formats.html import render_html
from cf_pipeline.outputs.report.model import Cell, Table
from tests.support import public_example
from tests.support import publication_example as example
from tests.support.published_tables import with_views
from tests.support.report_example import LIMITS, render_report

pytestmark = pytest.mark.browser


def _sparse():
    facts = example.kpi_quarterly()
    facts[["numerator", "denominator", "value"]] = None
    return example.report_tables(
        kpi_quarterly=facts.assign(symbol="x", reason="Nothing was received for this period."),
        kpi_forecast=example.kpi_forecast().iloc[:0],
        kpi_comparison=example.kpi_comparison().iloc[:0],
        headlines=example.headlines().iloc[:0],
    )


def _drawn():
    """The report with a line beside each headline, and an area's chart of twelve quarters."""
    rows = tuple((f"Q{n % 4 + 1} {2017 + n // 4}/{18 + n // 4}", "80", "52 to 105") for n in range(12))
    table = ChartTable(("Quarter", "Contacts", "Usual range"), rows)
    chart = Chart("c", "Contacts are steady", "A line of twelve quarters.", table, {})
    report = report_content(example.report_tables(), example.CODE, wording_limits=LIMITS)
    sections = []
    for section in report.sections:
        blocks = tuple(_with_trend(block, chart) for block in section.blocks)
        areas = tuple(replace(area, blocks=(chart, *area.blocks)) for area in section.sections)
        sections.append(replace(section, blocks=blocks, sections=areas if section.key == "measures" else ()))
    svg = '<svg role="img" viewBox="0 0 110 30" width="110" height="30"><title>Steady</title></svg>'
    return render_html(replace(report, sections=tuple(sections)), lambda _: svg)


def _with_trend(block, chart):
    if not isinstance(block, Table) or block.kind != "headlines":
        return block
    rows = tuple(replace(row, cells=(*row.cells, Cell("", chart=chart))) for row in block.rows)
    return replace(block, columns=(*block.columns, "Trend"), rows=rows)


def _released():
    """The public's edition, with figures that are hidden."""
    tables = with_views(public_example.tables(), "v_kpi_change")
    return render_html(report_content(tables, public_example.CODE, wording_limits=LIMITS, edition=PUBLIC))


PAGES = {
    "full": lambda: render_report(example.report_tables()),
    "nearly everything missing": lambda: render_report(_sparse()),
    "with charts": _drawn,
    "with hidden figures": _released,
}


@pytest.fixture(scope="module", params=PAGES)
def file(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(PAGES[request.param](), encoding="utf-8")
    return path


def test_it_is_accessible_fits_and_fetches_nothing(page):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1]
    assert page.fetched == [page.url]
    # A table that is one block a row on a phone still is a table for a screen reader.
    assert page.get_by_role("table").count() >= 3
    assert page.get_by_role("cell").count() > 10


def test_on_paper_tables_are_tables(page):
    page.emulate_media(media="print")
    laid_out = page.evaluate("[...document.querySelectorAll('.wide')].map(e => getComputedStyle(e).display)")
    assert set(laid_out) == {"table"}


def test_no_text_is_cut_off_or_tiny(page):
    small = page.evaluate(
        """() => [...document.querySelectorAll('main *')].filter(e => e.childElementCount === 0
               && e.textContent.trim() && !e.closest('.unseen, thead')
               && parseFloat(getComputedStyle(e).fontSize) < 12).length"""
    )
    assert small == 0
    cut = page.evaluate(
        """() => [...document.querySelectorAll('td, tbody th, p, li, dd')].filter(e => !e.closest('.unseen')
               && e.scrollWidth > e.clientWidth + 1).map(e => e.textContent.trim().slice(0, 40))"""
    )
    assert cut == []


def test_the_skip_link_comes_first_and_leads_to_the_report(page):
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
