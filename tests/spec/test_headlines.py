"""The committee's table: what the paper says for the paper's figures, and what other figures say instead."""

import pandas as pd
import pytest
from committee_paper import AUTHORITY, LAST_QUARTERS, LAST_YEAR, PAPER, REGISTRY, facts, told

from cf_pipeline.compare.headlines import headlines
from cf_pipeline.forecast import forecast

CONTACTS, EARLY_HELP, ASSESSMENTS = "Contacts and Referrals", "Early Help", "Assessments"
NEED, PROTECTION, CARE = "Children in Need", "Child Protection", "Children in Care"
MISSING, LEAVERS = "Children Missing", "Care Leavers"

CLAUSES = [
    ("1a", CONTACTS, "77 contacts in Q3"),
    ("1b", CONTACTS, "a slightly lower level than the previous two quarters (80 and 90)"),
    ("1c", CONTACTS, "The year-end forecast mirrors that of last year"),
    ("1d", CONTACTS, "91% of contacts were completed in one day in Q3"),
    ("1e", CONTACTS, "The year-end forecast is 93%"),
    ("1f", CONTACTS, "33 referrals in Q3"),
    ("1g", CONTACTS, "referrals have been rising over the quarters"),
    ("1h", CONTACTS, "the year-end forecast is predicting more referrals than last year"),
    ("1i", CONTACTS, "The conversion rate of contacts to referrals is 43% for Q3"),
    ("1j", CONTACTS, "is higher than last year at 30% (compared to 25% previously)"),
    ("2a", EARLY_HELP, "15 referrals to Early Help year to date"),
    ("2b", EARLY_HELP, "with a year-end forecast of 20, lower than last year's figure of 27"),
    (
        "2c",
        EARLY_HELP,
        "The total number of disabled children who received a short break (5) is forecast to be "
        "similar to last year (6)",
    ),
    ("3a", ASSESSMENTS, "20 Child and Family Assessments started in Q3"),
    ("3b", ASSESSMENTS, "the highest number across the first three quarters"),
    (
        "3c",
        ASSESSMENTS,
        "year-end forecast for assessments started and completed is predicted to be "
        "slightly higher than last year",
    ),
    ("3d", ASSESSMENTS, "Year to date figure for assessments authorised within 45 days at end of Q3 was 80%"),
    ("3e", ASSESSMENTS, "This compares to the similar figure of 81% at end of 2018/19"),
    ("4a", NEED, "28 children in need cases at the end of Q3"),
    ("4b", NEED, "This reflects a fairly consistent pattern over the three quarters"),
    ("4c", NEED, "but higher than the number at the end of 2018/19"),
    (
        "4d",
        NEED,
        "The majority of Children in Need cases at the end of Q3 had been open for 6 months or less",
    ),
    ("5a", PROTECTION, "4 children on Child Protection Plans at the end of Q3"),
    ("5b", PROTECTION, "3 of these cases had been open for between 12 and 24 months"),
    (
        "5c",
        PROTECTION,
        "100% of Initial Child Protection Conferences were held within 15 days of the S47 enquiry during Q3",
    ),
    ("6a", CARE, "27 Children in Care at the end of Q3. This is higher than at the end of 2018/19 (20)"),
    ("6b", CARE, "4 of these young people have had 3 or more placements"),
    (
        "6c",
        CARE,
        "97.4% of visits during the Quarter were in time in accordance with the care / pathway plan",
    ),
    ("7a", MISSING, "One Child in Care missing at the end of Q3"),
    ("7b", MISSING, "There were a total of 4 missing episodes in the period"),
    ("7c", MISSING, "2 Return Home Interviews were accepted"),
    ("8a", LEAVERS, "26 Care Leavers at end of Q3"),
    ("8b", LEAVERS, "an increase on previous quarters"),
    ("8c", LEAVERS, "22 of these were in education, employment or training"),
    ("8d", LEAVERS, "100% were living in suitable accommodation"),
    ("8e", LEAVERS, "100% have an up to date Pathway Plan and are in touch in accordance with the plan"),
]


@pytest.fixture(scope="module")
def paper():
    return told()


@pytest.mark.parametrize(("clause", "area", "words"), CLAUSES, ids=[clause for clause, *_ in CLAUSES])
def test_the_paper_says(paper, clause, area, words):
    assert words in paper[area]


