"""What the public is shown, rule by rule: the figures on the left, what is read on the right.

c stands where a count is hidden. The categories of the examples are F and M (gender).
"""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from cf_pipeline.disclosure.attack import attack_publication
from cf_pipeline.disclosure.policy import Approval, DisclosureError
from cf_pipeline.disclosure.releases import Release
from cf_pipeline.disclosure.suppress import suppress_figures
from tests.support.disclosure_figures import (
    AUTHORITY,
    figures,
    kpi_rows,
    public,
    read_values,
    registry,
)

Q1, Q2, Q3, Q4 = (f"2018/19 Q{number}" for number in range(1, 5))
TABLE = "fact_kpi_quarterly"


def publish(*rows, kpis=None, audience=None, releases=(), **tables):
    """The tables the public is shown of some rows."""
    given = figures(*rows) | tables
    kpi_ids = kpis or given[TABLE]["kpi_id"].unique()
    return suppress_figures(given, audience or public(), registry(*kpi_ids), releases).tables


def referrals(quarter: str, basis: str = "quarter", **counts: int) -> list[dict]:
    return kpi_rows("referrals_count", quarter, counts, basis)


def test_counts_of_1_to_5_are_hidden_and_zeros_are_shown() -> None:
    assert read_values(publish(referrals(Q1, all=5)), "referrals_count") == {"all": "c"}
    assert read_values(publish(referrals(Q1, all=0)), "referrals_count") == {"all": 0}
    assert read_values(publish(referrals(Q1, all=6)), "referrals_count") == {"all": 6}


def test_the_category_beside_a_single_small_one_is_hidden_too() -> None:
    found = publish(referrals(Q1, all=23, F=3, M=20))
    assert read_values(found, "referrals_count") == {"all": 23, "F": "c", "M": "c"}


def test_two_small_categories_need_no_third() -> None:
    found = publish(kpi_rows("referrals_count", Q1, {"all": 17, "<1": 3, "1-4": 4, "5-9": 10}))
    assert read_values(found, "referrals_count") == {"all": 17, "<1": "c", "1-4": "c", "5-9": 10}


def test_two_hidden_counts_that_sum_to_2_would_both_be_1() -> None:
    """Of 12 children 10 are shown, so two c would be 1 and 1: a third is hidden."""
    found = publish(kpi_rows("referrals_count", Q1, {"all": 12, "<1": 1, "1-4": 1, "5-9": 10}))
    assert read_values(found, "referrals_count") == {"all": 12, "<1": "c", "1-4": "c", "5-9": "c"}


def test_the_reason_is_the_same_for_every_hidden_count() -> None:
    rows = publish(referrals(Q1, all=23, F=3, M=20))[TABLE]
    hidden = rows[rows["symbol"].eq("c")]
    assert len(hidden) == 2
    assert set(hidden["reason"]) == {"Hidden so that no small number of children can be worked out."}
    assert hidden["numerator"].isna().all() and hidden["value"].isna().all()


def test_a_percentage_is_hidden_with_its_small_numerator() -> None:
    found = publish(kpi_rows("rereferrals_12m_pct", Q1, {"all": (3, 40)}))
    assert read_values(found, "rereferrals_12m_pct") == {"all": "c"}
    row = found[TABLE].iloc[0]
    assert pd.isna(row["numerator"]) and row["denominator"] == 40


def test_a_percentage_is_hidden_when_all_but_a_few_are_counted() -> None:
    found = publish(kpi_rows("rereferrals_12m_pct", Q1, {"all": (37, 40)}))
    assert read_values(found, "rereferrals_12m_pct") == {"all": "c"}


def test_percentages_of_none_and_of_all_are_shown() -> None:
    assert read_values(
        publish(kpi_rows("rereferrals_12m_pct", Q1, {"all": (0, 40)})), "rereferrals_12m_pct"
    ) == {"all": 0}
    assert read_values(
        publish(kpi_rows("rereferrals_12m_pct", Q1, {"all": (40, 40)})), "rereferrals_12m_pct"
    ) == {"all": 100}


def test_a_shown_percentage_is_a_whole_number_rounded_half_up() -> None:
    assert read_values(
        publish(kpi_rows("rereferrals_12m_pct", Q1, {"all": (23, 40)})), "rereferrals_12m_pct"
    ) == {"all": 58}


def test_a_percentage_of_fewer_than_6_is_hidden() -> None:
    assert read_values(
        publish(kpi_rows("rereferrals_12m_pct", Q1, {"all": (0, 5)})), "rereferrals_12m_pct"
    ) == {"all": "c"}


