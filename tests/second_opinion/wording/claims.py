"""Whether what a sentence claims is true: its numbers and words, read back, against the figures.

The sentences themselves are recognised by `claim_patterns.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from tests.second_opinion.wording.differences import WORDS_OF_NUMBERS
from tests.second_opinion.wording.printed_figures import PrintedFigures, is_printed, value_of

Claim = Callable[[PrintedFigures, re.Match[str], str], bool]
"""Whether a sentence is true, from the figures, its parts and its area."""
TREND = r"referrals have been (?:rising|falling) over the quarters"
OUTLOOK = (
    r"the year-end forecast (?:is predicting .+ referrals than|mirrors that of|is similar to that of) "
    r"last year"
)
STOCKS = {
    "Children in Need": "cin_open_stock",
    "Child Protection": "cpp_stock",
    "Children in Care": "cla_stock",
    "Care Leavers": "cl_stock",
}


def counts(kpi: str, basis: str = "quarter") -> Claim:
    """A count in the right number, with what follows ' - ' true of it too."""

    def claim(figures: PrintedFigures, match: re.Match[str], _: str) -> bool:
        parts = match.groupdict()
        number = figures.years_so_far[kpi] if basis == "ytd" else figures.number(kpi)
        is_right = int(parts["n"]) == number and (number == 1) == (parts.get("s") is None)
        clause = parts.get("clause")
        return is_right and (clause is None or says_clause(figures, kpi, clause))

    return claim


def says_clause(figures: PrintedFigures, kpi: str, clause: str) -> bool:
    """Whether a clause after a count is true."""
    now, earlier = figures.value(kpi), figures.earlier(kpi)
    highest = re.fullmatch(r"the (joint )?highest number across the (first )?(\w+) quarters", clause)
    if highest:
        if now is None or not earlier or len(earlier) < 2 or highest[3] != WORDS_OF_NUMBERS[figures.quarter]:
            return False
        # Of numbers that are all the same none is the highest.
        ties = now == max(earlier) and now > min(earlier)
        return (ties if highest[1] else now > max(earlier)) and bool(highest[2]) == (figures.quarter < 4)
    if clause in ("an increase on previous quarters", "an increase on the previous quarter"):
        return bool(now is not None and earlier and now > max(earlier)) and (
            clause.endswith("quarters") == (figures.quarter > 2)
        )
    referrals = re.fullmatch(rf"(?:({TREND})(?: and )?|(.+?\))(?:, and )?)?({OUTLOOK})?", clause)
    if kpi == "referrals_count" and referrals:
        trend, level, outlook = referrals.groups()
        return all(
            (
                trend is None or says_trend(figures, kpi, trend),
                level is None or figures.says_level(kpi, level),
                outlook is None or says_referrals_outlook(figures, outlook),
            )
        )
    return figures.says_level(kpi, clause)


def says_trend(figures: PrintedFigures, kpi: str, clause: str) -> bool:
    """Three quarters or more that all moved the same way: two are no trend."""
    earlier, now = figures.earlier(kpi), figures.number(kpi)
    if earlier is None or not isinstance(now, int) or len(earlier) < 2:
        return False
    steps = [later - before for before, later in zip(earlier, [*earlier[1:], now], strict=True)]
    return min(steps) > 0 if "rising" in clause else max(steps) < 0


def says_referrals_outlook(figures: PrintedFigures, clause: str) -> bool:
    words = re.sub(r"the year-end forecast|predicting|referrals|that of|last year", " ", clause)
    return figures.says_outlook("referrals_count", words)


def share(kpi: str, decimals: int = 0, basis: str = "quarter") -> Claim:
    def claim(figures: PrintedFigures, match: re.Match[str], _: str) -> bool:
        number = figures.years_so_far[kpi] if basis == "ytd" else figures.number(kpi)
        return is_printed(match["p"], value_of(number), decimals)

    return claim


def of_none(kpi: str, basis: str = "quarter") -> Claim:
    """There was nothing that could be a part: the denominator is 0."""

    def claim(figures: PrintedFigures, _: re.Match[str], __: str) -> bool:
        number = figures.years_so_far[kpi] if basis == "ytd" else figures.number(kpi)
        return isinstance(number, tuple) and number[1] == 0

    return claim


def absent(*kpis: str, basis: str = "quarter") -> Claim:
    """Nobody knows: not a 0, nor a share of nothing."""

    def claim(figures: PrintedFigures, _: re.Match[str], __: str) -> bool:
        numbers = figures.years_so_far if basis == "ytd" else {kpi: figures.number(kpi) for kpi in kpis}
        return all(numbers[kpi] is None for kpi in kpis)

    return claim


def outlook(kpi: str) -> Claim:
    return lambda figures, match, _: figures.quarter < 4 and figures.says_outlook(kpi, match["rel"])


def forecast(kpi: str) -> Claim:
    """A forecast, or in quarter 4 the outturn, with last year's where it is compared."""

    def claim(figures: PrintedFigures, match: re.Match[str], _: str) -> bool:
        parts = match.groupdict()
        is_right = is_printed(parts["f"], figures.forecast(kpi))
        if parts.get("rel") is None:
            return is_right
        last_year = value_of(figures.last_year.get(kpi))
        return is_right and is_printed(parts["ly"], last_year) and figures.says_outlook(kpi, parts["rel"])

    return claim