def test_the_paper_has_36_clauses_and_nothing_else(paper):
    assert len(CLAUSES) == 36
    for area, text in paper.items():
        rest = text
        for _, _, words in (clause for clause in CLAUSES if clause[1] == area):
            rest = rest.replace(words, "", 1)
        left = " ".join(rest.replace(".", " ").replace(" - ", " ").split())
        assert left in ("", "and The year-end forecast for conversion rates", "The")


def test_one_row_an_area_in_the_order_of_the_paper_for_every_quarter():
    quarterly = facts()
    table = headlines(quarterly, forecast(quarterly, REGISTRY), REGISTRY)
    assert list(table.columns) == ["authority_code", "quarter_key", "area", "position", "text", "kpi_ids"]
    latest = table[table["quarter_key"].eq("2019/20 Q3")]
    assert list(latest["area"]) == [
        *(CONTACTS, EARLY_HELP, ASSESSMENTS, NEED, PROTECTION, CARE, MISSING, LEAVERS)
    ]
    assert list(latest["position"]) == list(range(1, 9))
    assert set(table["authority_code"]) == {AUTHORITY}
    assert {"2019/20 Q1", "2019/20 Q2", "2018/19 Q4"} <= set(table["quarter_key"])
    named = {kpi_id for ids in table["kpi_ids"] for kpi_id in ids.split(";")}
    assert named == set(PAPER)


