"""One figure as the public reads it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from cf_pipeline.outputs.public_page.cells import CellWriter, PublicCell, value_text

COUNT = SimpleNamespace(kind="flow_count", decimals=0)
SHARE = SimpleNamespace(kind="percentage", decimals=1)
RATE = SimpleNamespace(kind="rate_10k", decimals=1)
WRITER = CellWriter("c")


def row(value=None, numerator=None, denominator=None, symbol=None):
    return SimpleNamespace(value=value, numerator=numerator, denominator=denominator, symbol=symbol)


@pytest.mark.parametrize(
    "symbol, text",
    [
        ("x", "not available"),
        ("z", "none in the period"),
        ("k", "rounds to 0"),
        ("u", "too uncertain to show"),
    ],
)
def test_a_symbol_is_words(symbol, text):
    assert WRITER.figure(row(symbol=symbol), COUNT) == PublicCell(text)


def test_the_symbol_of_hidden_figures_stays_whatever_stands_beside_it():
    assert WRITER.figure(row(50.0, 2, 4, symbol="c"), SHARE) == PublicCell("c", is_hidden=True)


def test_without_value_and_symbol_it_is_not_available():
    assert WRITER.figure(row(), COUNT).text == "not available"


def test_without_a_row_it_is_empty():
    assert WRITER.figure(None, COUNT) == PublicCell()


def test_a_percentage_is_the_published_value_and_its_counts():
    assert WRITER.figure(row(97.0, 75, 77), SHARE) == PublicCell("97%", "75 of 77", is_figure=True)
    assert WRITER.figure(row(100.0, 19, 19), SHARE) == PublicCell("19 of 19", is_figure=True)
    assert WRITER.figure(row(97.0, None, 77), SHARE) == PublicCell("97%", is_figure=True)


def test_a_rate_has_the_decimals_of_its_kpi_and_no_counts():
    assert WRITER.figure(row(1061.45, 76, 716), RATE) == PublicCell("1,061.5", is_figure=True)


def test_percentages_are_whole_whatever_the_kpi_says():
    assert (value_text(97.4, SHARE), value_text(97.44, RATE)) == ("97%", "97.4")
