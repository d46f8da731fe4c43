"""What holds for every page with figures."""

from __future__ import annotations

import re
from collections import Counter

import pandas as pd
import pytest

from cf_pipeline.dashboard.content import ChartView, Content, Link, Links, Text, TextList
from cf_pipeline.dashboard.page import PageError
from cf_pipeline.dashboard.site_map import NAVIGATION
from tests.support import figure_visit as example

VISITS = {
    "home": ("home", {}, {}),
    "overview": ("overview", {}, {}),
    "overview of an earlier quarter": ("overview", {"quarter": "2019/20 Q1"}, {}),
    "area": ("area", {}, {"area": "contacts-and-referrals"}),
    "area of a distribution": ("area", {}, {"area": "children-in-need"}),
    "count": ("kpi", {}, {"kpi_id": "contacts_count"}),
    "percentage": ("kpi", {"basis": "ytd"}, {"kpi_id": "assess_45wd_pct"}),
    "whole years": ("kpi", {"basis": "year"}, {"kpi_id": "contacts_count"}),
    "distribution": ("kpi", {}, {"kpi_id": "cin_duration_bands"}),
    "team and age": ("kpi", {"breakdown": "team_age_band"}, {"kpi_id": "cin_open_stock"}),
    "without a figure": ("kpi", {}, {"kpi_id": "cla_3plus_placements_count"}),
    "compare": ("compare", {"kpi": "contacts_count", "kpi2": "assess_45wd_pct"}, {}),
    "compare months": ("compare", {"kpi": "contacts_count", "period": "month", "breakdown": "team"}, {}),
    "forecasts": ("forecasts", {}, {}),
    "search": ("search", {"q": "contacts"}, {}),
    "search without words": ("search", {}, {}),
}


@pytest.fixture(scope="module")
def published():
    found = example.tables(targets=[example.target("contacts_1wd_pct", 95)])
    return {**found, "worklist": WORKLISTS}


WORKLISTS = pd.DataFrame(
    {
        "authority_code": ["E09000001"],
        "worklist": ["contacts_undecided"],
        "title": ["Contacts without a decision"],
        "position": [1],
    }
)


@pytest.fixture(params=VISITS)
def made(request, published):
    page, query, values = VISITS[request.param]
    return example.content_of(page, published, query, **values)


def links_of(content: Content) -> list[Link]:
    found = list(content.trail)
    for block in content.blocks():
        if isinstance(block, Text | ChartView | Links):
            found += block.links
        if isinstance(block, TextList):
            found += [link for point in block.points for link in point.links]
    cells = [cell for table in content.tables() for row in table.rows for cell in row]
    return found + [Link(cell.text, cell.href) for cell in cells if cell.href]


def test_each_row_has_a_cell_a_column(made):
    for table in made.tables():
        assert {len(row) for row in table.rows} <= {len(table.columns)}, table.name


def test_no_two_parts_of_a_page_have_one_name(made):
    names = [table.name for table in made.tables()] + [section.key for section in made.sections]
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert all(re.fullmatch("[a-z0-9-]+", name) for name in names)


def test_each_cell_says_something(made):
    for table in made.tables():
        for row in table.rows:
            assert row[0].text
            silent = [cell for cell in row if cell.text in ("–", "c") and not cell.unseen]
            assert not silent, table.name


def test_links_lead_to_pages_that_there_are(made):
    patterns = [
        re.compile(re.sub(r"\\\{\w+\\\}", "[^/?]+", re.escape(path)) + r"(\?[^#]*)?(#[\w-]+)?$")
        for path in example.visit(example.tables()).path_of.values()
    ]
    assert [link for link in links_of(made) if not any(each.match(link.href) for each in patterns)] == []


@pytest.mark.parametrize("name", VISITS)
def test_who_sees_figures_alone_is_led_to_no_record(name, published):
    page, query, values = VISITS[name]
    content = example.content_of(page, published, query, example.VIEWER, **values)
    private = ("/records/", "/today", "/changes")
    assert [link.href for link in links_of(content) if any(part in link.href for part in private)] == []


@pytest.mark.parametrize(
    ("page", "query", "values", "kind"),
    [
        ("overview", {"quarter": "2019/20 Q7"}, {}, "quarter"),
        ("area", {}, {"area": "nowhere"}, "area"),
        ("kpi", {}, {"kpi_id": "contact_count"}, "measure"),
        ("kpi", {"basis": "month"}, {"kpi_id": "contacts_count"}, "basis"),
        ("kpi", {"breakdown": "shoe_size"}, {"kpi_id": "contacts_count"}, "breakdown"),
        ("compare", {"kpi": "contact_count"}, {}, "measure"),
        ("compare", {"period": "week"}, {}, "period"),
        ("compare", {"with": "atlantis"}, {}, "authority"),
        ("forecasts", {"quarter": "soon"}, {}, "quarter"),
    ],
)
def test_a_value_that_is_not_known_is_a_page_that_says_so(published, page, query, values, kind):
    with pytest.raises(PageError) as error:
        example.content_of(page, published, query, **values)
    assert error.value.status == 404
    assert error.value.title.startswith(f"There is no {kind} ")
    assert error.value.links


def test_the_navigation_leads_to_the_main_pages():
    assert {"overview", "compare", "forecasts"} <= {name for name, _ in NAVIGATION}
    assert {"overview", "compare", "forecasts", "home", "search", "area", "kpi"} == set(example.PAGES)