CHANGED = [
    # what is changed in the year's quarters, what its area then says, what it must not say
    ({"contacts_count": [80, 90, 92]}, "92 contacts in Q3 - a slightly higher level than", "lower"),
    ({"contacts_count": [60, 100, 90]}, "within the range of the previous two quarters (60 and 100)", ""),
    (
        {"contacts_count": [90, 80, 77]},
        "a slightly lower level than the previous two quarters (90 and 80)",
        "",
    ),
    ({"contacts_count": [85, 85, 85]}, "a similar level to the previous two quarters (85 and 85)", ""),
    ({"contacts_count": [80, 90, 1]}, "1 contact in Q3 - a lower level", "1 contacts"),
    ({"contacts_count": [80, 90, 150]}, "The year-end forecast is higher than that of last year", "mirrors"),
    ({"contacts_count": [None, 90, 77]}, "77 contacts in Q3.\n91%", "previous two"),
    (
        {"referrals_count": [23, 18, 33]},
        "a higher level than the previous two quarters (23 and 18), and the year-end",
        "rising",
    ),
    ({"referrals_count": [33, 23, 18]}, "referrals have been falling over the quarters", "rising"),
    ({"referrals_count": [23, 33, 33]}, "within the range of", "rising"),
    ({"referrals_count": [17, 18, 20]}, "predicting slightly fewer referrals", "more"),
    ({"referrals_count": [10, 11, 12]}, "predicting fewer referrals", "slightly fewer"),
    (
        {"referrals_count": [19, 20, 22]},
        "over the quarters and the year-end forecast mirrors that of last year",
        "more",
    ),
    (
        {"contacts_1wd_pct": [(75, 80), (85, 90), (0, 0)]},
        "due to be completed in Q3. The year-end forecast for contacts completed in one day is 94%",
        "0% of",
    ),
    (
        {"contacts_1wd_pct": [None, None, (70, 77)]},
        "91% of contacts were completed in one day in Q3.\n33",
        "forecast is 9",
    ),
    (
        {"contact_to_referral_pct": [(18, 80), (23, 90), (0, 0)]},
        "There were no contacts in Q3, so there is no conversion rate",
        "is 0%",
    ),
    (
        {"contact_to_referral_pct": [(20, 80), (23, 90), (21, 77)]},
        "is similar to last year at 26% (compared to 25% previously)",
        "higher than last year at",
    ),
    (
        {"eh_referrals_count": [0, 0, 1]},
        "1 referral to Early Help year to date with a year-end forecast of 1, lower",
        "1 referrals",
    ),
    ({"eh_referrals_count": [7, 7, 6]}, "forecast of 27, which mirrors last year's figure of 27", "lower"),
    (
        {"eh_referrals_count": [5, None, 6]},
        "The number of referrals to Early Help year to date is not available",
        "0 referrals",
    ),
    (
        {"short_breaks_children_count": [3, 4, 9]},
        "a short break (9) is forecast to be higher than last year (6)",
        "similar",
    ),
    (
        {"assess_started_count": [15, 20, 20]},
        "the joint highest number across the first three quarters",
        "the highest",
    ),
    (
        {"assess_started_count": [15, 25, 20]},
        "started in Q3 - a similar level to the previous two quarters (15 and 25)",
        "highest",
    ),
    (
        {"assess_started_count": [0, 0, 1]},
        "1 Child and Family Assessment started in Q3",
        "Assessments started",
    ),
    (
        {"assess_started_count": [25, 25, 30]},
        "to be higher than last year. The year-end forecast for assessments completed is predicted",
        "started and completed",
    ),
    (
        {"assess_45wd_pct": [(10, 16), (10, 17), (10, 17)]},
        "was 60%. This is lower than the figure of 81% at end of 2018/19",
        "similar",
    ),
    (
        {"assess_45wd_pct": [(0, 0), (0, 0), (0, 0)]},
        "There were no assessments authorised year to date at end of Q3",
        "0%",
    ),
    (
        {"cin_open_stock": [20, 22, 28]},
        "than the previous two quarters (20 and 22) and higher than the number at the end of 2018/19",
        "consistent",
    ),
    (
        {"cin_open_stock": [24, 25, 24]},
        "consistent pattern over the three quarters and is similar to the number at the end of 2018/19",
        "but",
    ),
    ({"cin_open_stock": [2, 2, 1]}, "1 child in need case at the end of Q3", "1 children"),
    ({"cin_6m_or_less_pct": [(1, 2), (1, 2), (21, 28)]}, "Most Children in Need cases", "majority"),
    ({"cin_6m_or_less_pct": [(1, 2), (1, 2), (20, 28)]}, "The majority of Children in Need cases", "Most"),
    (
        {"cin_6m_or_less_pct": [(1, 2), (1, 2), (14, 28)]},
        "14 of 28 Children in Need cases at the end of Q3 had been open for 6 months or less",
        "majority",
    ),
    (
        {"cin_6m_or_less_pct": [(1, 2), (1, 2), (0, 0)]},
        "There were no Children in Need cases open at the end of Q3",
        "0 of 0",
    ),
    (
        {"cin_6m_or_less_pct": [(1, 2), (1, 2), None]},
        "How long these cases had been open is not available",
        "majority",
    ),
    (
        {"cin_open_stock": [27, 29, None]},
        "The number of children in need cases at the end of Q3 is not available",
        "0 children",
    ),
    (
        {"cpp_stock": [1, 1, 1], "cpp_12_24m_count": [1, 1, 1]},
        "1 child on a Child Protection Plan at the end of Q3. This case had been open",
        "children on",
    ),
    (
        {"cpp_stock": [1, 1, 0], "cpp_12_24m_count": [1, 1, 0]},
        "0 children on Child Protection Plans at the end of Q3.\n",
        "of these",
    ),
    (
        {"icpc_15wd_pct": [(2, 3), (1, 1), (0, 0)]},
        "There were no Initial Child Protection Conferences during Q3",
        "%",
    ),
    ({"icpc_15wd_pct": [(2, 3), (1, 1), None]}, "during Q3 is not available", "%"),
    ({"cla_stock": [22, 22, 21]}, "This is similar to the number at the end of 2018/19 (20)", "higher"),
    ({"cla_stock": [22, 22, 23]}, "This is slightly higher than at the end of 2018/19 (20)", "is higher"),
    (
        {"cla_stock": [22, 22, 1], "cla_3plus_placements_count": [1, 1, 0]},
        "at the end of 2018/19 (20). This young person has not had 3 or more",
        "Children in Care at",
    ),
    (
        {"cla_3plus_placements_count": [2, 3, 1]},
        "1 of these young people has had 3 or more placements",
        "have had",
    ),
    ({"cla_3plus_placements_count": [2, 3, None]}, "3 or more placements is not available", "0 of"),
    ({"cla_visits_in_time_pct": [(3, 3), (3, 3), (38, 38)]}, "100.0% of visits", "100% of visits"),
    (
        {"cla_visits_in_time_pct": [(3, 3), (3, 3), (0, 0)]},
        "There were no visits due during the Quarter",
        "%",
    ),
    (
        {"missing_cla_open_stock": [0, 2, 0]},
        "No Children in Care were missing at the end of Q3.",
        "0 Children",
    ),
    ({"missing_cla_open_stock": [0, 2, 2]}, "2 Children in Care missing at the end of Q3.", "Two"),
    (
        {"missing_cla_open_stock": [0, 2, None]},
        "The number of Children in Care missing at the end of Q3 is not available.",
        "No Children",
    ),
    (
        {"missing_episodes_count": [2, 3, 1]},
        "There was a total of 1 missing episode in the period.",
        "episodes",
    ),
    ({"missing_episodes_count": [2, 3, 0]}, "There were no missing episodes in the period.", "total of 0"),
    ({"missing_rhi_accepted_count": [1, 1, 1]}, "1 Return Home Interview was accepted.", "Interviews"),
    (
        {"cl_stock": [23, 26, 26]},
        "26 Care Leavers at end of Q3 - within the range of the previous two quarters (23 and 26)",
        "increase",
    ),
    (
        {"cl_stock": [30, 31, 26]},
        "a slightly lower level than the previous two quarters (30 and 31)",
        "increase",
    ),
    (
        {"cl_stock": [1, 1, 1], "cl_eet_count": [1, 1, 0]},
        "1 Care Leaver at end of Q3 - a similar level to the previous two quarters (1 and 1). This",
        "1 Care Leavers",
    ),
    ({"cl_stock": [1, 1, 0]}, "There were no Care Leavers to report on", "%"),
    ({"cl_eet_count": [1, 1, 1]}, "1 of these was in education", "were in education"),
    (
        {"cl_suitable_accom_pct": [(1, 1), (1, 1), (25, 26)]},
        "96% were living in suitable accommodation",
        "100% were",
    ),
    (
        {
            "cl_in_touch_plan_pct": [(1, 1), (1, 1), (24, 26)],
            "cl_plan_and_touch_pct": [(1, 1), (1, 1), (24, 26)],
        },
        "100% have an up to date Pathway Plan and 92% are in touch in accordance with the plan",
        "Plan and are",
    ),
    (
        {"cl_in_touch_plan_pct": [(1, 1), (1, 1), None], "cl_plan_and_touch_pct": [(1, 1), (1, 1), None]},
        "the percentage in touch in accordance with the plan is not available",
        "Plan and are",
    ),
]


