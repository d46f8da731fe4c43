"""What the committee's table says instead when the figures are others than the paper's."""

import pytest

from tests.spec.committee_paper import LEAVERS, REGISTRY, headline_texts

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
        {"cin_6m_or_less_pct": [(1, 2), (1, 2), (52, 52)]},
        "All 52 Children in Need cases at the end of Q3 had been open for 6 months or less",
        "Most",
    ),
    ({"cin_6m_or_less_pct": [(1, 2), (1, 2), (51, 52)]}, "Most Children in Need cases", "All"),
    (
        {"cin_6m_or_less_pct": [(1, 2), (1, 2), (0, 28)]},
        "None of the 28 Children in Need cases at the end of Q3 had been open for 6 months or less",
        "0 of",
    ),
    (
        {"cin_6m_or_less_pct": [(1, 2), (1, 2), (1, 1)]},
        "The Child in Need case open at the end of Q3 had been open for 6 months or less",
        "All",
    ),
    (
        {"cin_6m_or_less_pct": [(1, 2), (1, 2), (0, 1)]},
        "The Child in Need case open at the end of Q3 had not been open for 6 months or less",
        "0 of 1",
    ),
    (
        {"assess_started_count": [20, 20, 20]},
        "started in Q3 - a similar level to the previous two quarters (20 and 20)",
        "highest",
    ),
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
    text = headline_texts(changes)[REGISTRY[next(iter(changes))].area]
    assert says in text
    assert not never or never not in text


@pytest.mark.parametrize(
    ("plan", "touch", "both", "says"),
    [
        (26, 26, 26, "100% have an up to date Pathway Plan and are in touch in accordance with the plan"),
        (24, 24, 24, "92% have an up to date Pathway Plan and are in touch in accordance with the plan"),
        # Equal by accident: the two who have no plan are not the two who are not in touch.
        (24, 24, 22, "92% have an up to date Pathway Plan and 92% are in touch in accordance with the plan"),
        (13, 13, 0, "50% have an up to date Pathway Plan and 50% are in touch in accordance with the plan"),
        (24, 23, 22, "92% have an up to date Pathway Plan and 88% are in touch in accordance with the plan"),
        (0, 0, 0, "0% have an up to date Pathway Plan and are in touch in accordance with the plan"),
    ],
)
def test_a_share_of_both_is_never_told_as_that_of_each(plan, touch, both, says):
    counts = {
        "cl_pathway_plan_uptodate_pct": plan,
        "cl_in_touch_plan_pct": touch,
        "cl_plan_and_touch_pct": both,
    }
    text = headline_texts({kpi_id: [(1, 1), (1, 1), (count, 26)] for kpi_id, count in counts.items()})
    assert says in text[LEAVERS]
