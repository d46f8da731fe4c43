"""The public page in a real browser: WCAG 2.2 AA as far as a program can tell, at three widths, in print."""

from __future__ import annotations

import pytest

from cf_pipeline.outputs.charts.drawing.picture import draw_svg
from cf_pipeline.outputs.open_data.files import open_data_files
from cf_pipeline.outputs.public_page.html import render_public_page
from tests.support import public_example as example

pytestmark = pytest.mark.browser

AXE = {
    "rules": {"target-size": {"enabled": True}}
}  # of WCAG 2.2, which axe leaves out unless it is asked for
TABLES = {
    "some hidden": lambda: example.tables(withheld=[("contacts_1wd_pct", "gender")]),
    "everything hidden": example.tables_with_everything_hidden,
}


@pytest.fixture(scope="module", params=sorted(TABLES))
def file(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("public")
    tables = TABLES[request.param]()
    data = {f"open_data/{name}": content for name, content in open_data_files(tables, example.CODE).items()}
    for path, content in data.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)
    path = folder / "public_page.html"
    path.write_text(render_public_page(tables, example.CODE, data, {}, draw_svg), encoding="utf-8")
    return path


def test_it_is_accessible_fits_and_fetches_nothing(page):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options=AXE)
    assert found.violations_count == 0, found.generate_report()
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1]
    assert page.fetched == [page.url]


def test_a_table_stays_one_for_a_screen_reader_at_every_width(page):
    tables = page.locator("table").count()
    assert page.get_by_role("table").count() == tables
    assert page.get_by_role("cell", name="hidden").count() == (4 if tables else 0)


def test_on_paper_tables_are_tables(page):
    page.emulate_media(media="print")
    laid_out = page.evaluate("[...document.querySelectorAll('.wide')].map(e => getComputedStyle(e).display)")
    assert set(laid_out) <= {"table"}


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


def test_the_keyboard_reaches_the_figures_and_every_link_leads_somewhere(page, file):
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the figures"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    links = page.evaluate("[...document.querySelectorAll('a')].map(e => e.getAttribute('href'))")
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    for link in links:
        assert link.removeprefix("#") in ids if link.startswith("#") else (file.parent / link).is_file()
