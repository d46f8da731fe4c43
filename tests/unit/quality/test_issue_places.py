"""Where issues are, in words."""

from __future__ import annotations

import pandas as pd
import pytest

from cf_pipeline.quality.issue_places import describe_places, issue_places


def issues(*rows: int | None, sheet: str | None = "List 1") -> pd.DataFrame:
    frame = pd.DataFrame({"excel_row": pd.array(rows, dtype="Int64")})
    return frame.assign(rule="r", list="child_protection_plans", file="a.xlsx", sheet=sheet)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([12], "row 12"),
        ([40, 12], "rows 12, 40"),
        ([12, 12], "row 12"),
        ([5, 4, 3, 2], "rows 2, 3, 4 and 1 more"),
        (list(range(2, 1215)), "rows 2, 3, 4 and 1,210 more"),
        ([None], "the whole sheet"),
    ],
)
def test_the_first_rows_are_named_and_the_others_counted(rows: list[int | None], said: str) -> None:
    assert issue_places(issues(*rows), ["rule"])["where"].tolist() == [said]


def test_an_issue_of_many_rows_says_how_many() -> None:
    found = issues(None).assign(rows=pd.array([12500], dtype="Int64"))
    assert issue_places(found, ["rule"])["where"].tolist() == ["12,500 rows"]


def test_a_place_is_one_line() -> None:
    found = issue_places(issues(12), ["rule"])
    assert describe_places(found).tolist() == ["child protection plans, a.xlsx, sheet 'List 1', row 12"]


def test_a_csv_has_no_sheet() -> None:
    found = issue_places(issues(12, sheet=None), ["rule"])
    assert describe_places(found).tolist() == ["child protection plans, a.xlsx, row 12"]


def test_no_issue_no_place() -> None:
    assert issue_places(issues(), ["rule"]).empty