def test_a_rate_is_hidden_with_its_count() -> None:
    """Times the published population the rate is the count."""
    found = publish(
        referrals(Q1, all=4),
        kpi_rows("referrals_rate_10k", Q1, {"all": (4, 4000)}),
        kpi_rows("pop_0_17", Q1, {"all": 4000}),
    )
    assert read_values(found, "referrals_rate_10k") == {"all": "c"}
    assert read_values(found, "pop_0_17") == {"all": 4000}


def test_a_median_of_fewer_than_6_is_hidden() -> None:
    found = publish(
        kpi_rows("assess_median_wd", Q1, {"all": (31, 5)}), kpi_rows("assess_median_wd", Q2, {"all": (31, 6)})
    )
    assert read_values(found, "assess_median_wd", Q1) == {"all": "c"}
    assert read_values(found, "assess_median_wd", Q2) == {"all": 31}


def test_averages_beside_a_hidden_category_are_hidden() -> None:
    """The average of all times their number less that of M is the sum of F."""
    found = publish(kpi_rows("adopt_a2_days", Q1, {"all": (150, 20), "F": (170, 4), "M": (145, 16)}))
    assert read_values(found, "adopt_a2_days") == {"all": 150, "F": "c", "M": "c"}


def test_the_year_to_date_is_not_shown_beside_the_quarters() -> None:
    found = publish(referrals(Q1, all=20), referrals(Q1, "ytd", all=20), referrals(Q4, "year", all=90))
    assert set(found[TABLE]["basis"]) == {"quarter"}


def test_one_basis_serves_all_year_when_it_is_the_year() -> None:
    quarters = [referrals(quarter, all=2) for quarter in (Q1, Q2, Q3, Q4)]
    found = publish(*quarters, referrals(Q4, "year", all=8), audience=public(small_authority_share=0.3))
    assert read_values(found, "referrals_count") == {"all": 8}
    rows = found[TABLE]
    assert set(rows["basis"]) == {"year"}
    assert set(rows["note"]) == {
        "The 12-month figure is shown, as too many of the latest quarters would be hidden."
    }


def test_a_council_with_enough_shown_quarters_keeps_them() -> None:
    quarters = [referrals(quarter, all=all_) for quarter, all_ in ((Q1, 2), (Q2, 20), (Q3, 20), (Q4, 20))]
    found = publish(*quarters, referrals(Q4, "year", all=62), audience=public(small_authority_share=0.3))
    assert set(found[TABLE]["basis"]) == {"quarter"}


def test_the_basis_of_the_last_release_serves_until_the_financial_year_ends() -> None:
    audience = public(small_authority_share=0.4)
    quarters = [referrals(quarter, all=all_) for quarter, all_ in ((Q1, 20), (Q2, 20), (Q3, 3), (Q4, 2))]
    rows = [*quarters, referrals(Q4, "year", all=45)]
    assert read_values(publish(*rows, audience=audience), "referrals_count") == {"all": 45}
    before = figures(*quarters[:3])
    first = suppress_figures(before, audience, registry("referrals_count")).tables[TABLE]
    released = Release("first", first, before[TABLE], audience.name)
    same_year = publish(*rows, audience=audience, releases=[released])[TABLE]
    assert same_year["value"].dropna().tolist() == [20, 20]
    assert set(same_year["basis"]) == {"quarter"}
    next_year = publish(*rows, referrals("2019/20 Q1", all=2), audience=audience, releases=[released])[TABLE]
    assert set(next_year["basis"]) == {"year"}
    of_others = publish(*rows, audience=audience, releases=[replace(released, audience="committee")])[TABLE]
    assert set(of_others["basis"]) == {"year"}


def test_an_approved_total_is_shown_to_the_committee_and_its_category_to_nobody() -> None:
    approval = Approval("referrals_count", "a headline of the paper", "the director", date(2020, 1, 14))
    audience = replace(public(), approvals=(approval,), breakdowns=("total", "gender"))
    found = publish(referrals(Q1, all=4, F=3, M=1), audience=audience)
    assert read_values(found, "referrals_count") == {"all": 4, "F": "c", "M": "c"}


def test_a_breakdown_that_an_approved_total_gives_away_is_withheld() -> None:
    """One child, approved: whichever category it is in would be told by the only c."""
    approval = Approval("referrals_count", "a headline of the paper", "the director", date(2020, 1, 14))
    audience = replace(public(), approvals=(approval,), breakdowns=("total", "gender"))
    found = publish(referrals(Q1, all=1, M=1), audience=audience)
    assert read_values(found, "referrals_count") == {"all": 1}


