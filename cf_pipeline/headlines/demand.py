"""Headlines about demand: contacts and referrals, early help, assessments.

Each public function returns the lines of an area; a line is a list of sentences, empty ones are dropped.
"""

from __future__ import annotations

from cf_pipeline.compare.phrases import wording
from cf_pipeline.contracts.english import count_of
from cf_pipeline.headlines.quarter_facts import QuarterFacts

CONTACTS, IN_ONE_DAY = "contacts_count", "contacts_1wd_pct"
REFERRALS, CONVERSION = "referrals_count", "contact_to_referral_pct"
EARLY_HELP, SHORT_BREAKS = "eh_referrals_count", "short_breaks_children_count"
STARTED, COMPLETED, IN_TIME = "assess_started_count", "assess_completed_count", "assess_45wd_pct"


def write_contacts_and_referrals(facts: QuarterFacts) -> list[list[str]]:
    """Contacts and Referrals: contacts, their timeliness, referrals, the conversion rate."""
    return [
        [_contacts_of_quarter(facts), _contacts_year_end(facts)],
        [_contacts_in_one_day(facts), _in_one_day_year_end(facts)],
        _referrals(facts),
        [_conversion_of_quarter(facts), _conversion_year_end(facts)],
    ]


def write_early_help(facts: QuarterFacts) -> list[list[str]]:
    """Early Help: referrals to early help; short breaks."""
    # Without a list of early help referrals the figure's note names what was counted instead.
    note = facts.figure(EARLY_HELP, "ytd").note or ""
    return [[_early_help(facts), note], [_short_breaks(facts)]]


def write_assessments(facts: QuarterFacts) -> list[list[str]]:
    """Assessments: those started and the year's outlook; those in time."""
    return [[_assessments_started(facts), *_assessments_year_end(facts)], _assessments_in_time(facts)]


def _contacts_of_quarter(facts: QuarterFacts) -> str:
    figure = facts.figure(CONTACTS)
    if figure.value is None:
        return facts.sentence("contacts", "none")
    start = facts.sentence(
        "contacts", "count", count=count_of(facts.display(CONTACTS, figure), "contact", "contacts")
    )
    return _join_clause(start, facts.level_clause(CONTACTS))


def _contacts_year_end(facts: QuarterFacts) -> str:
    outlook = facts.outlook(CONTACTS)
    if facts.is_year_end:
        return _year_total(facts, "contacts", CONTACTS)
    if outlook.difference is None:
        return ""
    return facts.sentence("contacts", "forecast", forecast=wording("forecast", outlook.difference))


def _year_total(facts: QuarterFacts, area: str, kpi_id: str, **values: object) -> str:
    """The year's total, compared with last year's where there is one."""
    outlook = facts.outlook(kpi_id)
    if outlook.forecast.value is None:
        return ""
    year_end = facts.display(kpi_id, outlook.forecast)
    if outlook.difference is None:
        return facts.sentence(area, "total", year_end=year_end, **values)
    last_year_value = facts.display(kpi_id, outlook.last_year)
    return facts.sentence(
        area,
        "total_compared",
        year_end=year_end,
        last_year_value=last_year_value,
        than=wording("than", outlook.difference),
        **values,
    )


def _contacts_in_one_day(facts: QuarterFacts) -> str:
    figure = facts.figure(IN_ONE_DAY)
    if figure.value is not None:
        return facts.sentence("contacts", "in_one_day", value=facts.display(IN_ONE_DAY, figure))
    return facts.sentence("contacts", "in_one_day_of_none" if figure.has_no_cases else "in_one_day_none")


def _in_one_day_year_end(facts: QuarterFacts) -> str:
    forecast = facts.outlook(IN_ONE_DAY).forecast
    if forecast.value is None:
        return ""
    name = "in_one_day_total" if facts.is_year_end else "in_one_day_forecast"
    alone = "" if facts.figure(IN_ONE_DAY).value is not None else "_alone"
    return facts.sentence("contacts", name + alone, year_end=facts.display(IN_ONE_DAY, forecast))


def _referrals(facts: QuarterFacts) -> list[str]:
    figure, outlook = facts.figure(REFERRALS), facts.outlook(REFERRALS).difference
    year = ""
    if outlook is not None and not facts.is_year_end:
        year = (
            facts.sentence("referrals", "forecast_similar", forecast=wording("forecast", outlook))
            if outlook.is_similar
            else facts.sentence("referrals", "forecast", more=wording("more", outlook))
        )
    total = _year_total(facts, "referrals", REFERRALS) if facts.is_year_end else ""
    if figure.value is None:
        return [facts.sentence("referrals", "none"), year, total]
    count = count_of(facts.display(REFERRALS, figure), "referral", "referrals")
    start, trend = facts.sentence("referrals", "count", count=count), facts.trend(REFERRALS)
    if trend is not None:
        clauses = " and ".join(filter(None, [facts.sentence("referrals", "trend", trend=trend), year]))
    else:
        clauses = ", and ".join(filter(None, [facts.level_clause(REFERRALS), year]))
    return [_join_clause(start, clauses), total]


def _conversion_of_quarter(facts: QuarterFacts) -> str:
    figure = facts.figure(CONVERSION)
    if figure.value is not None:
        return facts.sentence("conversion", "rate", value=facts.display(CONVERSION, figure))
    return facts.sentence("conversion", "rate_of_none" if figure.has_no_cases else "rate_none")


