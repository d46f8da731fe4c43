"""What the committee's table says for the paper's figures, clause by clause."""

import pytest

from cf_pipeline.compare.figures import figures_by_authority
from cf_pipeline.forecast import CouncilChoices, forecast_year_ends
from cf_pipeline.headlines.table import headlines
from tests.spec.committee_paper import (
    ASSESSMENTS,
    AUTHORITY,
    CARE,
    CONTACTS,
    EARLY_HELP,
    LEAVERS,
    MISSING,
    NEED,
    PAPER,
    PROTECTION,
    REGISTRY,
    facts,
    headline_texts,
)

PRO_RATA = CouncilChoices("pro_rata")

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
    return headline_texts()


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
    table = headlines(
        figures_by_authority(quarterly, forecast_year_ends(quarterly, REGISTRY, PRO_RATA), REGISTRY), REGISTRY
    )
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