def test_the_last_count_of_a_year_that_the_department_publishes_is_hidden_with_another() -> None:
    """The department's year less three shown quarters is the fourth."""
    quarters = [referrals(quarter, all=all_) for quarter, all_ in ((Q1, 3), (Q2, 20), (Q3, 21), (Q4, 22))]
    year = referrals(Q4, "year", all=66)
    department = pd.DataFrame(
        [
            {
                "kpi_id": "referrals_count",
                "category": "all",
                "authority_code": AUTHORITY,
                "year_ending": 2019,
                "value": 66.0,
            }
        ]
    )
    alone = publish(*quarters, year)
    assert [read_values(alone, "referrals_count", quarter)["all"] for quarter in (Q1, Q2, Q3, Q4)] == [
        "c",
        20,
        21,
        22,
    ]
    beside = publish(*quarters, year, fact_comparator=department)
    assert [read_values(beside, "referrals_count", quarter)["all"] for quarter in (Q1, Q2, Q3, Q4)] == [
        "c",
        "c",
        21,
        22,
    ]


def test_what_an_earlier_release_hid_stays_hidden() -> None:
    """F was 3 and hidden, with M beside it; now F is 7, and M would tell what F was."""
    before = figures(referrals(Q1, all=14, F=3, M=11))
    first = suppress_figures(before, public(), registry("referrals_count"))
    release = Release("first", first.tables[TABLE], before[TABLE])
    now = [referrals(Q1, all=18, F=7, M=11)]
    assert read_values(publish(*now), "referrals_count") == {"all": 18, "F": 7, "M": 11}
    found = read_values(publish(*now, releases=[release]), "referrals_count")
    assert found["all"] == "c" or found["F"] == found["M"] == "c"


def test_what_the_committee_is_shown_is_known_to_the_reader_of_the_public_page() -> None:
    given = figures(referrals(Q1, all=4, F=2, M=2))
    paper = suppress_figures(given, replace(public(), threshold=0), registry("referrals_count"))
    committee = Release(
        "committee", paper.tables[TABLE][lambda rows: rows["breakdown"].eq("total")], given[TABLE]
    )
    found = publish(referrals(Q1, all=4, F=2, M=2), releases=[committee])
    assert read_values(found, "referrals_count") == {"all": "c", "F": "c", "M": "c"}


def test_a_year_beside_the_quarters_of_the_paper_does_not_give_the_hidden_one_away() -> None:
    """The public's year of 64 less the paper's 20, 20 and 20 would be the fourth quarter's c."""
    rows = [referrals(quarter, all=all_) for quarter, all_ in ((Q1, 20), (Q2, 20), (Q3, 20), (Q4, 4))]
    given = figures(*rows, referrals(Q4, "year", all=64))
    paper = suppress_figures(given, public(), registry("referrals_count"))
    assert read_values(paper.tables, "referrals_count", Q4) == {"all": "c"}
    committee = Release("committee", paper.tables[TABLE], given[TABLE])
    of_years = public(basis="year")
    assert read_values(
        suppress_figures(given, of_years, registry("referrals_count"), [committee]).tables, "referrals_count"
    ) == {"all": "c"}
    with pytest.raises(DisclosureError, match="referrals_count, quarter 2018/19 Q4, total all"):
        alone = suppress_figures(given, of_years, registry("referrals_count"))
        attack_publication(alone.tables, given, of_years, registry("referrals_count"), [committee])


def test_a_year_beside_released_quarters_does_not_give_the_last_away_that_nobody_shows() -> None:
    before = figures(*[referrals(quarter, all=20) for quarter in (Q1, Q2, Q3)])
    first = suppress_figures(before, public(), registry("referrals_count"))
    release = Release("first", first.tables[TABLE], before[TABLE])
    for fourth, shown in ((4, "c"), (14, 74)):
        rows = [*[referrals(quarter, all=20) for quarter in (Q1, Q2, Q3)], referrals(Q4, all=fourth)]
        found = publish(
            *rows,
            referrals(Q4, "year", all=60 + fourth),
            audience=public(basis="year"),
            releases=[release],
        )
        assert read_values(found, "referrals_count") == {"all": shown}


def test_a_sensitive_count_is_not_narrowed_either() -> None:
    """2 and 4 beside a shown 10 are each known to be 1 to 5: of adopted children the 10 is hidden too."""
    given = figures(kpi_rows("adopt_count", Q1, {"all": 16, "<1": 2, "1-4": 4, "5-9": 10}))
    ordinary = suppress_figures(given, public(), registry("adopt_count"))
    assert read_values(ordinary.tables, "adopt_count") == {"all": 16, "<1": "c", "1-4": "c", "5-9": 10}
    sensitive = suppress_figures(given, public(), registry("adopt_count", is_sensitive=True))
    assert read_values(sensitive.tables, "adopt_count") == {
        "all": 16,
        "<1": "c",
        "1-4": "c",
        "5-9": "c",
    }


def test_a_threshold_of_0_hides_nothing() -> None:
    given = figures(referrals(Q1, all=4, F=3, M=1))
    found = suppress_figures(given, public(threshold=0), registry("referrals_count"))
    pd.testing.assert_frame_equal(found.tables[TABLE], given[TABLE])
