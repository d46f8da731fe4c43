"""Each kind of page in a browser: axe, narrow screens, keyboard, with and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from cf_pipeline.cli.serving.warehouse_source import WarehouseSource
from cf_pipeline.dashboard.access.identity import AccessSettings
from cf_pipeline.dashboard.app import make_app
from cf_pipeline.outputs.charts.drawing.picture import draw_svg
from tests.integration.conftest import SIZES
from tests.support.dashboard_example import KeptLog
from tests.support.web_server import serve

pytestmark = [pytest.mark.browser, pytest.mark.slow]

COUNCIL = "/city-of-london"
LIST = f"{COUNCIL}/today/care_visits"
CHILD = "the first child of a list"
PAGES = {
    "all authorities": "/?all=1",
    "overview": COUNCIL,
    "area": f"{COUNCIL}/area/contacts-and-referrals",
    "measure": f"{COUNCIL}/kpi/assess_45wd_pct?breakdown=team",
    "distribution": f"{COUNCIL}/kpi/cin_duration_bands",
    "comparison": f"{COUNCIL}/compare?kpi=contacts_count&kpi2=contacts_1wd_pct&period=month&breakdown=team",
    "forecasts": f"{COUNCIL}/forecasts",
    "search": f"{COUNCIL}/search?q=visit",
    "unknown quarter": f"{COUNCIL}?quarter=soon",
    "today": f"{COUNCIL}/today",
    "list": LIST,
    "filtered list": f"{LIST}?due=over&find=nobody",
    "list in parts": f"{COUNCIL}/today/caseload?part=2",
    "errors": f"{COUNCIL}/today/data_errors",
    "caseload": f"{COUNCIL}/caseload",
    "changes": f"{COUNCIL}/changes",
    "data quality": f"{COUNCIL}/data-quality",
    "records": f"{COUNCIL}/records/contacts_count?quarter=2019%2F20+Q3",
    "child": CHILD,
    "unknown child": f"{COUNCIL}/child/nobody",
}
TREND = ".drawing[data-count]"


@pytest.fixture(scope="module")
def address(sample_project) -> Iterator[str]:
    url = f"duckdb:///{sample_project}/data/warehouse/published.duckdb"
    with serve(make_app(WarehouseSource(url), KeptLog(), AccessSettings(), draw_svg)) as base:
        yield base


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def has_scripts(request) -> bool:
    return bool(request.param)


@pytest.fixture(params=sorted(SIZES))
def page(request, browser, has_scripts) -> Iterator[Any]:
    width, height = SIZES[request.param]
    context = browser.new_context(viewport={"width": width, "height": height})
    if not has_scripts:  # axe is a script, so the page's own is what is missing
        context.route("**/dashboard.js*", lambda route: route.abort())
    opened = context.new_page()
    opened.complaints = []
    opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.on("console", lambda line: opened.complaints.append(line.text) if line.type == "error" else None)
    yield opened
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(page, address, name):
    page.goto(address + (LIST if name == "child" else PAGES[name]))
    if name == "child":
        page.locator("tbody th a").first.click()
        page.wait_for_url("**/child/*")
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert [text for text in page.complaints if "404" not in text and "ERR_FAILED" not in text] == []


@pytest.fixture
def visitor(browser, address) -> Iterator[Any]:
    context = browser.new_context()
    opened = context.new_page()
    opened.goto(f"{address}{COUNCIL}/kpi/contacts_count")
    yield opened
    context.close()


def test_the_figures_under_the_pointer_are_those_of_the_table(visitor):
    drawing = visitor.locator(TREND).first
    drawing.scroll_into_view_if_needed()
    box = drawing.locator("svg").bounding_box()
    first, last, count = (float(drawing.get_attribute(f"data-{name}")) for name in ("first", "last", "count"))
    rows = visitor.locator("figure").first.locator("tbody tr")
    for index in (0, 4, int(count) - 1):
        share = first + (last - first) * index / (count - 1)
        visitor.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2)
        texts = [text.strip() for text in rows.nth(index).locator("th, td").all_text_contents()]
        words = visitor.locator(".readout").first.text_content()
        assert words.startswith(f"{texts[0]}: ")
        assert all(text in words for text in texts)


def test_the_keyboard_steps_through_the_quarters_of_a_chart(visitor):
    steps = visitor.locator("input.steps").first
    steps.focus()
    newest = steps.get_attribute("aria-valuetext")
    visitor.keyboard.press("ArrowLeft")
    assert newest.startswith("Q3 2019/20: ")
    assert steps.get_attribute("aria-valuetext").startswith("Q2 2019/20: ")
    assert visitor.locator(".at-point").first.is_visible()


def test_the_keyboard_alone_leads_past_the_navigation_and_on_to_another_page(visitor):
    visitor.keyboard.press("Tab")
    assert visitor.evaluate("document.activeElement.className") == "skip"
    visitor.keyboard.press("Enter")
    visitor.keyboard.press("Tab")  # the first link of the trail
    assert visitor.evaluate("document.activeElement.textContent") == "City of London"
    visitor.keyboard.press("Enter")
    visitor.wait_for_url(f"**{COUNCIL}")
    assert visitor.locator("h1").text_content() == "City of London: Q3 2019/20"


def test_a_form_is_filled_in_and_sent_by_keyboard_without_scripts(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}{COUNCIL}/kpi/contacts_count")
    page.get_by_label("Quarter", exact=True).focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Show").first.press("Enter")
    page.wait_for_url("**quarter=2019*Q2*")
    assert page.locator("h1").text_content() == "Contacts received, Q2 2019/20"
    context.close()


def first_column(page: Any) -> list[str]:
    """The texts of the first column of the rows that are shown."""
    return [text.strip() for text in page.locator("tbody tr:visible > th").all_text_contents()]


def test_a_table_is_sorted_the_same_with_and_without_a_script(browser, address):
    orders = {}
    for has_scripts in (True, False):
        context = browser.new_context(java_script_enabled=has_scripts)
        page = context.new_page()
        page.goto(address + LIST)
        for _ in range(2):
            page.get_by_role("link", name="Last visit").press("Enter")
            if not has_scripts:
                page.wait_for_url("**sort=*")
            orders.setdefault(has_scripts, []).append(first_column(page))
        assert ("sort=" in page.url) is not has_scripts
        context.close()
    assert orders[True] == orders[False]
    assert orders[True][0] != orders[True][1]


def test_a_list_is_filtered_while_one_types_and_by_the_server(browser, address):
    found = {}
    for has_scripts in (True, False):
        context = browser.new_context(java_script_enabled=has_scripts)
        page = context.new_page()
        page.goto(address + LIST)
        page.get_by_label("Only rows with").fill("fostering dec")
        if not has_scripts:
            page.get_by_label("Only rows with").press("Enter")
            page.wait_for_url("**find=*")
        found[has_scripts] = first_column(page)
        context.close()
    assert found[True] == found[False]
    assert 0 < len(found[True]) < 27


def test_a_list_is_read_by_keyboard_alone(browser, address):
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}{COUNCIL}/today")
    page.get_by_label("Case id of a child").focus()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Visits to children in care":
            break
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{LIST}")
    child = first_column(page)[0]
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == child:
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/child/*")
    assert child in page.locator("h1").text_content()
    assert child not in page.url
    context.close()
