"""Headlines of what comes in: contacts and referrals, early help, assessments."""

from __future__ import annotations

from cf_pipeline.compare.phrases import words
from cf_pipeline.contracts.english import counted
from cf_pipeline.headlines.area_facts import Story, say

CONTACTS, IN_ONE_DAY = "contacts_count", "contacts_1wd_pct"
REFERRALS, CONVERSION = "referrals_count", "contact_to_referral_pct"
EARLY_HELP, SHORT_BREAKS = "eh_referrals_count", "short_breaks_children_count"
STARTED, COMPLETED, IN_TIME = "assess_started_count", "assess_completed_count", "assess_45wd_pct"


def contacts_and_referrals(story: Story) -> list[list[str]]:
    """Lines of sentences: contacts, their timeliness, referrals, the conversion rate."""
    return [
        [_contacts(story), _contacts_year(story)],
        [_in_one_day(story), _in_one_day_year(story)],
        _referrals(story),
        [_conversion(story), _conversion_year(story)],
    ]


def early_help(story: Story) -> list[list[str]]:
    """Lines of sentences: referrals to early help, short breaks."""
    # Where no list of referrals was delivered the figure's note says what was counted instead.
    note = story.of(EARLY_HELP, "ytd").note or ""
    return [[_early_help(story), note], [_short_breaks(story)]]


def assessments(story: Story) -> list[list[str]]:
    """Lines of sentences: assessments started and the year's outlook, those in time."""
    return [[_started(story), *_assessments_year(story)], _in_time(story)]


def _contacts(story: Story) -> str:
    figure = story.of(CONTACTS)
    if figure.value is None:
        return say("contacts", "none", q=story.q)
    start = say(
        "contacts", "count", n=counted(story.shown(CONTACTS, figure), "contact", "contacts"), q=story.q
    )
    return _joined(start, story.level(CONTACTS))


def _contacts_year(story: Story) -> str:
    outlook = story.outlook(CONTACTS)
    if story.is_year_end:
        return _total(story, "contacts", CONTACTS)
    return (
        "" if outlook.band is None else say("contacts", "forecast", forecast=words("forecast", outlook.band))
    )


def _total(story: Story, area: str, kpi_id: str, **values: object) -> str:
    """The year's total, beside last year's where there is one."""
    outlook = story.outlook(kpi_id)
    if outlook.forecast.value is None:
        return ""
    f = story.shown(kpi_id, outlook.forecast)
    if outlook.band is None:
        return say(area, "total", f=f, **values)
    ly = story.shown(kpi_id, outlook.last_year)
    return say(area, "total_compared", f=f, ly=ly, than=words("than", outlook.band), **values)


def _in_one_day(story: Story) -> str:
    figure = story.of(IN_ONE_DAY)
    if figure.value is not None:
        return say("contacts", "in_one_day", v=story.shown(IN_ONE_DAY, figure), q=story.q)
    return say("contacts", "in_one_day_of_none" if figure.is_of_nothing else "in_one_day_none", q=story.q)


def _in_one_day_year(story: Story) -> str:
    forecast = story.outlook(IN_ONE_DAY).forecast
    if forecast.value is None:
        return ""
    name = "in_one_day_total" if story.is_year_end else "in_one_day_forecast"
    alone = "" if story.of(IN_ONE_DAY).value is not None else "_alone"
    return say("contacts", name + alone, f=story.shown(IN_ONE_DAY, forecast))


def _referrals(story: Story) -> list[str]:
    figure, outlook = story.of(REFERRALS), story.outlook(REFERRALS).band
    year = ""
    if outlook is not None and not story.is_year_end:
        year = (
            say("referrals", "forecast_similar", forecast=words("forecast", outlook))
            if outlook.is_similar
            else say("referrals", "forecast", more=words("more", outlook))
        )
    total = _total(story, "referrals", REFERRALS) if story.is_year_end else ""
    if figure.value is None:
        return [say("referrals", "none", q=story.q), year, total]
    n = counted(story.shown(REFERRALS, figure), "referral", "referrals")
    start, trend = say("referrals", "count", n=n, q=story.q), story.trend(REFERRALS)
    if trend is not None:
        clauses = " and ".join(filter(None, [say("referrals", "trend", trend=trend), year]))
    else:
        clauses = ", and ".join(filter(None, [story.level(REFERRALS), year]))
    return [_joined(start, clauses), total]


def _conversion(story: Story) -> str:
    figure = story.of(CONVERSION)
    if figure.value is not None:
        return say("conversion", "rate", v=story.shown(CONVERSION, figure), q=story.q)
    return say("conversion", "rate_of_none" if figure.is_of_nothing else "rate_none", q=story.q)


