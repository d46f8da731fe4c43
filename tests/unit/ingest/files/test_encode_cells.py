"""Cells as text: what Excel displays, without the digits that a float adds."""

import datetime as dt

import pytest

from cf_pipeline.ingest.files.encode_cells import EncodedColumns, cell_text


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (9212044.0, "9212044"),
        (6.5, "6.5"),
        ("00123", "00123"),
        ("", None),
        (" \u00a0 ", None),
        (None, None),
        (True, "TRUE"),
        (False, "FALSE"),
        (dt.date(2019, 3, 5), "2019-03-05"),
        (dt.datetime.fromisoformat("2019-03-05"), "2019-03-05"),
        (dt.datetime.fromisoformat("2019-03-05T09:29:59.999900"), "2019-03-05T09:30:00"),
        (dt.time(9, 30), "09:30:00"),
    ],
)
def test_a_cell_is_its_text(cell, text):
    assert cell_text(cell) == text


def decoded(columns):
    return [
        [texts[code] if code >= 0 else None for code in codes] for texts, codes in columns.texts_and_codes()
    ]


def test_columns_come_back_as_they_were_however_the_rows_are_cut():
    columns = EncodedColumns()
    columns.add_rows([["a", 1.0], ["b"]])
    columns.add_rows([["a", True, "late"], [], ["c", 1.0]])
    assert columns.height == 5
    assert decoded(columns) == [
        ["a", "b", "a", None, "c"],
        ["1", None, "TRUE", None, "1"],
        [None, None, "late", None, None],
    ]


def test_one_text_of_two_kinds_of_cell_is_one_distinct_text():
    columns = EncodedColumns()
    columns.add_rows([["1"], [1.0], [1]])
    [(texts, codes)] = columns.texts_and_codes()
    assert (texts, list(codes)) == (["1"], [0, 0, 0])


@pytest.mark.parametrize("blocks", [[[True, 1.0, 0.0, False]], [[True], [1.0], [0.0, "TRUE"], [False]]])
def test_yes_is_not_one_and_no_is_not_nought_whichever_comes_first(blocks):
    cells = [cell for block in blocks for cell in block]
    for order in (blocks, blocks[::-1]):
        columns = EncodedColumns()
        for block in order:
            columns.add_rows([[cell] for cell in block])
        expected = [cell_text(cell) for block in order for cell in block]
        assert decoded(columns) == [expected]
        assert len(set(columns.texts_and_codes()[0][0])) == len({cell_text(cell) for cell in cells})


def test_a_cell_of_spaces_is_as_empty_as_an_empty_one():
    columns = EncodedColumns(first_column=1)
    columns.add_rows([[" "], ["a"], [None]])
    assert [texts for texts, _ in columns.texts_and_codes()] == [[], ["a"]]
    assert decoded(columns) == [[None] * 3, [None, "a", None]]
