"""What a picture shows stands in its table: every number that is drawn, and every number in its words."""

import re

import pytest

from tests.support.chart_examples import example_charts
from tests.support.chart_numbers import drawn_numbers, numbers, rows_of, table_numbers

CHARTS = example_charts()


@pytest.mark.parametrize("example", CHARTS)
def test_each_number_that_is_drawn_stands_in_the_table(example):
    chart = CHARTS[example]
    assert drawn_numbers(chart) and drawn_numbers(chart) <= table_numbers(chart)


@pytest.mark.parametrize("example", CHARTS)
def test_each_number_in_the_words_of_a_picture_stands_in_the_table(example):
    chart = CHARTS[example]
    labels = [text for layer in chart.spec["layer"] for text in layer["mark"].get("text", [])]
    cells = [row[field] for row in rows_of(chart) for field in ("figure", "group") if field in row]
    words = [" ".join(row["words"]) for row in rows_of(chart) if "words" in row]
    assert numbers([*labels, *cells, *words]) <= table_numbers(chart)


@pytest.mark.parametrize("example", CHARTS)
def test_a_chart_says_its_message_and_how_to_read_it(example):
    chart = CHARTS[example]
    assert chart.title and not chart.title.endswith(".") and "{" not in chart.title
    assert chart.description.endswith(".") and "  " not in chart.description
    assert len({len(row) for row in chart.table.rows} | {len(chart.table.header)}) == 1
    assert re.fullmatch(r"[a-z0-9-]+", chart.name)
