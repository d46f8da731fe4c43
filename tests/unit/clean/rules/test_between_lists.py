"""Rules between lists, files and deliveries of an authority, by tiny example."""

import pandas as pd
import pytest

from cf_pipeline.contracts.mapping import CouncilMapping
from tests.support.ingested_rows import clean_deliveries, clean_list, issue_places

Q3, Q4 = "2019-09-30", "2019-12-31"


def contacts(*dates, child="A{}"):
    return [{"child_id": child.format(n), "contact_date": date} for n, date in enumerate(dates)]


@pytest.mark.mess(37)
def test_identifiers_that_differ_in_leading_zeros_are_kept_and_told_in_every_list():
    result = clean_deliveries(
        {
            Q4: {
                "contacts": [
                    {"child_id": "000123", "contact_date": "2019-11-05"},
                    {"child_id": "124", "contact_date": "2019-11-05"},
                ],
                "referrals": [{"child_id": "123", "referral_date": "2019-11-06"}],
            }
        }
    )
    assert result.lists["contacts"]["child_id"].tolist() == ["000123", "124"]
    found = result.issues[result.issues["rule"].eq("id_near_collision")]
    assert found[["list", "excel_row"]].to_numpy().tolist() == [["contacts", 2], ["referrals", 2]]


@pytest.mark.mess(37)
def test_a_council_may_have_its_identifiers_filled_up_with_zeros():
    rows = [
        {"child_id": "000123", "contact_date": "2019-11-05"},
        {"child_id": "123", "contact_date": "2019-11-06"},
        {"child_id": "CH-123", "contact_date": "2019-11-07"},
    ]
    result = clean_list("contacts", *rows, mapping=CouncilMapping(id_zero_pad=6))
    assert result.lists["contacts"]["child_id"].tolist() == ["000123", "000123", "CH-123"]
    assert issue_places(result) == []


@pytest.mark.mess(54)
def test_a_row_after_the_as_at_date_is_kept_and_flagged():
    result = clean_list("contacts", *contacts("2019-12-31", "2020-01-01"))
    assert issue_places(result) == [("event_after_as_at", 3, "contact_date")]
    assert len(result.lists["contacts"]) == 2


@pytest.mark.mess(54)
@pytest.mark.parametrize(("late", "is_flagged"), [(1, False), (2, False), (3, True)])
def test_a_file_with_over_one_row_in_twenty_after_its_as_at_date_may_be_misdated(late, is_flagged):
    result = clean_list("contacts", *contacts(*["2020-01-05"] * late, *["2019-11-05"] * (40 - late)))
    found = result.issues[result.issues["rule"].eq("as_at_doubtful")]
    assert found["rows"].tolist() == ([late] if is_flagged else [])
    assert found["excel_row"].isna().all()
    assert set(found["severity"]) <= {"error"}


@pytest.mark.mess(54)
def test_the_rows_of_every_list_of_the_file_are_counted_together():
    early = [{"child_id": f"A{n}", "referral_date": "2019-11-05"} for n in range(60)]
    late = contacts("2020-01-05", "2020-01-05", "2020-01-05")
    assert (
        issue_places(clean_deliveries({Q4: {"contacts": late, "referrals": early}}), "as_at_doubtful") == []
    )


@pytest.mark.mess(67)
@pytest.mark.parametrize(
    ("before", "now", "is_flagged"),
    [(20, 31, True), (20, 30, False), (20, 9, True), (8, 18, False), (30, 44, False)],
)
def test_a_list_over_half_as_long_again_or_shorter_is_told(before, now, is_flagged):
    result = clean_deliveries(
        {
            Q3: {"contacts": contacts(*["2019-09-05"] * before)},
            Q4: {"contacts": contacts(*["2019-11-05"] * now)},
        }
    )
    found = result.issues[result.issues["rule"].eq("row_count_changed")]
    assert found["delivery_id"].tolist() == ([Q4] if is_flagged else [])
    assert set(found["severity"]) <= {"warning"}


@pytest.mark.mess(67)
def test_a_long_extract_is_not_held_against_six_months():
    result = clean_deliveries(
        {
            Q3: {"contacts": contacts(*["2019-09-05"] * 20)},
            "2016-04-01_2019-12-31": {"contacts": contacts(*["2018-11-05"] * 90)},
        }
    )
    assert issue_places(result, "row_count_changed") == []


