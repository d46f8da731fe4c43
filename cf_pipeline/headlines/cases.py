"""Headlines of children with a plan, in care, missing, and care leavers."""

from __future__ import annotations

from fractions import Fraction

from cf_pipeline.compare.figures import Figure
from cf_pipeline.compare.phrases import words
from cf_pipeline.contracts.english import counted
from cf_pipeline.contracts.rounding import as_written
from cf_pipeline.headlines.area_facts import Story, say

IN_NEED, SIX_MONTHS = "cin_open_stock", "cin_6m_or_less_pct"
ON_PLANS, LONG_PLANS, CONFERENCES = "cpp_stock", "cpp_12_24m_count", "icpc_15wd_pct"
IN_CARE, PLACEMENTS, VISITS = "cla_stock", "cla_3plus_placements_count", "cla_visits_in_time_pct"
MISSING, EPISODES = "missing_cla_open_stock", "missing_episodes_count"
INTERVIEWS = "missing_rhi_accepted_count"
LEAVERS, EET, ACCOMMODATION = "cl_stock", "cl_eet_count", "cl_suitable_accom_pct"
BOTH, PLAN, TOUCH = "cl_plan_and_touch_pct", "cl_pathway_plan_uptodate_pct", "cl_in_touch_plan_pct"


def children_in_need(story: Story) -> list[list[str]]:
    """Lines of sentences: open cases and their pattern, how long they had been open."""
    figure = story.of(IN_NEED)
    if figure.value is None:
        return [[say("children_in_need", "none", q=story.q)]]
    n = counted(story.shown(IN_NEED, figure), "child in need case", "children in need cases")
    return [[say("children_in_need", "count", n=n, q=story.q), _pattern(story)], [_six_months(story)]]


def child_protection(story: Story) -> list[list[str]]:
    """Lines of sentences: children on plans and how long, initial conferences in time."""
    figure = story.of(ON_PLANS)
    line = [say("child_protection", "none", q=story.q)]
    if figure.value is not None:
        n = counted(
            story.shown(ON_PLANS, figure),
            "child on a Child Protection Plan",
            "children on Child Protection Plans",
        )
        line = [say("child_protection", "count", n=n, q=story.q), _long_plans(story, figure.value)]
    return [line, [_percentage(story, "child_protection", "conferences", CONFERENCES)]]


def children_in_care(story: Story) -> list[list[str]]:
    """Lines of sentences: children in care and their placements, visits in time."""
    figure = story.of(IN_CARE)
    line = [say("children_in_care", "none", q=story.q)]
    if figure.value is not None:
        n = counted(story.shown(IN_CARE, figure), "Child in Care", "Children in Care")
        line = [
            say("children_in_care", "count", n=n, q=story.q),
            _care_year_end(story),
            _placements(story, figure.value),
        ]
    return [line, [_percentage(story, "children_in_care", "visits", VISITS)]]


def children_missing(story: Story) -> list[list[str]]:
    """One line of sentences: children missing, episodes, return home interviews."""
    return [[_missing(story), _episodes(story), _interviews(story)]]


def care_leavers(story: Story) -> list[list[str]]:
    """Lines of sentences: care leavers, their activity and homes; their plans and contact."""
    figure = story.of(LEAVERS)
    if figure.value is None:
        return [[say("care_leavers", "none", q=story.q)]]
    n = counted(story.shown(LEAVERS, figure), "Care Leaver", "Care Leavers")
    first = say("care_leavers", "count", n=n, q=story.q)
    clause = story.level(LEAVERS)
    if story.is_increase(LEAVERS):
        clause = say("care_leavers", "increase_one" if story.quarter.number == 2 else "increase_many")
    first = f"{first} - {clause}" if clause else first
    if figure.value == 0:
        return [[first, say("care_leavers", "nobody")]]
    return [
        [
            first,
            _eet(story, figure.value),
            _percentage(story, "care_leavers", "accommodation", ACCOMMODATION),
        ],
        [_plan_and_touch(story)],
    ]


def _pattern(story: Story) -> str:
    """The year's pattern, then the last year's end: 'but' where the one is steady and the other is not."""
    band, level = story.year_end_band(IN_NEED), story.level(IN_NEED)
    is_steady = story.is_consistent(IN_NEED)
    start = ""
    if is_steady:
        start = say("children_in_need", "consistent", k=story.k)
    elif level:
        start = say("children_in_need", "level", level=level)
    # In quarter 1 the level already compares with last year's end.
    if band is None or (start and story.quarter.number == 1):
        return start
    name = "and_year_end"
    if not start:
        name = "year_end"
    elif is_steady:
        name = "and_is_year_end" if band.is_similar else "but_year_end"
    return say("children_in_need", name, start=start, than=words("than", band), last_year=story.last_year)


