"""The data dictionary in a real browser: accessible, nothing to scroll sideways, links that work."""

from __future__ import annotations

import os
import shutil

import pytest

from cf_pipeline.outputs.data_dictionary.html import render_html
from cf_pipeline.warehouse.tables.schemas import PUBLISHED, RESTRICTED
from cf_pipeline.warehouse.tables.view_contracts import schema_contract

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SIZES = {"desktop": (1280, 900), "phone": (320, 800)}


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        if os.environ.get("CI", "").lower() in ("1", "true"):
            pytest.fail("no chromium on this machine")
        pytest.skip("no chromium on this machine; install Debian's package chromium to run the browser tests")
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield opened
        opened.close()


@pytest.fixture(params=sorted(SIZES))
def page(request, browser, tmp_path):
    file = tmp_path / "data_dictionary.html"
    file.write_text(render_html([schema_contract(PUBLISHED), schema_contract(RESTRICTED)]), encoding="utf-8")
    width, height = SIZES[request.param]
    context = browser.new_context(viewport={"width": width, "height": height}, offline=True)
    opened = context.new_page()
    opened.goto(file.as_uri())
    yield opened
    context.close()


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
