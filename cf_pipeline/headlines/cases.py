"""Headlines about children in need, on protection plans, in care and missing, and about care leavers.

Each public function returns the lines of an area; a line is a list of sentences, empty ones are dropped.
"""

from __future__ import annotations

from fractions import Fraction

from cf_pipeline.compare.figures import Figure
from cf_pipeline.compare.phrases import wording
from cf_pipeline.contracts.english import count_of
from cf_pipeline.contracts.rounding import as_written
from cf_pipeline.headlines.quarter_facts import QuarterFacts

IN_NEED, SIX_MONTHS = "cin_open_stock", "cin_6m_or_less_pct"
ON_PLANS, LONG_PLANS, CONFERENCES = "cpp_stock", "cpp_12_24m_count", "icpc_15wd_pct"
IN_CARE, PLACEMENTS, VISITS = "cla_stock", "cla_3plus_placements_count", "cla_visits_in_time_pct"
MISSING, EPISODES = "missing_cla_open_stock", "missing_episodes_count"
INTERVIEWS = "missing_rhi_accepted_count"
LEAVERS, EET, ACCOMMODATION = "cl_stock", "cl_eet_count", "cl_suitable_accom_pct"
BOTH, PLAN, TOUCH = "cl_plan_and_touch_pct", "cl_pathway_plan_uptodate_pct", "cl_in_touch_plan_pct"


def write_children_in_need(facts: QuarterFacts) -> list[list[str]]:
    """Children in Need: open cases and their pattern over the year; how long they had been open."""
    figure = facts.figure(IN_NEED)
    if figure.value is None:
        return [[facts.sentence("children_in_need", "none")]]
    count = count_of(facts.display(IN_NEED, figure), "child in need case", "children in need cases")
    return [
        [facts.sentence("children_in_need", "count", count=count), _pattern_of_year(facts)],
        [_open_six_months(facts)],
    ]


def write_child_protection(facts: QuarterFacts) -> list[list[str]]:
    """Child Protection: children on plans and for how long; initial conferences in time."""
    figure = facts.figure(ON_PLANS)
    line = [facts.sentence("child_protection", "none")]
    if figure.value is not None:
        count = count_of(
            facts.display(ON_PLANS, figure),
            "child on a Child Protection Plan",
            "children on Child Protection Plans",
        )
        line = [facts.sentence("child_protection", "count", count=count), _long_plans(facts, figure.value)]
    return [line, [_percentage(facts, "child_protection", "conferences", CONFERENCES)]]


def write_children_in_care(facts: QuarterFacts) -> list[list[str]]:
    """Children in Care: children in care and their placements; visits in time."""
    figure = facts.figure(IN_CARE)
    line = [facts.sentence("children_in_care", "none")]
    if figure.value is not None:
        count = count_of(facts.display(IN_CARE, figure), "Child in Care", "Children in Care")
        line = [
            facts.sentence("children_in_care", "count", count=count),
            _compare_with_year_end(facts),
            _placements(facts, figure.value),
        ]
    return [line, [_percentage(facts, "children_in_care", "visits", VISITS)]]


def write_children_missing(facts: QuarterFacts) -> list[list[str]]:
    """Children Missing: children missing at the end, episodes, return home interviews."""
    return [[_missing_children(facts), _missing_episodes(facts), _return_interviews(facts)]]


def write_care_leavers(facts: QuarterFacts) -> list[list[str]]:
    """Care Leavers: care leavers, their activity and accommodation; their plans and contact."""
    figure = facts.figure(LEAVERS)
    if figure.value is None:
        return [[facts.sentence("care_leavers", "none")]]
    count = count_of(facts.display(LEAVERS, figure), "Care Leaver", "Care Leavers")
    first = facts.sentence("care_leavers", "count", count=count)
    clause = facts.level_clause(LEAVERS)
    if facts.is_increase(LEAVERS):
        clause = facts.sentence(
            "care_leavers", "increase_one" if facts.quarter.number == 2 else "increase_many"
        )
    first = f"{first} - {clause}" if clause else first
    if figure.value == 0:
        return [[first, facts.sentence("care_leavers", "nobody")]]
    return [
        [
            first,
            _leavers_in_eet(facts, figure.value),
            _percentage(facts, "care_leavers", "accommodation", ACCOMMODATION),
        ],
        [_plan_and_touch(facts)],
    ]


def _pattern_of_year(facts: QuarterFacts) -> str:
    """The year's pattern and last year's end, joined by 'but' when the year is steady and the end differs."""
    difference, level = facts.difference_from_year_end(IN_NEED), facts.level_clause(IN_NEED)
    is_steady = facts.is_consistent(IN_NEED)
    start = ""
    if is_steady:
        start = facts.sentence("children_in_need", "consistent")
    elif level:
        start = facts.sentence("children_in_need", "level", level=level)
    # In quarter 1 the level clause compares with last year's end already.
    if difference is None or (start and facts.quarter.number == 1):
        return start
    name = "and_year_end"
    if not start:
        name = "year_end"
    elif is_steady:
        name = "and_is_year_end" if difference.is_similar else "but_year_end"
    return facts.sentence("children_in_need", name, start=start, than=wording("than", difference))


