"""Every printed sentence of any figures is true: its numbers and words are read back and checked."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.second_opinion.wording.claim_patterns import false_sentences
from tests.second_opinion.wording.printed_figures import PrintedFigures
from tests.spec.committee_paper import (
    CARE,
    CONTACTS,
    LAST_QUARTERS,
    LAST_YEAR,
    LEAVERS,
    NEED,
    PAPER,
    Number,
    headline_texts,
    year_to_date,
)

COUNTS = st.one_of(st.integers(0, 3), st.integers(0, 30), st.sampled_from([20, 50, 52, 100, 250]))
PARTS = st.sampled_from([0, 1, 2, 3, 4])
"""A part of a whole: none of it, a little, half, most, all."""
STOCK_SHARES = {
    "cin_6m_or_less_pct": "cin_open_stock",
    "cl_suitable_accom_pct": "cl_stock",
    "cl_pathway_plan_uptodate_pct": "cl_stock",
    "cl_in_touch_plan_pct": "cl_stock",
}
STOCK_PARTS = {
    "cpp_12_24m_count": "cpp_stock",
    "cla_3plus_placements_count": "cla_stock",
    "cl_eet_count": "cl_stock",
}


def part_of(draw: st.DrawFn, whole: int) -> int:
    return {0: 0, 1: min(1, whole), 2: whole // 2, 3: 3 * whole // 4, 4: whole}[draw(PARTS)]


def one_quarter(draw: st.DrawFn) -> dict[str, Number]:
    """Figures of a quarter that could be: a part is within its whole, both within each."""
    found: dict[str, Number] = {}
    for kpi_id, number in PAPER.items():
        count = draw(COUNTS)
        is_share = isinstance(number[0], tuple)
        found[kpi_id] = (part_of(draw, count), count) if is_share else count
    for kpi_id, stock in STOCK_PARTS.items():
        found[kpi_id] = part_of(draw, int(str(found[stock])))
    for kpi_id, stock in STOCK_SHARES.items():
        whole = int(str(found[stock]))
        found[kpi_id] = (part_of(draw, whole), whole)
    leavers = int(str(found["cl_stock"]))
    plan, touch = (found[kpi_id][0] for kpi_id in ("cl_pathway_plan_uptodate_pct", "cl_in_touch_plan_pct"))
    both = draw(st.integers(max(plan + touch - leavers, 0), min(plan, touch)))
    found["cl_plan_and_touch_pct"] = (both, leavers)
    contacts, referrals = int(str(found["contacts_count"])), int(str(found["referrals_count"]))
    found["contact_to_referral_pct"] = (referrals, contacts)
    return found


@st.composite
def figures(draw: st.DrawFn) -> PrintedFigures:
    """A year up to a quarter with the year before, here and there without a figure or with the same again."""
    quarter = draw(st.integers(1, 4))
    drawn = [one_quarter(draw) for _ in range(quarter)]
    missing = draw(st.sets(st.sampled_from(sorted(PAPER)), max_size=4))
    same = draw(
        st.sets(st.sampled_from(sorted(set(PAPER) - set(STOCK_SHARES) - set(STOCK_PARTS))), max_size=6)
    )
    same -= {"cl_stock", "cin_open_stock", "cpp_stock", "cla_stock", "cl_plan_and_touch_pct"}
    same -= {"contacts_count", "referrals_count", "contact_to_referral_pct"}
    quarters: dict[str, list[Number]] = {}
    for kpi_id in PAPER:
        numbers = [each[kpi_id] for each in drawn]
        if kpi_id in same:
            numbers = numbers[:1] * quarter
        if kpi_id in missing:
            numbers[draw(st.integers(0, quarter - 1))] = None
        quarters[kpi_id] = numbers
    last_year: dict[str, Number] = {
        kpi_id: None
        if draw(st.integers(0, 4)) == 0
        else (draw(COUNTS), 250)
        if isinstance(value, tuple)
        else draw(COUNTS)
        for kpi_id, value in LAST_YEAR.items()
    }
    last_quarters: dict[str, list[Number]] = {
        kpi_id: [None if draw(st.integers(0, 5)) == 0 else draw(COUNTS) for _ in range(4)]
        for kpi_id in LAST_QUARTERS
    }
    so_far = {kpi_id: year_to_date(kpi_id, numbers) for kpi_id, numbers in quarters.items()}
    return PrintedFigures(quarters, so_far, last_year, last_quarters)


def texts_of(printed: PrintedFigures) -> dict[str, str]:
    return headline_texts(
        printed.quarters, printed.last_year, quarter=printed.quarter, last_quarters=printed.last_quarters
    )


def check(printed: PrintedFigures) -> None:
    wrong = {
        area: sentences
        for area, text in texts_of(printed).items()
        if (sentences := false_sentences(area, text, printed))
    }
    assert wrong == {}


@settings(
    deadline=None, max_examples=12, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(figures())
def test_every_printed_sentence_is_true(printed: PrintedFigures) -> None:
    check(printed)


@pytest.mark.slow
@settings(
    deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(figures())
def test_every_printed_sentence_of_many_more_figures_is_true(printed: PrintedFigures) -> None:
    check(printed)


def paper_figures() -> PrintedFigures:
    so_far = {kpi_id: year_to_date(kpi_id, numbers) for kpi_id, numbers in PAPER.items()}
    return PrintedFigures(PAPER, so_far, LAST_YEAR, LAST_QUARTERS)


def test_the_paper_s_own_sentences_are_true() -> None:
    check(paper_figures())


@pytest.mark.parametrize(
    ("area", "sentence"),
    [
        (CONTACTS, "76 contacts in Q3."),
        (CONTACTS, "77 contact in Q3."),
        (CONTACTS, "77 contacts in Q3 - a slightly higher level than the previous two quarters (80 and 90)."),
        (CONTACTS, "77 contacts in Q3 - a slightly lower level than the previous two quarters (80 and 91)."),
        (CONTACTS, "77 contacts in Q3 - a lower level than the previous two quarters (80 and 90)."),
        (CONTACTS, "33 referrals in Q3 - referrals have been falling over the quarters."),
        (CONTACTS, "92% of contacts were completed in one day in Q3."),
        (CONTACTS, "There were no contacts due to be completed in Q3."),
        (NEED, "Most Children in Need cases at the end of Q3 had been open for 6 months or less."),
        (NEED, "All 28 Children in Need cases at the end of Q3 had been open for 6 months or less."),
        (NEED, "This reflects a fairly consistent pattern over the two quarters."),
        (CARE, "This is slightly higher than at the end of 2018/19 (20)."),
        (LEAVERS, "99% have an up to date Pathway Plan and are in touch in accordance with the plan."),
        (LEAVERS, "A sentence that nobody has a claim for."),
    ],
)
def test_the_check_finds_a_sentence_that_is_not_true(area: str, sentence: str) -> None:
    assert false_sentences(area, sentence, paper_figures()) == [sentence]
