"""The rows of a table as an address asks for them."""

from __future__ import annotations

import pytest

from cf_pipeline.dashboard.content import Cell, Column, TableView
from cf_pipeline.dashboard.page import PageError
from cf_pipeline.dashboard.rendering.arrangement import arrange_table


def table(rows, *, is_long=False):
    cells = tuple(tuple(cell if isinstance(cell, Cell) else Cell(str(cell)) for cell in row) for row in rows)
    return TableView(
        "visits", "Visits", (Column("Child"), Column("Days", is_number=True)), cells, "No visits.", is_long
    )


def firsts(arranged):
    return [row[0].text for row in arranged.table.rows]


THREE = [("b", Cell("10", 10)), ("C", Cell("9", 9)), ("a", Cell("–", unseen="not known", value=""))]


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ({}, ["b", "C", "a"]),
        ({"sort": "visits.1"}, ["a", "b", "C"]),
        ({"sort": "visits.1", "order": "desc"}, ["C", "b", "a"]),
        ({"sort": "visits.2"}, ["C", "b", "a"]),  # by number, not by text; an empty cell comes last
        ({"sort": "visits.2", "order": "desc"}, ["b", "C", "a"]),  # in either order
        ({"sort": "other.1"}, ["b", "C", "a"]),
    ],
)
def test_rows_are_sorted_by_the_column_of_the_address(query, order):
    assert firsts(arrange_table(table(THREE), query)) == order


@pytest.mark.parametrize("number", ["0", "3", "-1", "x", "", "²", "9" * 30])
def test_a_column_that_is_not_there_is_named_as_such(number):
    with pytest.raises(PageError, match="has 2 columns"):
        arrange_table(table(THREE), {"sort": f"visits.{number}"})


def test_a_column_that_is_sorted_is_sorted_the_other_way_by_its_link():
    plain = arrange_table(table(THREE), {"quarter": "2019/20 Q3"}).columns[1]
    assert (plain.direction, plain.link.href) == ("", "?quarter=2019%2F20+Q3&sort=visits.2#visits")
    up = arrange_table(table(THREE), {"sort": "visits.2"}).columns[1]
    assert (up.direction, up.link.href) == ("ascending", "?sort=visits.2&order=desc#visits")
    down = arrange_table(table(THREE), {"sort": "visits.2", "order": "desc"}).columns[1]
    assert (down.direction, down.link.href) == ("descending", "?sort=visits.2#visits")


def test_a_long_list_has_parts_of_a_hundred_rows():
    rows = [(f"child {number:03}", Cell(str(number), number)) for number in range(250)]
    first = arrange_table(table(rows, is_long=True), {})
    last = arrange_table(table(rows, is_long=True), {"part": "3", "sort": "visits.2", "order": "desc"})
    assert (first.row_count, first.first, len(first.table.rows)) == (250, 1, 100)
    assert firsts(last) == [f"child {number:03}" for number in reversed(range(50))]
    assert [link.text for link in last.parts if link.is_current] == ["3"]
    assert "sort=visits.2" in last.parts[0].href
    whole = arrange_table(table(rows), {"part": "3"})
    assert (len(whole.table.rows), whole.parts) == (250, ())


@pytest.mark.parametrize("part", ["0", "4", "-1", "two", "1.0", "²"])
def test_a_part_that_is_not_there_is_named_as_such(part):
    rows = [(str(number), "x") for number in range(250)]
    with pytest.raises(PageError, match="has 3 parts of 100 rows"):
        arrange_table(table(rows, is_long=True), {"part": part})


def test_a_filter_keeps_the_rows_with_all_its_words():
    rows = [("Ann", Cell("3 days", detail="Team A")), ("Ben", Cell("3 days", detail="Team B"))]
    found = arrange_table(table(rows, is_long=True), {"find": "TEAM b"})
    assert (firsts(found), found.row_count, found.all_count) == (["Ben"], 1, 2)
    assert arrange_table(table(rows, is_long=True), {"find": "nobody"}).row_count == 0
    assert arrange_table(table(rows), {"find": "nobody"}).row_count == 2