@pytest.mark.parametrize(
    ("changes", "says", "never"),
    CHANGED,
    ids=[f"{at:02d}-{'-'.join(changes)}" for at, (changes, *_) in enumerate(CHANGED)],
)
def test_other_figures_say(changes, says, never):
    text = told(changes)[REGISTRY[next(iter(changes))].area]
    assert says in text
    assert not never or never not in text


def test_the_clause_for_both_plan_and_touch_gives_the_share_for_whom_both_hold():
    shares = {"cl_pathway_plan_uptodate_pct": 24, "cl_in_touch_plan_pct": 24, "cl_plan_and_touch_pct": 22}
    text = told({kpi_id: [(1, 1), (1, 1), (count, 26)] for kpi_id, count in shares.items()})[LEAVERS]
    assert "85% have an up to date Pathway Plan and are in touch" in text


@pytest.mark.parametrize(
    ("kpi_id", "area", "says", "never"),
    [
        ("contacts_count", CONTACTS, "(80 and 90).\n", "that of last year"),
        ("referrals_count", CONTACTS, "rising over the quarters.\n", "predicting"),
        (
            "contact_to_referral_pct",
            CONTACTS,
            "The year-end forecast for conversion rates is 30%.",
            "previously",
        ),
        ("eh_referrals_count", EARLY_HELP, "year-end forecast of 20.\n", "27"),
        (
            "short_breaks_children_count",
            EARLY_HELP,
            "received a short break year to date is 5.",
            "is forecast",
        ),
        ("assess_completed_count", ASSESSMENTS, "for assessments started is predicted", "completed"),
        ("assess_45wd_pct", ASSESSMENTS, "was 80%.", "2018/19"),
    ],
)
def test_without_last_year_there_is_no_comparison_with_it(kpi_id, area, says, never):
    text = told(last_year={kpi_id: None})[area]
    assert says in text
    assert never not in text


def test_the_last_31_march_unknown():
    text = told(last_year={"cla_stock": None}, last_quarters={"cin_open_stock": [None] * 4})
    assert text[CARE].startswith("27 Children in Care at the end of Q3. 4 of these")
    assert "over the three quarters.\n" in text[NEED]


