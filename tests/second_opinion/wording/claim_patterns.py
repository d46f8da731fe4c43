"""Every sentence of the committee's table as a pattern of its parts, with the claim it makes.

A sentence that no pattern recognises is no true sentence either: a new template needs its claim here.
"""

from __future__ import annotations

import re

from tests.second_opinion.wording.claims import (
    Claim,
    absent,
    both_forecasts,
    both_totals,
    counts,
    early_help,
    episodes,
    forecast,
    in_time_before,
    interviews,
    is_zero,
    missing_children,
    of_none,
    one_total,
    open_six_months,
    outlook,
    part_of_stock,
    pattern,
    plan_and_touch,
    plan_then_touch,
    share,
    since_march,
    stock_level,
    total,
)
from tests.second_opinion.wording.printed_figures import PrintedFigures

Q, LAST = r"Q\d", r"2018/19"
CLAUSE = r"(?: - (?P<clause>.+))?"
SHORT = r"The total number of disabled children who received a short break"
IN_TIME = r"assessments authorised within 45 days"
CONFERENCES = r"Initial Child Protection Conferences"
PLAN, TOUCH = r"have an up to date Pathway Plan", r"in touch in accordance with the"
COMPARED = r"(?:, (?P<rel>.+?) last year's total of (?P<ly>\d+))?"

