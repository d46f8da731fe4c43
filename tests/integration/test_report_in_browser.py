"""The report in a real browser: no accessibility violation, nothing to scroll sideways, nothing fetched."""

from __future__ import annotations

import pytest

from tests.support import publication_example as example
from tests.support.report_example import render_report

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


@pytest.fixture(scope="module", params=["full", "nearly everything missing"])
def file(request, tmp_path_factory):
    tables = example.report_tables() if request.param == "full" else _sparse()
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(render_report(tables), encoding="utf-8")
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
