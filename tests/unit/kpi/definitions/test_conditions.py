"""The language of a KPI's conditions."""

from __future__ import annotations

import pandas as pd
import pytest

from cf_pipeline.kpi.definitions.conditions import parse_condition

ROWS = pd.DataFrame(
    {
        "days": pd.array([1, 2, None], dtype="Int64"),
        "code": pd.array(["A", "B", None], dtype="str"),
        "birth_date": pd.to_datetime(["2004-02-29", "2003-12-31", None]),
        "start": pd.to_datetime(["2019-08-31", "2019-06-30", None]),
        "period_end": pd.to_datetime(["2020-02-29", "2019-12-31", "2019-12-31"]),
    }
)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("days <= 1", [True, False, False]),
        ("days < 1", [False, False, False]),
        ("days > 1", [False, True, False]),
        ("days >= 2", [False, True, False]),
        ("days == 2", [False, True, False]),
        ("days != 2", [True, False, False]),
        ("code == 'A'", [True, False, False]),
        ("code in (A)", [True, False, False]),
        ("code in (A, B)", [True, True, False]),
        ("code not in (A)", [False, True, True]),
        ("code is null", [False, False, True]),
        ("code is not null", [True, True, False]),
        ("code is null or days <= 1", [True, False, True]),
        ("start + 6 months >= period_end", [True, False, False]),  # 31 August + 6 months is 29 February 2020
        ("start + 182 days >= period_end", [True, False, False]),
        ("start + 1 years > period_end", [True, True, False]),
        ("birth_date + 16 years <= period_end", [True, True, False]),
        ("birth_date + 16 years < period_end", [False, False, False]),
    ],
)
def test_a_condition_holds_for_these_rows_and_never_for_a_missing_value(text: str, holds: list[bool]) -> None:
    assert parse_condition(text).holds(ROWS).tolist() == holds


@pytest.mark.parametrize(
    "text", ["", "days", "days =< 1", "days <= one day", "5 < days", "days in 1, 2", "drop table"]
)
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="cannot read"):
        parse_condition(text)


def test_a_condition_knows_its_columns_and_whether_it_needs_the_period() -> None:
    condition = parse_condition("start + 6 months >= period_end or days <= 1")
    assert condition.columns == {"start", "days"}
    assert condition.needs_period
    assert not parse_condition("days <= 1").needs_period
