"""How long there is left, in words; and what files hold."""

from __future__ import annotations

import pandas as pd
import pytest

from cf_pipeline.dashboard.pages.records.rows.cells import date_cell, left_cell, number_cell, team_cell


@pytest.mark.parametrize(
    ("days", "text", "mark"),
    [
        (-1200, "1,200 days over", "bad"),
        (-1, "1 day over", "bad"),
        (0, "due today", "notice"),
        (1, "1 day left", "notice"),
        (7, "7 days left", "notice"),
        (8, "8 days left", ""),
    ],
)
def test_how_long_there_is_left(days: int, text: str, mark: str) -> None:
    cell = left_cell(days)
    assert (cell.text, cell.mark, cell.file_value) == (text, mark, days)


def test_what_is_not_known_is_a_dash_that_is_read_out_and_nothing_in_files() -> None:
    for cell in (left_cell(pd.NA), date_cell(pd.NaT), number_cell(pd.NA)):
        assert (cell.text, cell.file_value) == ("–", "")
        assert cell.unseen
    assert (team_cell(None).text, team_cell(None).file_value) == ("no team", "")


def test_a_date_is_saved_as_others_sort_it() -> None:
    cell = date_cell(pd.Timestamp("2019-03-05"))
    assert (cell.text, cell.file_value) == ("5 Mar 2019", "2019-03-05")