def test_quarter_1_compares_with_last_years_last_quarter_and_the_same_quarter_last_year():
    text = told(quarter=1)
    assert (
        "80 contacts in Q1 - a slightly lower level than the last quarter of 2018/19 (90) "
        "and a slightly higher level than the same quarter last year (70)." in text[CONTACTS]
    )
    assert "15 Child and Family Assessments started in Q1 - a slightly lower level than" in text[ASSESSMENTS]
    assert "2018/19 (24) and a similar level to the same quarter last year (27)." in text[NEED]
    assert not any(word in "".join(text.values()) for word in ("rising", "highest", "consistent", "increase"))


def test_quarter_1_without_any_year_before_has_no_comparison_and_no_forecast():
    none = dict.fromkeys(("contacts_count", "referrals_count", "eh_referrals_count"))
    text = told(last_year=none, quarter=1, last_quarters={})
    assert text[CONTACTS].startswith("80 contacts in Q1.\n")
    assert "18 referrals in Q1.\n" in text[CONTACTS]
    assert text[EARLY_HELP].startswith("5 referrals to Early Help year to date.\n")


def test_quarter_2_speaks_of_one_earlier_quarter():
    text = told(quarter=2)
    assert "a slightly higher level than the previous quarter (80)" in text[CONTACTS]
    assert "rising over the quarters" in text[CONTACTS]
    assert "the highest number across the first two quarters" in text[ASSESSMENTS]
    assert "consistent pattern over the two quarters" in text[NEED]
    assert "an increase on the previous quarter." in text[LEAVERS]


def test_at_quarter_4_a_forecast_is_the_outturn():
    year = {kpi_id: [*numbers, numbers[-1]] for kpi_id, numbers in PAPER.items()}
    text = told(year, quarter=4)
    assert "The year's total is 324, similar to last year's total of 324." in text[CONTACTS]
    assert "The year's total is 107, higher than last year's total of 81." in text[CONTACTS]
    assert "The figure for the year is 93%." in text[CONTACTS]
    assert text[EARLY_HELP].startswith(
        "21 referrals to Early Help in the year, lower than last year's figure"
    )
    assert "(72) and completed (67) are slightly higher than last year's (64 and 63)" in text[ASSESSMENTS]
    assert "the joint highest number across the four quarters" in text[ASSESSMENTS]
    assert "forecast" not in "".join(text.values())


def test_nothing_available_is_said_and_never_a_number():
    text = told({kpi_id: [None] * 3 for kpi_id in PAPER})
    assert all("not available" in each for each in text.values())
    assert not any(figure in "".join(text.values()) for figure in (" 0 ", "0%", "No ", "There were"))


def test_nobody_at_all_has_no_percentage():
    empty = {kpi_id: [(0, 0) if isinstance(one[0], tuple) else 0] * 3 for kpi_id, one in PAPER.items()}
    assert "%" not in "".join(told(empty).values())


def test_a_count_from_another_list_is_said_to_be_one():
    quarterly = facts()
    is_early_help = quarterly["kpi_id"].eq("eh_referrals_count")
    quarterly.loc[is_early_help, "reason"] = "counted from the start of early help assessments"
    table = headlines(quarterly, forecast(quarterly, REGISTRY), REGISTRY)
    text = table.loc[table["area"].eq(EARLY_HELP) & table["quarter_key"].eq("2019/20 Q3"), "text"].item()
    assert "figure of 27. Counted from the start of early help assessments.\n" in text


def test_what_stands_out_beyond_chance_is_a_line_of_its_own_after_the_others():
    quarterly = facts({kpi_id: list(numbers) for kpi_id, numbers in PAPER.items()}, LAST_YEAR, LAST_QUARTERS)
    limits = pd.DataFrame(
        {
            "authority_code": quarterly["authority_code"].iloc[0],
            "quarter_key": "2019/20 Q3",
            "kpi_id": ["contacts_count"],
            "value": [77.0],
            "mean": [50.0],
            "status": ["firm"],
            "variation": ["special_high"],
            "cause": ["trend"],
            "caveat": [None],
        }
    )
    plain, more = (
        headlines(quarterly, forecast(quarterly, REGISTRY), REGISTRY, control_limits=each).set_index(
            ["quarter_key", "area"]
        )["text"]
        for each in (None, limits)
    )
    key = ("2019/20 Q3", "Contacts and Referrals")
    assert more[key] == (
        f"{plain[key]}\nContacts received: this quarter is higher than chance alone would explain (trend)."
    )
    assert more.drop(key).equals(plain.drop(key))