def _conversion_year(story: Story) -> str:
    outlook = story.outlook(CONVERSION)
    if outlook.forecast.value is None:
        return ""
    name = "total" if story.is_year_end else "forecast"
    f = story.shown(CONVERSION, outlook.forecast)
    if outlook.band is None:
        return say("conversion", name, f=f)
    ly = story.shown(CONVERSION, outlook.last_year)
    return say("conversion", f"{name}_compared", than=words("than", outlook.band), f=f, ly=ly)


def _early_help(story: Story) -> str:
    so_far, outlook = story.of(EARLY_HELP, "ytd"), story.outlook(EARLY_HELP)
    if so_far.value is None:
        return say("early_help", "none")
    n = counted(story.shown(EARLY_HELP, so_far), "referral", "referrals")
    if story.is_year_end:
        start = say("early_help", "total", n=n)
    elif outlook.forecast.value is None:
        start = say("early_help", "count", n=n)
    else:
        start = say("early_help", "count_forecast", n=n, f=story.shown(EARLY_HELP, outlook.forecast))
    if outlook.band is None:
        return start
    than = words("than" if story.is_year_end else "forecast_than", outlook.band)
    ly = story.shown(EARLY_HELP, outlook.last_year)
    return say("early_help", "compared", start=start, than=than, ly=ly)


def _short_breaks(story: Story) -> str:
    so_far, outlook = story.of(SHORT_BREAKS, "ytd"), story.outlook(SHORT_BREAKS)
    if so_far.value is None:
        return say("short_breaks", "none")
    v = story.shown(SHORT_BREAKS, so_far)
    if outlook.band is None:
        return say("short_breaks", "total" if story.is_year_end else "count", v=v)
    ly = story.shown(SHORT_BREAKS, outlook.last_year)
    if story.is_year_end:
        return say("short_breaks", "total_compared", v=v, than=words("than", outlook.band), ly=ly)
    return say("short_breaks", "forecast", v=v, predicted=words("predicted", outlook.band), ly=ly)


def _started(story: Story) -> str:
    figure, highest = story.of(STARTED), story.highest(STARTED)
    if figure.value is None:
        return say("assessments", "none", q=story.q)
    n = counted(story.shown(STARTED, figure), "Child and Family Assessment", "Child and Family Assessments")
    start = say("assessments", "count", n=n, q=story.q)
    if highest is None:
        return _joined(start, story.level(STARTED))
    span = story.k if story.is_year_end else f"first {story.k}"
    return _joined(start, say("assessments", "highest", highest=highest, span=span))


def _assessments_year(story: Story) -> list[str]:
    """One sentence when both move alike, else one each."""
    started, completed = story.outlook(STARTED), story.outlook(COMPLETED)
    is_joined = started.band is not None and started.band == completed.band
    if story.is_year_end:
        if is_joined and started.band is not None:
            shown = {
                "started": story.shown(STARTED, started.forecast),
                "completed": story.shown(COMPLETED, completed.forecast),
                "ly_started": story.shown(STARTED, started.last_year),
                "ly_completed": story.shown(COMPLETED, completed.last_year),
            }
            return [say("assessments", "totals", than=words("than", started.band), **shown)]
        return [
            _total(story, "assessments", STARTED, which="started"),
            _total(story, "assessments", COMPLETED, which="completed"),
        ]
    told = {"started": started.band, "completed": completed.band}
    if is_joined:
        told = {"started and completed": started.band}
    return [
        say("assessments", "forecast", which=which, predicted=words("predicted", band))
        for which, band in told.items()
        if band is not None
    ]


def _in_time(story: Story) -> list[str]:
    figure = story.of(IN_TIME, "ytd")
    if figure.value is None:
        return [say("assessments", "in_time_of_none" if figure.is_of_nothing else "in_time_none", q=story.q)]
    name = "in_time_year" if story.is_year_end else "in_time"
    first = say("assessments", name, q=story.q, v=story.shown(IN_TIME, figure))
    last_year = story.figures.last_year(IN_TIME, story.quarter)
    band = story.band(IN_TIME, figure, last_year)
    if band is None:
        return [first]
    name = "compares_similar" if band.is_similar else "compares"
    ly = story.shown(IN_TIME, last_year)
    return [first, say("assessments", name, than=words("than", band), ly=ly, last_year=story.last_year)]


def _joined(start: str, clause: str | None) -> str:
    return f"{start} - {clause}" if clause else start