def _six_months(story: Story) -> str:
    share = story.of(SIX_MONTHS)
    if share.value is None or share.numerator is None or share.denominator is None:
        return say(
            "children_in_need", "duration_of_none" if share.is_of_nothing else "duration_none", q=story.q
        )
    if share.value >= as_written(story.bands.most_pct):
        return say("children_in_need", "most", q=story.q)
    if share.value > as_written(story.bands.majority_pct):
        return say("children_in_need", "majority", q=story.q)
    whole = counted(share.denominator, "Child in Need case", "Children in Need cases")
    return say("children_in_need", "some", part=share.numerator, whole=whole, q=story.q)


def _long_plans(story: Story, stock: Fraction) -> str:
    figure = story.of(LONG_PLANS)
    if stock == 0:
        return ""
    if figure.value is None:
        return say("child_protection", "long_none")
    if stock == 1:
        return say("child_protection", "long_only", was="been" if figure.value else "not been")
    return say("child_protection", "long", part=story.shown(LONG_PLANS, figure))


def _care_year_end(story: Story) -> str:
    band = story.year_end_band(IN_CARE)
    if band is None:
        return ""
    ly = story.shown(IN_CARE, story.figures.last_year_end(IN_CARE, story.quarter))
    name = "year_end_similar" if band.is_similar else "year_end"
    return say("children_in_care", name, than=words("than", band), last_year=story.last_year, ly=ly)


def _placements(story: Story, stock: Fraction) -> str:
    figure = story.of(PLACEMENTS)
    if stock == 0:
        return ""
    if figure.value is None:
        return say("children_in_care", "placements_none")
    if stock == 1:
        return say("children_in_care", "placements_only", had="had" if figure.value else "not had")
    have = "has" if figure.value == 1 else "have"
    return say("children_in_care", "placements", part=story.shown(PLACEMENTS, figure), have=have)


def _missing(story: Story) -> str:
    figure = story.of(MISSING)
    if figure.value is None:
        return say("children_missing", "none", q=story.q)
    if figure.value == 0:
        return say("children_missing", "nobody", q=story.q)
    shown = story.shown(MISSING, figure)
    # The paper's style: the single one that opens this sentence is a word, every other number digits.
    n = "One Child in Care" if shown == 1 else f"{shown} Children in Care"
    return say("children_missing", "count", n=n, q=story.q)


def _episodes(story: Story) -> str:
    figure = story.of(EPISODES)
    if figure.value is None:
        return say("children_missing", "episodes_none")
    if figure.value == 0:
        return say("children_missing", "no_episodes")
    n = counted(story.shown(EPISODES, figure), "missing episode", "missing episodes")
    return say("children_missing", "episodes", were="was" if figure.value == 1 else "were", n=n)


def _interviews(story: Story) -> str:
    figure = story.of(INTERVIEWS)
    if figure.value is None:
        return say("children_missing", "interviews_none")
    shown = story.shown(INTERVIEWS, figure)
    return say(
        "children_missing",
        "interviews",
        n=counted(shown, "Return Home Interview was", "Return Home Interviews were"),
    )


def _eet(story: Story, stock: Fraction) -> str:
    figure = story.of(EET)
    if figure.value is None:
        return say("care_leavers", "eet_none")
    if stock == 1:
        return say("care_leavers", "eet_only", **{"in": "in" if figure.value else "not in"})
    were = "was" if figure.value == 1 else "were"
    return say("care_leavers", "eet", part=story.shown(EET, figure), were=were)


def _plan_and_touch(story: Story) -> str:
    """One clause when both percentages are shown alike (ruling 20), with the share for whom both hold."""
    both, plan, touch = (_shown_or_none(story, kpi_id) for kpi_id in (BOTH, PLAN, TOUCH))
    if plan is None and touch is None:
        return say("care_leavers", "plan_none")
    if plan == touch and both is not None:
        return say("care_leavers", "plan_and_touch", v=both)
    if plan is None or touch is None:
        return say("care_leavers", "touch" if plan is None else "plan", plan=plan, touch=touch)
    return say("care_leavers", "plan_then_touch", plan=plan, touch=touch)


def _shown_or_none(story: Story, kpi_id: str) -> object | None:
    figure: Figure = story.of(kpi_id)
    return None if figure.value is None else story.shown(kpi_id, figure)


def _percentage(story: Story, area: str, name: str, kpi_id: str) -> str:
    """A percentage in its sentence; of no cases, or not available, in words and never as 0% or 100%."""
    figure = story.of(kpi_id)
    if figure.value is not None:
        return say(area, name, v=story.shown(kpi_id, figure), q=story.q)
    return say(area, f"{name}_of_none" if figure.is_of_nothing else f"{name}_none", q=story.q)
