"""The data dictionary in a real browser: accessible, nothing to scroll sideways, links that work."""

from __future__ import annotations

import pytest

from cf_pipeline.outputs.data_dictionary.html import render_html
from cf_pipeline.warehouse.tables.view_contracts import schema_contracts

pytestmark = pytest.mark.browser


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "data_dictionary.html"
    path.write_text(render_html(schema_contracts()), encoding="utf-8")
    return path


def test_it_is_accessible_and_fits(page):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1]
    tables = page.evaluate("[...document.querySelectorAll('table')].filter(e => !e.caption).length")
    assert tables == 0


def test_a_link_of_a_column_leads_to_its_table(page):
    page.locator("#published_v1-fact_kpi_quarterly a[href='#published_v1-dim_kpi']").click()
    place = page.evaluate("document.querySelector('#published_v1-dim_kpi').getBoundingClientRect().top")
    assert 0 <= place < 100
    cut = page.evaluate(
        """[...document.querySelectorAll('td, th, p, li')]
               .filter(e => e.scrollWidth > e.clientWidth + 1).length"""
    )
    assert cut == 0