CLAIMS: list[tuple[str, Claim]] = [
    # Contacts and referrals
    (rf"(?P<n>\d+) contact(?P<s>s)? in {Q}{CLAUSE}", counts("contacts_count")),
    (rf"The number of contacts in {Q} is not available", absent("contacts_count")),
    (r"The year-end forecast (?P<rel>mirrors|is .+?) that of last year", outlook("contacts_count")),
    (rf"The year's total is (?P<f>\d+){COMPARED}", total),
    (rf"(?P<p>\d+)% of contacts were completed in one day in {Q}", share("contacts_1wd_pct")),
    (rf"There were no contacts due to be completed in {Q}", of_none("contacts_1wd_pct")),
    (rf"The percentage of contacts completed in one day in {Q} is not available", absent("contacts_1wd_pct")),
    (
        r"The year-end forecast(?: for contacts completed in one day)? is (?P<f>\d+)%",
        forecast("contacts_1wd_pct"),
    ),
    (
        r"The figure for (?:the year|contacts completed in one day in the year) is (?P<f>\d+)%",
        forecast("contacts_1wd_pct"),
    ),
    (rf"(?P<n>\d+) referral(?P<s>s)? in {Q}{CLAUSE}", counts("referrals_count")),
    (rf"The number of referrals in {Q} is not available", absent("referrals_count")),
    (r"The year-end forecast is predicting (?P<rel>.+) referrals than last year", outlook("referrals_count")),
    (
        rf"The conversion rate of contacts to referrals is (?P<p>\d+)% for {Q}",
        share("contact_to_referral_pct"),
    ),
    (
        rf"There were no contacts in {Q}, so there is no conversion rate of contacts to referrals",
        of_none("contact_to_referral_pct"),
    ),
    (
        rf"The conversion rate of contacts to referrals for {Q} is not available",
        absent("contact_to_referral_pct"),
    ),
    (
        r"The (?:year-end forecast for conversion rates|conversion rate for the year) is "
        r"(?:(?P<rel>.+?) last year at )?(?P<f>\d+)%(?: \(compared to (?P<ly>\d+)% previously\))?",
        forecast("contact_to_referral_pct"),
    ),
    # Early help
    (
        r"(?P<n>\d+) referral(?P<s>s)? to Early Help (?:year to date|in the year)"
        r"(?: with a year-end forecast of (?P<f>\d+))?(?:, (?P<rel>.+?) last year's figure of (?P<ly>\d+))?",
        early_help,
    ),
    (
        r"The number of referrals to Early Help year to date is not available",
        absent("eh_referrals_count", basis="ytd"),
    ),
    (
        rf"{SHORT}(?: in the year)? \((?P<f>\d+)\) is (?:forecast to "
        r")?(?P<rel>.+?) last year \((?P<ly>\d+)\)",
        forecast("short_breaks_children_count"),
    ),
    (
        rf"{SHORT} (?:year to date|in the year) is (?P<n>\d+)(?P<s>)",
        lambda figures, match, _: int(match["n"]) == figures.years_so_far["short_breaks_children_count"],
    ),
    (
        r"The number of disabled children who received a short break year to date is not available",
        absent("short_breaks_children_count", basis="ytd"),
    ),
    # Assessments
    (
        rf"(?P<n>\d+) Child and Family Assessment(?P<s>s)? started in {Q}{CLAUSE}",
        counts("assess_started_count"),
    ),
    (
        rf"The number of Child and Family Assessments started in {Q} is not available",
        absent("assess_started_count"),
    ),
    (
        r"The year-end forecast for assessments (?P<which>started and completed|started|completed) "
        r"is predicted to (?P<rel>.+) last year",
        both_forecasts,
    ),
    (
        r"The year's totals of assessments started \((?P<a>\d+)\) and completed \((?P<b>\d+)\) are "
        r"(?P<rel>.+) last year's \((?P<c>\d+) and (?P<d>\d+)\)",
        both_totals,
    ),
    (rf"The year's total of assessments (?P<which>started|completed) is (?P<f>\d+){COMPARED}", one_total),
    (
        rf"(?:Year to date figure for {IN_TIME} at end of {Q}|The figure for "
        rf"{IN_TIME} in the year) was (?P<p>\d+)%",
        share("assess_45wd_pct", basis="ytd"),
    ),
    (
        rf"There were no assessments authorised year to date at end of {Q}",
        of_none("assess_45wd_pct", basis="ytd"),
    ),
    (
        rf"The year to date figure for {IN_TIME} at end of {Q} is not available",
        absent("assess_45wd_pct", basis="ytd"),
    ),
    (rf"This compares to the similar figure of (?P<p>\d+)% at end of {LAST}", in_time_before),
    (rf"This is (?P<rel>.+) the figure of (?P<p>\d+)% at end of {LAST}", in_time_before),
    # Children in need
    (rf"(?P<n>\d+) (?:child|children(?P<s>)) in need cases? at the end of {Q}", counts("cin_open_stock")),
    (
        rf"The number of children in need cases at the end of {Q} is not available",
        absent("cin_open_stock"),
    ),
    (
        r"This reflects a fairly consistent pattern over the (?P<number>\w+) quarters"
        rf"(?: (?P<join>but|and is) (?P<rel>.+) the number at the end of {LAST})?",
        pattern,
    ),
    (
        r"This is (?P<level>(?:a \w.*level|within the range).*?\))(?: and "
        rf"(?P<rel>[a-z ]+) the number at the end of {LAST})?",
        stock_level,
    ),
    (rf"This is (?P<rel>[a-z ]+) the number at the end of {LAST}", since_march),
    (rf"There were no Children in Need cases open at the end of {Q}", of_none("cin_6m_or_less_pct")),
    (r"How long these cases had been open is not available", absent("cin_6m_or_less_pct")),
    (rf"(?P<who>.+) at the end of {Q} (?P<had>had(?: not)?) been open for 6 months or less", open_six_months),
    # Child protection
    (
        r"(?P<n>\d+) (?:child on a Child Protection Plan|children on Child "
        rf"Protection Plan(?P<s>s)) at the end of {Q}",
        counts("cpp_stock"),
    ),
    (
        rf"The number of children on Child Protection Plans at the end of {Q} is not available",
        absent("cpp_stock"),
    ),
    (
        r"This case had (?P<no>not )?been open for between 12 and 24 months",
        lambda figures, match, _: (
            figures.number("cpp_stock") == 1
            and (match["no"] is None) == (figures.number("cpp_12_24m_count") == 1)
        ),
    ),
    (
        r"(?P<n>\d+) of these cases had been open for between 12 and 24 months",
        lambda figures, match, _: (
            figures.number("cpp_stock") != 1 and int(match["n"]) == figures.number("cpp_12_24m_count")
        ),
    ),
    (
        r"The number of these cases open for between 12 and 24 months is not available",
        absent("cpp_12_24m_count"),
    ),
    (
        rf"(?P<p>\d+)% of {CONFERENCES} were held within 15 days of the S47 enquiry during {Q}",
        share("icpc_15wd_pct"),
    ),
    (rf"There were no {CONFERENCES} during {Q}", of_none("icpc_15wd_pct")),
    (
        rf"The percentage of {CONFERENCES} held within 15 days of the S47 "
        rf"enquiry during {Q} is not available",
        absent("icpc_15wd_pct"),
    ),
    # Children in care
    (rf"(?P<n>\d+) (?:Child|Children(?P<s>)) in Care at the end of {Q}", counts("cla_stock")),
    (rf"The number of Children in Care at the end of {Q} is not available", absent("cla_stock")),
    (
        rf"This is (?P<rel>similar to) the number at the end of {LAST} \((?P<then>\d+)\)",
        since_march,
    ),
    (rf"This is (?P<rel>[a-z ]+) at the end of {LAST} \((?P<then>\d+)\)", since_march),
    (
        r"(?P<n>\d+) of these young people (?P<verb>has|have) had 3 or more placements",
        part_of_stock("cla_3plus_placements_count", "cla_stock"),
    ),
    (
        r"This young person has (?P<no>not )?had 3 or more placements",
        part_of_stock("cla_3plus_placements_count", "cla_stock"),
    ),
    (
        r"The number of these young people who have had 3 or more placements is not available",
        absent("cla_3plus_placements_count"),
    ),
    (
        r"(?P<p>[\d.]+)% of visits during the Quarter were in time in "
        r"accordance with the care / pathway plan",
        share("cla_visits_in_time_pct", 1),
    ),
    (r"There were no visits due during the Quarter", of_none("cla_visits_in_time_pct")),
    (
        r"The percentage of visits during the Quarter that were in time is not available",
        absent("cla_visits_in_time_pct"),
    ),
    # Children missing
    (rf"(?P<n>One|\d+) (?P<child>Child|Children) in Care missing at the end of {Q}", missing_children),
    (rf"No Children in Care were missing at the end of {Q}", is_zero("missing_cla_open_stock")),
    (
        rf"The number of Children in Care missing at the end of {Q} is not available",
        absent("missing_cla_open_stock"),
    ),
    (r"There (?P<be>was|were) a total of (?P<n>\d+) missing episode(?P<s>s)? in the period", episodes),
    (r"There were no missing episodes in the period", is_zero("missing_episodes_count")),
    (r"The number of missing episodes in the period is not available", absent("missing_episodes_count")),
    (r"(?P<n>\d+) Return Home Interview(?P<s>s)? (?P<be>was|were) accepted", interviews),
    (r"The number of Return Home Interviews accepted is not available", absent("missing_rhi_accepted_count")),
    # Care leavers
    (rf"(?P<n>\d+) Care Leaver(?P<s>s)? at end of {Q}{CLAUSE}", counts("cl_stock")),
    (rf"The number of Care Leavers at end of {Q} is not available", absent("cl_stock")),
    (r"There were no Care Leavers to report on", is_zero("cl_stock")),
    (
        r"(?P<n>\d+) of these (?P<verb>was|were) in education, employment or training",
        part_of_stock("cl_eet_count", "cl_stock"),
    ),
    (
        r"This young person was (?P<no>not )?in education, employment or training",
        part_of_stock("cl_eet_count", "cl_stock"),
    ),
    (
        r"The number of these in education, employment or training is not available",
        absent("cl_eet_count"),
    ),
    (r"(?P<p>\d+)% were living in suitable accommodation", share("cl_suitable_accom_pct")),
    (
        r"The percentage living in suitable accommodation is not available",
        absent("cl_suitable_accom_pct"),
    ),
    (rf"(?P<p>\d+)% {PLAN} and are {TOUCH} plan", plan_and_touch),
    (rf"(?P<plan>\d+)% {PLAN} and (?P<touch>\d+)% are {TOUCH} plan", plan_then_touch),
    (rf"(?P<plan>\d+)% {PLAN}; the percentage {TOUCH} plan is not available", plan_then_touch),
    (
        rf"(?P<touch>\d+)% are {TOUCH} Pathway Plan; the percentage with an up to date plan is not available",
        plan_then_touch,
    ),
    (
        r"The percentages with an up to date Pathway Plan and in touch in "
        r"accordance with it are not available",
        plan_then_touch,
    ),
]
"""Each pattern matches a whole sentence without its full stop."""


def false_sentences(area: str, text: str, figures: PrintedFigures) -> list[str]:
    """The sentences of an area that are not true of the figures."""
    wrong = []
    for line in text.split("\n"):
        subject = ""
        for each in re.split(r"(?<=\.)\s+(?=[A-Z0-9])", line):
            sentence = each.removesuffix(".")
            subject = subject or sentence
            if not is_true(area, sentence, subject, figures):
                wrong.append(each)
    return wrong


def is_true(area: str, sentence: str, subject: str, figures: PrintedFigures) -> bool:
    """Whether a sentence is true; `subject` is the first sentence of its line."""
    quarter = re.search(r"\bQ(\d)\b", sentence)
    if quarter and int(quarter[1]) != figures.quarter:
        return False
    for form, claim in CLAIMS:
        match = re.fullmatch(form, sentence)
        if match:
            return claim(figures, match, f"{area}: {subject}")
    return False