def total(figures: PrintedFigures, match: re.Match[str], context: str) -> bool:
    """The year's total of what the line is about."""
    kpi = (
        "contacts_count"
        if re.search(r": \d+ contacts? in|number of contacts", context)
        else "referrals_count"
    )
    return figures.quarter == 4 and forecast(kpi)(figures, match, context)


def early_help(figures: PrintedFigures, match: re.Match[str], context: str) -> bool:
    kpi = "eh_referrals_count"
    is_right = counts(kpi, "ytd")(figures, match, context)
    if match["f"]:
        is_right = is_right and is_printed(match["f"], figures.forecast(kpi))
    if match["rel"]:
        last_year = value_of(figures.last_year.get(kpi))
        is_right = is_right and is_printed(match["ly"], last_year) and figures.says_outlook(kpi, match["rel"])
    return is_right


def both_forecasts(figures: PrintedFigures, match: re.Match[str], _: str) -> bool:
    kpis = [f"assess_{which}_count" for which in match["which"].split(" and ")]
    return figures.quarter < 4 and all(figures.says_outlook(kpi, match["rel"]) for kpi in kpis)


def both_totals(figures: PrintedFigures, match: re.Match[str], _: str) -> bool:
    return figures.quarter == 4 and all(
        is_printed(match[this], figures.forecast(kpi))
        and is_printed(match[then], value_of(figures.last_year.get(kpi)))
        and figures.says_outlook(kpi, match["rel"])
        for kpi, this, then in (("assess_started_count", "a", "c"), ("assess_completed_count", "b", "d"))
    )


def one_total(figures: PrintedFigures, match: re.Match[str], context: str) -> bool:
    return figures.quarter == 4 and forecast(f"assess_{match['which']}_count")(figures, match, context)


def in_time_before(figures: PrintedFigures, match: re.Match[str], _: str) -> bool:
    kpi = "assess_45wd_pct"
    then, now = value_of(figures.last_year.get(kpi)), value_of(figures.years_so_far[kpi])
    is_right = is_printed(match["p"], then)
    return (
        is_right and now is not None and figures.says_outlook(kpi, match.groupdict().get("rel") or "similar")
    )


def pattern(figures: PrintedFigures, match: re.Match[str], context: str) -> bool:
    """A steady year, and how it ends beside the last 31 March: 'but' only when it differs."""
    kpi = STOCKS[context.split(":", maxsplit=1)[0]]
    now, earlier = figures.value(kpi), figures.earlier(kpi)
    if now is None or not earlier or len(earlier) < 2 or match["number"] != WORDS_OF_NUMBERS[figures.quarter]:
        return False
    series = [*map(Fraction, earlier), now]
    is_steady = max(series) - min(series) <= max(2, sum(series) * 15 / (100 * len(series)))
    if match["rel"] is None:
        return is_steady
    is_but = ("similar" in match["rel"]) != (match["join"] == "but")
    return is_steady and is_but and figures.says_since_march(kpi, match["rel"])


