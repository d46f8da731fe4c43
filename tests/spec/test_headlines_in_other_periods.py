"""What the committee's table says in other quarters, without a year before, and of what is not a figure."""

import pandas as pd
import pytest

from cf_pipeline.compare.figures import figures_by_authority
from cf_pipeline.forecast import CouncilChoices, forecast_year_ends
from cf_pipeline.headlines.table import headlines
from tests.spec.committee_paper import (
    ASSESSMENTS,
    CARE,
    CONTACTS,
    EARLY_HELP,
    LAST_QUARTERS,
    LAST_YEAR,
    LEAVERS,
    NEED,
    PAPER,
    REGISTRY,
    facts,
    headline_texts,
)

PRO_RATA = CouncilChoices("pro_rata")


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
    text = headline_texts(last_year={kpi_id: None})[area]
    assert says in text
    assert never not in text


def test_the_last_31_march_unknown():
    text = headline_texts(last_year={"cla_stock": None}, last_quarters={"cin_open_stock": [None] * 4})
    assert text[CARE].startswith("27 Children in Care at the end of Q3. 4 of these")
    assert "over the three quarters.\n" in text[NEED]


def test_quarter_1_compares_with_last_years_last_quarter_and_the_same_quarter_last_year():
    text = headline_texts(quarter=1)
    assert (
        "80 contacts in Q1 - a slightly lower level than the last quarter of 2018/19 (90) "
        "and a slightly higher level than the same quarter last year (70)." in text[CONTACTS]
    )
    assert "15 Child and Family Assessments started in Q1 - a slightly lower level than" in text[ASSESSMENTS]
    assert "2018/19 (24) and a similar level to the same quarter last year (27)." in text[NEED]
    assert not any(word in "".join(text.values()) for word in ("rising", "highest", "consistent", "increase"))


def test_quarter_1_without_any_year_before_has_no_comparison_and_no_forecast():
    none = dict.fromkeys(("contacts_count", "referrals_count", "eh_referrals_count"))
    text = headline_texts(last_year=none, quarter=1, last_quarters={})
    assert text[CONTACTS].startswith("80 contacts in Q1.\n")
    assert "18 referrals in Q1.\n" in text[CONTACTS]
    assert text[EARLY_HELP].startswith("5 referrals to Early Help year to date.\n")


def test_quarter_2_speaks_of_one_earlier_quarter():
    text = headline_texts(quarter=2)
    assert "a slightly higher level than the previous quarter (80)" in text[CONTACTS]
    assert "23 referrals in Q2 - a higher level than the previous quarter (18)" in text[CONTACTS]
    assert "rising" not in text[CONTACTS]  # two quarters are no trend
    assert "started in Q2 - a slightly higher level than the previous quarter (15)" in text[ASSESSMENTS]
    assert "This is a slightly higher level than the previous quarter (27) and higher than" in text[NEED]
    assert not any(word in "".join(text.values()) for word in ("highest", "consistent"))
    assert "an increase on the previous quarter." in text[LEAVERS]


def test_at_quarter_4_a_forecast_is_the_outturn():
    year = {kpi_id: [*numbers, numbers[-1]] for kpi_id, numbers in PAPER.items()}
    text = headline_texts(year, quarter=4)
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
    text = headline_texts({kpi_id: [None] * 3 for kpi_id in PAPER})
    assert all("not available" in each for each in text.values())
    assert not any(figure in "".join(text.values()) for figure in (" 0 ", "0%", "No ", "There were"))


def test_nobody_at_all_has_no_percentage():
    empty = {kpi_id: [(0, 0) if isinstance(one[0], tuple) else 0] * 3 for kpi_id, one in PAPER.items()}
    assert "%" not in "".join(headline_texts(empty).values())


def test_a_count_from_another_list_is_said_to_be_one():
    quarterly = facts()
    is_early_help = quarterly["kpi_id"].eq("eh_referrals_count")
    quarterly.loc[is_early_help, "reason"] = "counted from the start of early help assessments"
    table = headlines(
        figures_by_authority(quarterly, forecast_year_ends(quarterly, REGISTRY, PRO_RATA), REGISTRY), REGISTRY
    )
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
        headlines(
            figures_by_authority(quarterly, forecast_year_ends(quarterly, REGISTRY, PRO_RATA), REGISTRY),
            REGISTRY,
            control_limits=each,
        ).set_index(["quarter_key", "area"])["text"]
        for each in (None, limits)
    )
    key = ("2019/20 Q3", "Contacts and Referrals")
    assert more[key] == (
        f"{plain[key]}\nContacts received: seven or more quarters in a row, this one among them, are each "
        "higher than the one before, which chance alone would seldom explain."
    )
    assert more.drop(key).equals(plain.drop(key))
