from types import SimpleNamespace

import pytest

from cf_pipeline.dashboard.content import Cell
from cf_pipeline.dashboard.pages.figures.cells import (
    NOT_COMPARED,
    band_cell,
    count_cell,
    figure_cell,
    note_of,
    percent_cell,
    value_cell,
)

SHARE = SimpleNamespace(kind="percentage", decimals=0)
COUNT = SimpleNamespace(kind="flow_count", decimals=0)


def fact(numerator=None, denominator=None, value=None, symbol=None, reason=None, note=None):
    return SimpleNamespace(
        numerator=numerator, denominator=denominator, value=value, symbol=symbol, reason=reason, note=note
    )


def test_a_figure_holds_the_published_number_and_leads_to_its_list():
    assert figure_cell(fact(1234.0, None, 1234.0), COUNT, "/list") == Cell("1,234", 1234.0, "/list")
    assert figure_cell(fact(70.0, 77.0, 100 * 70 / 77), SHARE) == Cell(
        "91%", 100 * 70 / 77, None, detail="70 of 77"
    )
    assert figure_cell(fact(3.0, 4.0, 75.0), SHARE).text == "3 of 4"


@pytest.mark.parametrize(
    ("symbol", "words"), [("x", "not available"), ("z", "none in the period"), ("c", "c")]
)
def test_a_figure_that_is_missing_or_hidden_is_words_and_no_number_or_link(symbol, words):
    cell = figure_cell(fact(symbol=symbol, reason="Nothing came."), COUNT, "/list")
    assert (cell.text, cell.value, cell.href) == (words, None, None)
    assert cell.file_value == words


def test_nothing_counted_is_a_zero():
    assert figure_cell(fact(0.0, None, 0.0), COUNT) == Cell("0", 0.0)


def test_a_period_without_a_row_says_so():
    assert figure_cell(None, COUNT).text == "not available"
    assert note_of(None) == "No figure was worked out for this period."
    assert note_of(fact(reason="Nothing came.", note="Population of 2018.")) == (
        "Nothing came. Population of 2018."
    )


def test_a_group_is_its_count_with_its_share():
    assert band_cell(fact(8.0, 28.0, 28.6)) == Cell("8", 8.0, detail="29%")
    assert band_cell(fact(symbol="x")).value is None


def test_a_comparison_that_is_not_made_is_a_dash_that_is_read_out_and_empty_in_files():
    assert value_cell(None, SHARE) == NOT_COMPARED
    assert NOT_COMPARED.file_value == ""
    assert value_cell(83.0, SHARE) == Cell("83%", 83.0)


def test_counts_and_errors_have_their_number():
    assert count_cell(1200.0) == Cell("1,200", 1200.0)
    assert count_cell(None).unseen == "not known"
    assert percent_cell(12.25) == Cell("12.3%", 12.25)
    assert percent_cell(None).unseen == "not worked out"
