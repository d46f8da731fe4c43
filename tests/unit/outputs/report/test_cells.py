from types import SimpleNamespace

import pandas as pd
import pytest

from cf_pipeline.outputs.report.cells import NoteList, band_cell, figure_cell, format_number, value_cell

SHARE = SimpleNamespace(kind="percentage", decimals=0)
SHARE_1DP = SimpleNamespace(kind="percentage", decimals=1)
COUNT = SimpleNamespace(kind="flow_count", decimals=0)


def _row(numerator=pd.NA, denominator=pd.NA, symbol=None, reason=None, note=None):
    value = numerator
    if not pd.isna(denominator):
        value = 100 * numerator / denominator if denominator else pd.NA
    return SimpleNamespace(
        numerator=numerator, denominator=denominator, value=value, symbol=symbol, reason=reason, note=note
    )


@pytest.mark.parametrize(
    ("numerator", "denominator", "kpi", "text"),
    [
        (23, 40, SHARE, "58%"),  # 57.5, half up from the integers
        (70, 77, SHARE, "91%"),
        (75, 77, SHARE_1DP, "97.4%"),
        (3, 4, SHARE, "3 of 4"),
        (19, 19, SHARE, "19 of 19"),
        (20, 20, SHARE, "100%"),
        (1234, pd.NA, COUNT, "1,234"),
        (0, pd.NA, COUNT, "0"),
        (0, 25, SHARE, "0%"),
    ],
)
def test_figures_are_shown_half_up_from_their_integers(numerator, denominator, kpi, text):
    assert figure_cell(_row(numerator, denominator), kpi, NoteList()).text == text


def test_this_quarters_percentage_comes_with_its_counts():
    cell = figure_cell(_row(70, 77), SHARE, NoteList(), in_full=True)
    assert (cell.text, cell.detail) == ("91%", "70 of 77")


@pytest.mark.parametrize(
    ("symbol", "words"),
    [("x", "not available"), ("z", "none in the period"), (None, "not available")],
)
def test_a_missing_figure_is_words_never_a_zero(symbol, words):
    cell = figure_cell(_row(symbol=symbol, reason="Not received."), SHARE, notes := NoteList())
    assert (cell.text, cell.is_figure, cell.note) == (words, False, 1)
    assert notes.texts == ["Not received."]


def test_a_hidden_figure_is_its_symbol_and_read_as_hidden():
    cell = figure_cell(_row(symbol="c", reason="Hidden."), SHARE, notes := NoteList())
    assert (cell.text, cell.unseen, cell.is_figure, notes.texts) == ("c", "hidden", False, [])


def test_each_reason_is_noted_once():
    notes = NoteList()
    cells = [figure_cell(_row(symbol="x", reason=reason), COUNT, notes) for reason in ("A.", "B.", "A.")]
    assert [cell.note for cell in cells] == [1, 2, 1]


def test_a_period_without_a_row_is_not_available():
    assert figure_cell(None, COUNT, NoteList()).text == "not available"


def test_a_figure_with_a_remark_keeps_both():
    cell = figure_cell(_row(5, reason="From assessments."), COUNT, NoteList())
    assert (cell.text, cell.note, cell.is_figure) == ("5", 1, True)


def test_the_note_on_a_figure_is_a_footnote_of_its_own_cell():
    notes = NoteList()
    note = "With the population of mid-2023: no estimate of mid-2024 is known yet."
    assert figure_cell(_row(5, 126000, note=note), COUNT, notes).note == 1
    assert notes.texts == [note]


def test_a_band_is_a_count_with_its_share_where_the_whole_is_not_small():
    assert (band_cell(_row(8, 28), NoteList()).text, band_cell(_row(8, 28), NoteList()).detail) == (
        "8",
        "29%",
    )
    assert band_cell(_row(2, 4), NoteList()).detail == ""
    assert band_cell(_row(0, 0, symbol="z"), NoteList()).text == "none in the period"


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0.575 * 100, 0, "58"),  # 57.49999999999999 stands for 57.5
        (247 * 4 / 3, 0, "329"),
        (100 * 74 / 247, 0, "30"),
        (57.4999, 0, "57"),
        (97.45, 1, "97.5"),
        (12345.5, 0, "12,346"),
        (1e-17, 0, "0"),
    ],
)
def test_a_float_is_rounded_as_the_ratio_it_stands_for(value, decimals, text):
    assert format_number(value, decimals) == text


def test_a_published_percentage_has_its_sign():
    assert value_cell(83.0, SHARE).text == "83%"
    assert value_cell(329.33, COUNT).text == "329"