def _conversion_year_end(facts: QuarterFacts) -> str:
    outlook = facts.outlook(CONVERSION)
    if outlook.forecast.value is None:
        return ""
    name = "total" if facts.is_year_end else "forecast"
    year_end = facts.display(CONVERSION, outlook.forecast)
    if outlook.difference is None:
        return facts.sentence("conversion", name, year_end=year_end)
    last_year_value = facts.display(CONVERSION, outlook.last_year)
    return facts.sentence(
        "conversion",
        f"{name}_compared",
        than=wording("than", outlook.difference),
        year_end=year_end,
        last_year_value=last_year_value,
    )


def _early_help(facts: QuarterFacts) -> str:
    so_far, outlook = facts.figure(EARLY_HELP, "ytd"), facts.outlook(EARLY_HELP)
    if so_far.value is None:
        return facts.sentence("early_help", "none")
    count = count_of(facts.display(EARLY_HELP, so_far), "referral", "referrals")
    if facts.is_year_end:
        start = facts.sentence("early_help", "total", count=count)
    elif outlook.forecast.value is None:
        start = facts.sentence("early_help", "count", count=count)
    else:
        start = facts.sentence(
            "early_help", "count_forecast", count=count, year_end=facts.display(EARLY_HELP, outlook.forecast)
        )
    if outlook.difference is None:
        return start
    than = wording("than" if facts.is_year_end else "forecast_than", outlook.difference)
    last_year_value = facts.display(EARLY_HELP, outlook.last_year)
    return facts.sentence("early_help", "compared", start=start, than=than, last_year_value=last_year_value)


def _short_breaks(facts: QuarterFacts) -> str:
    so_far, outlook = facts.figure(SHORT_BREAKS, "ytd"), facts.outlook(SHORT_BREAKS)
    if so_far.value is None:
        return facts.sentence("short_breaks", "none")
    value = facts.display(SHORT_BREAKS, so_far)
    if outlook.difference is None:
        return facts.sentence("short_breaks", "total" if facts.is_year_end else "count", value=value)
    last_year_value = facts.display(SHORT_BREAKS, outlook.last_year)
    if facts.is_year_end:
        return facts.sentence(
            "short_breaks",
            "total_compared",
            value=value,
            than=wording("than", outlook.difference),
            last_year_value=last_year_value,
        )
    return facts.sentence(
        "short_breaks",
        "forecast",
        value=value,
        predicted=wording("predicted", outlook.difference),
        last_year_value=last_year_value,
    )


def _assessments_started(facts: QuarterFacts) -> str:
    figure, highest = facts.figure(STARTED), facts.superlative(STARTED)
    if figure.value is None:
        return facts.sentence("assessments", "none")
    count = count_of(
        facts.display(STARTED, figure), "Child and Family Assessment", "Child and Family Assessments"
    )
    start = facts.sentence("assessments", "count", count=count)
    if highest is None:
        return _join_clause(start, facts.level_clause(STARTED))
    span = facts.elapsed_quarters if facts.is_year_end else f"first {facts.elapsed_quarters}"
    return _join_clause(start, facts.sentence("assessments", "highest", highest=highest, span=span))


def _assessments_year_end(facts: QuarterFacts) -> list[str]:
    """The outlook of assessments started and completed: one sentence when both differ alike, else two."""
    started, completed = facts.outlook(STARTED), facts.outlook(COMPLETED)
    is_joined = started.difference is not None and started.difference == completed.difference
    if facts.is_year_end:
        if is_joined and started.difference is not None:
            figures = {
                "started": facts.display(STARTED, started.forecast),
                "completed": facts.display(COMPLETED, completed.forecast),
                "last_year_started": facts.display(STARTED, started.last_year),
                "last_year_completed": facts.display(COMPLETED, completed.last_year),
            }
            return [
                facts.sentence("assessments", "totals", than=wording("than", started.difference), **figures)
            ]
        return [
            _year_total(facts, "assessments", STARTED, which="started"),
            _year_total(facts, "assessments", COMPLETED, which="completed"),
        ]
    differences = {"started": started.difference, "completed": completed.difference}
    if is_joined:
        differences = {"started and completed": started.difference}
    return [
        facts.sentence("assessments", "forecast", which=which, predicted=wording("predicted", difference))
        for which, difference in differences.items()
        if difference is not None
    ]


def _assessments_in_time(facts: QuarterFacts) -> list[str]:
    figure = facts.figure(IN_TIME, "ytd")
    if figure.value is None:
        return [facts.sentence("assessments", "in_time_of_none" if figure.has_no_cases else "in_time_none")]
    name = "in_time_year" if facts.is_year_end else "in_time"
    first = facts.sentence("assessments", name, value=facts.display(IN_TIME, figure))
    last_year = facts.figures.last_year(IN_TIME, facts.quarter)
    difference = facts.difference(IN_TIME, figure, last_year)
    if difference is None:
        return [first]
    name = "compares_similar" if difference.is_similar else "compares"
    last_year_value = facts.display(IN_TIME, last_year)
    return [
        first,
        facts.sentence(
            "assessments", name, than=wording("than", difference), last_year_value=last_year_value
        ),
    ]


def _join_clause(start: str, clause: str | None) -> str:
    return f"{start} - {clause}" if clause else start