def stock_level(figures: PrintedFigures, match: re.Match[str], context: str) -> bool:
    kpi = STOCKS[context.split(":", maxsplit=1)[0]]
    is_right = figures.says_level(kpi, match["level"])
    return is_right and (match["rel"] is None or figures.says_since_march(kpi, match["rel"]))


def since_march(figures: PrintedFigures, match: re.Match[str], context: str) -> bool:
    kpi, parts = STOCKS[context.split(":", maxsplit=1)[0]], match.groupdict()
    is_right = figures.says_since_march(kpi, parts["rel"])
    return is_right and (parts.get("then") is None or is_printed(parts["then"], figures.last_march(kpi)))


def open_six_months(figures: PrintedFigures, match: re.Match[str], _: str) -> bool:
    """'All 52', 'None of the 28', 'Most', 'The majority of', '14 of 28', or the one case there is."""
    number, who = figures.number("cin_6m_or_less_pct"), match["who"]
    if not isinstance(number, tuple) or number[1] == 0:
        return False
    part, whole = number
    cases = "Child in Need case" if whole == 1 else "Children in Need cases"
    if whole == 1:
        return who == "The Child in Need case open" and (match["had"] == "had") == (part == 1)
    expected = {
        part == 0: f"None of the {whole} {cases}",
        part == whole: f"All {whole} {cases}",
        0 < part < whole and 4 * part >= 3 * whole: f"Most {cases}",
        2 * part > whole and 4 * part < 3 * whole: f"The majority of {cases}",
        part > 0 and 2 * part <= whole: f"{part} of {whole} {cases}",
    }
    return who == expected[True] and match["had"] == "had"


def part_of_stock(part: str, stock: str) -> Claim:
    """A part of several, or the one there is."""

    def claim(figures: PrintedFigures, match: re.Match[str], _: str) -> bool:
        number, whole, parts = figures.number(part), figures.number(stock), match.groupdict()
        if parts.get("n") is None:
            return whole == 1 and (parts["no"] is None) == (number == 1)
        return (
            whole != 1
            and int(parts["n"]) == number
            and (number == 1) == (parts["verb"] in ("has", "was", "had"))
        )

    return claim


def is_zero(kpi: str) -> Claim:
    return lambda figures, _, __: figures.number(kpi) == 0


def missing_children(figures: PrintedFigures, match: re.Match[str], _: str) -> bool:
    number = 1 if match["n"] == "One" else int(match["n"])
    return figures.number("missing_cla_open_stock") == number and (number == 1) == (match["child"] == "Child")


def episodes(figures: PrintedFigures, match: re.Match[str], _: str) -> bool:
    number = figures.number("missing_episodes_count")
    return int(match["n"]) == number and (number == 1) == (match["be"] == "was") == (match["s"] is None)


def interviews(figures: PrintedFigures, match: re.Match[str], _: str) -> bool:
    number = figures.number("missing_rhi_accepted_count")
    return int(match["n"]) == number and (number == 1) == (match["be"] == "was") == (match["s"] is None)


def plan_and_touch(figures: PrintedFigures, match: re.Match[str], _: str) -> bool:
    """A share of those for whom both hold: and each by itself is that share too, or a reader is misled."""
    return all(
        is_printed(match["p"], figures.value(f"cl_{name}_pct"))
        for name in ("plan_and_touch", "pathway_plan_uptodate", "in_touch_plan")
    )


def plan_then_touch(figures: PrintedFigures, match: re.Match[str], _: str) -> bool:
    parts = match.groupdict()
    plan, touch = (figures.value(f"cl_{name}_pct") for name in ("pathway_plan_uptodate", "in_touch_plan"))
    return (is_printed(parts["plan"], plan) if parts.get("plan") else plan is None) and (
        is_printed(parts["touch"], touch) if parts.get("touch") else touch is None
    )