def _open_six_months(facts: QuarterFacts) -> str:
    share = facts.figure(SIX_MONTHS)
    if share.value is None or share.numerator is None or share.denominator is None:
        return facts.sentence(
            "children_in_need", "duration_of_none" if share.has_no_cases else "duration_none"
        )
    if share.denominator == 1:
        had = "had" if share.numerator else "had not"
        return facts.sentence("children_in_need", "only", had=had)
    if share.numerator in (0, share.denominator):
        whole = count_of(share.denominator, "Child in Need case", "Children in Need cases")
        return facts.sentence("children_in_need", "all" if share.numerator else "no_case", whole=whole)
    if share.value >= as_written(facts.limits.most_pct):
        return facts.sentence("children_in_need", "most")
    if share.value > as_written(facts.limits.majority_pct):
        return facts.sentence("children_in_need", "majority")
    whole = count_of(share.denominator, "Child in Need case", "Children in Need cases")
    return facts.sentence("children_in_need", "some", part=share.numerator, whole=whole)


def _long_plans(facts: QuarterFacts, stock: Fraction) -> str:
    figure = facts.figure(LONG_PLANS)
    if stock == 0:
        return ""
    if figure.value is None:
        return facts.sentence("child_protection", "long_none")
    if stock == 1:
        return facts.sentence("child_protection", "long_only", was="been" if figure.value else "not been")
    return facts.sentence("child_protection", "long", part=facts.display(LONG_PLANS, figure))


def _compare_with_year_end(facts: QuarterFacts) -> str:
    difference = facts.difference_from_year_end(IN_CARE)
    if difference is None:
        return ""
    last_year_value = facts.display(IN_CARE, facts.figures.last_year_end(IN_CARE, facts.quarter))
    name = "year_end_similar" if difference.is_similar else "year_end"
    return facts.sentence(
        "children_in_care", name, than=wording("than", difference), last_year_value=last_year_value
    )


def _placements(facts: QuarterFacts, stock: Fraction) -> str:
    figure = facts.figure(PLACEMENTS)
    if stock == 0:
        return ""
    if figure.value is None:
        return facts.sentence("children_in_care", "placements_none")
    if stock == 1:
        return facts.sentence("children_in_care", "placements_only", had="had" if figure.value else "not had")
    have = "has" if figure.value == 1 else "have"
    return facts.sentence("children_in_care", "placements", part=facts.display(PLACEMENTS, figure), have=have)


def _missing_children(facts: QuarterFacts) -> str:
    figure = facts.figure(MISSING)
    if figure.value is None:
        return facts.sentence("children_missing", "none")
    if figure.value == 0:
        return facts.sentence("children_missing", "nobody")
    figures = facts.display(MISSING, figure)
    # As in the committee report: one child at the start of this sentence is a word, all other numbers digits.
    count = "One Child in Care" if figures == 1 else f"{figures} Children in Care"
    return facts.sentence("children_missing", "count", count=count)


def _missing_episodes(facts: QuarterFacts) -> str:
    figure = facts.figure(EPISODES)
    if figure.value is None:
        return facts.sentence("children_missing", "episodes_none")
    if figure.value == 0:
        return facts.sentence("children_missing", "no_episodes")
    count = count_of(facts.display(EPISODES, figure), "missing episode", "missing episodes")
    return facts.sentence(
        "children_missing", "episodes", were="was" if figure.value == 1 else "were", count=count
    )


def _return_interviews(facts: QuarterFacts) -> str:
    figure = facts.figure(INTERVIEWS)
    if figure.value is None:
        return facts.sentence("children_missing", "interviews_none")
    figures = facts.display(INTERVIEWS, figure)
    return facts.sentence(
        "children_missing",
        "interviews",
        count=count_of(figures, "Return Home Interview was", "Return Home Interviews were"),
    )


def _leavers_in_eet(facts: QuarterFacts, stock: Fraction) -> str:
    figure = facts.figure(EET)
    if figure.value is None:
        return facts.sentence("care_leavers", "eet_none")
    if stock == 1:
        return facts.sentence("care_leavers", "eet_only", in_or_not="in" if figure.value else "not in")
    were = "was" if figure.value == 1 else "were"
    return facts.sentence("care_leavers", "eet", part=facts.display(EET, figure), were=were)


def _plan_and_touch(facts: QuarterFacts) -> str:
    """One clause when both percentages and the share for whom both hold are displayed alike, else two.

    Two shares may be equal by accident, of different young people: 92% have a plan, 92% are in touch, and 85%
    have both. Source: `docs/rulings.md#20`.
    """
    both, plan, touch = (_display_or_none(facts, kpi_id) for kpi_id in (BOTH, PLAN, TOUCH))
    if plan is None and touch is None:
        return facts.sentence("care_leavers", "plan_none")
    if plan == touch == both:
        return facts.sentence("care_leavers", "plan_and_touch", value=both)
    if plan is None or touch is None:
        return facts.sentence("care_leavers", "touch" if plan is None else "plan", plan=plan, touch=touch)
    return facts.sentence("care_leavers", "plan_then_touch", plan=plan, touch=touch)


def _display_or_none(facts: QuarterFacts, kpi_id: str) -> object | None:
    figure: Figure = facts.figure(kpi_id)
    return None if figure.value is None else facts.display(kpi_id, figure)


def _percentage(facts: QuarterFacts, area: str, name: str, kpi_id: str) -> str:
    """A percentage in its sentence; without cases or not available it is in words, never 0% or 100%."""
    figure = facts.figure(kpi_id)
    if figure.value is not None:
        return facts.sentence(area, name, value=facts.display(kpi_id, figure))
    return facts.sentence(area, f"{name}_of_none" if figure.has_no_cases else f"{name}_none")
