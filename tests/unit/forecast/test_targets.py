"""Which target is in force for an authority's KPI on a day."""

import datetime as dt

import pandas as pd

from cf_pipeline.forecast.targets import Target, target_values, targets_of

CITY, CAMDEN = "E09000001", "E09000007"
ALWAYS = Target("contacts_1wd_pct", 80)


def target(value: float, start: str, end: str | None = None, authority: str | None = None) -> Target:
    last = None if end is None else dt.date.fromisoformat(end)
    return Target("contacts_1wd_pct", value, dt.date.fromisoformat(start), last, authority)


def days(targets: list[Target]) -> list[tuple[float, str, str]]:
    return [(each.value, str(each.start), str(each.end)) for each in targets]


def test_a_target_holds_on_its_first_and_on_its_last_day():
    one = target(90, "2025-04-01", "2026-03-31")
    assert [one.is_in_force(dt.date.fromisoformat(day)) for day in ("2025-04-01", "2026-03-31")] == [
        True,
        True,
    ]
    assert not one.is_in_force(dt.date(2025, 3, 31))
    assert not one.is_in_force(dt.date(2026, 4, 1))


def test_an_authority_s_own_target_comes_before_that_of_all():
    targets = [target(80, "2024-04-01"), target(90, "2025-04-01", "2026-03-31", CAMDEN)]
    assert days(targets_of(targets, CAMDEN, "contacts_1wd_pct")) == [
        (80, "2024-04-01", "2025-03-31"),
        (90, "2025-04-01", "2026-03-31"),
        (80, "2026-04-01", "None"),
    ]
    assert days(targets_of(targets, CITY, "contacts_1wd_pct")) == [(80, "2024-04-01", "None")]


def test_an_own_target_of_all_its_days_leaves_nothing_of_that_of_all():
    targets = [target(80, "2025-05-01", "2025-12-31"), target(90, "2025-04-01", "2026-03-31", CAMDEN)]
    assert days(targets_of(targets, CAMDEN, "contacts_1wd_pct")) == [(90, "2025-04-01", "2026-03-31")]


def test_a_target_without_days_always_holds():
    own = target(90, "2025-04-01", None, CAMDEN)
    assert days(targets_of([ALWAYS, own], CAMDEN, "contacts_1wd_pct")) == [
        (80, "None", "2025-03-31"),
        (90, "2025-04-01", "None"),
    ]


def test_a_quarter_has_the_target_of_its_last_day():
    rows = pd.DataFrame(
        {
            "authority_code": [CITY, CITY, CITY, CAMDEN, CITY],
            "kpi_id": ["contacts_1wd_pct"] * 4 + ["assess_45wd_pct"],
            "quarter_key": ["2024/25 Q4", "2025/26 Q1", "2025/26 Q2", "2025/26 Q2", "2025/26 Q2"],
        },
        index=[5, 6, 7, 8, 9],
    )
    targets = [target(80, "2025-04-02"), target(90, "2025-09-30", None, CAMDEN)]
    found = target_values(rows, targets)
    assert found.index.tolist() == [5, 6, 7, 8, 9]
    assert found.fillna(-1).tolist() == [-1, 80, 80, 90, -1]


def test_no_target_at_all():
    rows = pd.DataFrame({"authority_code": [CITY], "kpi_id": ["x"], "quarter_key": ["2025/26 Q2"]})
    assert target_values(rows, ()).isna().all()
