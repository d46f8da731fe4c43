"""The default sample's truth is the committee paper, clause by clause, as at 31 December 2019."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

Q1 = (dt.date(2019, 4, 1), dt.date(2019, 6, 30))
Q2 = (dt.date(2019, 7, 1), dt.date(2019, 9, 30))
Q3 = (dt.date(2019, 10, 1), dt.date(2019, 12, 31))
YEAR_TO_DATE = (Q1[0], Q3[1])
LAST_YEAR = (dt.date(2018, 4, 1), dt.date(2019, 3, 31))
END, END_OF_LAST_YEAR = Q3[1], LAST_YEAR[1]
QUARTERS = (Q1, Q2, Q3)


def forecast_against(year_to_date: int, last_year: int) -> Fraction:
    """Relative change of the straight-line forecast on last year."""
    return Fraction(year_to_date * 4, 3 * last_year) - 1


def test_contacts_are_80_then_90_then_77_and_the_forecast_mirrors_last_year(paper):
    assert [paper.count("contacts", "contact_date", q) for q in QUARTERS] == [80, 90, 77]
    assert paper.count("contacts", "contact_date", LAST_YEAR) == 324
    assert abs(forecast_against(247, 324)) <= Fraction(5, 100)


def test_contacts_completed_in_one_working_day_are_70_of_77_and_230_of_247(paper):
    assert paper.contacts_in_time(Q3) == (70, 77)
    assert paper.contacts_in_time(YEAR_TO_DATE) == (230, 247)


def test_referrals_rise_over_the_quarters_to_33_after_81_last_year(paper):
    assert [paper.count("referrals", "referral_date", q) for q in QUARTERS] == [18, 23, 33]
    assert paper.count("referrals", "referral_date", LAST_YEAR) == 81
    assert forecast_against(74, 81) > Fraction(15, 100)


def test_early_help_has_15_referrals_after_27_last_year(paper):
    name, column = "early_help_referrals", "early_help_referral_date"
    assert paper.count(name, column, YEAR_TO_DATE) == 15
    assert paper.count(name, column, LAST_YEAR) == 27


def test_five_disabled_children_had_a_short_break_after_six_last_year(paper):
    assert len(paper.short_break_children(YEAR_TO_DATE)) == 5
    assert len(paper.short_break_children(LAST_YEAR)) == 6


def test_assessments_started_are_20_the_highest_and_both_forecasts_are_slightly_higher(paper):
    started = [paper.count("assessments", "assessment_start_date", q) for q in QUARTERS]
    assert started[2] == 20 > max(started[:2])
    for column in ("assessment_start_date", "assessment_authorised_date"):
        year_to_date = paper.count("assessments", column, YEAR_TO_DATE)
        change = forecast_against(year_to_date, paper.count("assessments", column, LAST_YEAR))
        assert Fraction(5, 100) < change <= Fraction(15, 100)


def test_assessments_in_45_working_days_are_80_percent_after_81(paper):
    assert paper.assessments_in_time(YEAR_TO_DATE) == (40, 50)
    in_time, authorised = paper.assessments_in_time(LAST_YEAR)
    assert round(100 * in_time / authorised) == 81


def test_children_in_need_are_28_consistent_and_higher_than_last_march(paper):
    stocks = [len(paper.in_need(end)) for _, end in QUARTERS]
    assert stocks[2] == 28
    assert max(stocks) - min(stocks) <= max(2, 0.15 * sum(stocks) / 3)
    last_march = len(paper.in_need(END_OF_LAST_YEAR))
    assert Fraction(28, last_march) - 1 > Fraction(15, 100)


def test_the_majority_of_children_in_need_is_open_six_months_or_less_but_not_most(paper):
    assert 0.5 < paper.in_need_recently(END) / 28 < 0.75


def test_four_plans_of_which_three_last_12_to_24_months(paper):
    assert len(paper.on_plan(END)) == 4
    assert paper.on_plan_12_to_24_months(END) == 3


def test_every_conference_of_the_quarter_was_held_within_15_working_days(paper):
    in_time, held = paper.conferences_in_time(Q3)
    assert in_time == held > 0


def test_children_in_care_are_27_after_20_and_four_moved_often(paper):
    assert len(paper.in_care(END)) == 27
    assert len(paper.in_care(END_OF_LAST_YEAR)) == 20
    assert paper.with_three_placements(END) == 4


def test_visits_in_time_are_97_4_percent(paper):
    assert paper.visits_in_time(Q3) == (75, 77)


def test_one_child_is_missing_after_four_episodes_and_two_interviews(paper):
    assert paper.missing_now(END) == 1
    episodes = paper.missing(Q3)
    assert len(episodes) == 4
    assert sum(row["rhi_accepted"] == "Y" for row in episodes) == 2


def test_care_leavers_are_26_more_than_in_both_quarters_before(paper):
    stocks = [len(paper.care_leavers(end)) for _, end in QUARTERS]
    assert stocks[2] == 26 > max(stocks[:2])
    assert paper.in_education_or_work(END) == 22
    assert paper.suitably_housed(END) == 26
    assert len(paper.with_plan_up_to_date(END)) == 26
    assert len(paper.in_touch(END)) == 26


def test_every_quarter_of_the_three_years_before_has_contacts_and_referrals(paper):
    for year in (2016, 2017, 2018):
        period = (dt.date(year, 4, 1), dt.date(year + 1, 3, 31))
        assert 250 < paper.count("contacts", "contact_date", period) < 350
        assert 60 < paper.count("referrals", "referral_date", period) < 100