@pytest.mark.mess(15)
@pytest.mark.parametrize(
    ("date", "is_flagged"), [("2019-09-05", True), ("2019-06-30", True), ("2019-06-29", False)]
)
def test_a_list_that_became_empty_is_told_when_it_should_still_hold_records(date, is_flagged):
    result = clean_deliveries({Q3: {"contacts": contacts(date)}, Q4: {"contacts": []}})
    found = result.issues[result.issues["rule"].eq("list_emptied")]
    assert found["delivery_id"].tolist() == ([Q4] if is_flagged else [])
    assert result.issues.loc[result.issues["rule"].eq("list_emptied"), "severity"].isin(["warning"]).all()


@pytest.mark.mess(15)
def test_an_open_record_before_makes_an_empty_period_list_doubtful():
    open_plan = [{"child_id": "A1", "cp_plan_start_date": "2015-01-01"}]
    old_plan = [{"child_id": "A1", "cp_plan_start_date": "2015-01-01", "cp_plan_end_date": "2019-05-01"}]
    for plans, count in ((open_plan, 1), (old_plan, 0)):
        result = clean_deliveries({Q3: {"child_protection_plans": plans}, Q4: {"child_protection_plans": []}})
        assert len(issue_places(result, "list_emptied")) == count


@pytest.mark.mess(15)
def test_an_empty_list_after_an_empty_list_or_none_is_a_true_zero():
    assert issue_places(clean_deliveries({Q3: {"contacts": []}, Q4: {"contacts": []}})) == []
    assert issue_places(clean_deliveries({Q4: {"contacts": []}})) == []


def referrals(counter):
    said = {"child_id": "A1", "referral_date": "2019-12-01", "referrals_last_12m": counter}
    return [
        *({"child_id": "A1", "referral_date": date} for date in ("2018-12-01", "2019-03-01", "2019-06-01")),
        {"child_id": "B2", "referral_date": "2019-07-01"},
        said,
    ]


@pytest.mark.mess(66)
@pytest.mark.parametrize(
    ("counter", "is_flagged"), [("1", True), ("2", False), ("3", False), ("4", False), ("5", True)]
)
def test_a_counter_that_disagrees_with_the_records_is_told(counter, is_flagged):
    result = clean_deliveries({"2017-04-01_2019-12-31": {"referrals": referrals(counter)}})
    expected = [("counter_differs", 6, "referrals_last_12m")] if is_flagged else []
    assert issue_places(result, "counter_differs") == expected


@pytest.mark.mess(66)
def test_a_counter_is_not_judged_where_the_records_do_not_reach_back():
    assert issue_places(clean_deliveries({Q4: {"referrals": referrals("9")}}), "counter_differs") == []
    assert (
        issue_places(
            clean_list("children_in_care", {"child_id": "A1", "missing_episodes_12m": "4"}), "counter_differs"
        )
        == []
    )


@pytest.mark.mess(66)
def test_missing_episodes_are_counted_up_to_the_as_at_date():
    care = [{"child_id": "A1", "cla_start_date": "2018-01-01", "missing_episodes_12m": "3"}]
    away = [{"child_id": "A1", "missing_start": f"2019-0{month}-01T22:00:00"} for month in (3, 5, 7)]
    for episodes, count in ((away, 0), ([], 1)):
        result = clean_deliveries(
            {"2017-04-01_2019-12-31": {"children_in_care": care, "missing_episodes": episodes}}
        )
        assert len(issue_places(result, "counter_differs")) == count


def test_a_rule_broken_by_very_many_rows_is_one_issue_with_their_number():
    many = pd.date_range("2015-01-01", periods=1_001).strftime("%Y-%m-%d")
    result = clean_list("contacts", *contacts(*many))
    found = result.issues[result.issues["rule"].eq("event_before_window")]
    assert found["rows"].tolist() == [1_001]
    assert found["excel_row"].isna().all()
    few = clean_list("contacts", *contacts(*many[:1_000]))
    found = few.issues[few.issues["rule"].eq("event_before_window")]
    assert (len(found), found["rows"].sum()) == (1_000, 1_000)
