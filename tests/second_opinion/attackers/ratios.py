"""Counting back from rounded percentages and rates: every numerator and denominator that gives the same."""

from __future__ import annotations

from tests.second_opinion.attackers.equations import COUNTS, read_period

SCALES = {"rereferrals_12m_pct": (100, 0), "referrals_nfa_pct": (100, 0), "referrals_rate_10k": (10_000, 1)}
"""By how much each ratio is multiplied, and the decimals it is published with."""


def read_ratios(rows):
    """The ratios that are shown: numerator, denominator (an unknown or a number), scale, decimals, value."""
    found = []
    for row in rows:
        if row["kpi_id"] in SCALES and row["value"] is not None:
            numerator, denominator = COUNTS[row["kpi_id"]]
            place = (read_period(row), row["category"])
            below = int(row["denominator"]) if denominator is None else (denominator, *place)
            found.append(((numerator, *place), below, *SCALES[row["kpi_id"]], row["value"]))
    return found


def read_department(rows, population):
    """The ratios that the department publishes of years, to one decimal, as `read_ratios` gives them."""
    found = []
    for row in rows:
        if row["kpi_id"] in SCALES and row["value"] is not None:
            numerator, denominator = COUNTS[row["kpi_id"]]
            ends = int(row["year_ending"])
            place = (("year", f"{ends - 1}/{ends % 100:02d} Q4"), "all")
            below = population if denominator is None else (denominator, *place)
            found.append(((numerator, *place), below, SCALES[row["kpi_id"]][0], 1, row["value"]))
    return found


def count_back(ratios, known, highest):
    """The unknowns for which one count up to `highest` is left that gives the ratio, with it."""
    recovered = {}
    for numerator, denominator, scale, decimals, value in ratios:
        below = known.get(denominator) if isinstance(denominator, tuple) else denominator
        above = known.get(numerator)
        pairs = [
            (n, d)
            for d in (range(1, highest + 1) if below is None else [below])
            for n in (range(min(d, highest) + 1) if above is None else [above])
            if d and _rounds_to(scale * n, d, decimals, value)
        ]
        for place, unknown in enumerate((numerator, denominator)):
            if isinstance(unknown, tuple) and unknown not in known:
                counts = {pair[place] for pair in pairs}
                if len(counts) == 1:
                    recovered[unknown] = counts.pop()
    return recovered


def ratio_rows(ratios):
    """Each ratio as two rows of unknowns and what their sum is at least: ({unknown: factor}, number)."""
    for numerator, denominator, scale, decimals, value in ratios:
        step = round(value * 10**decimals)
        width = 2 * scale * 10**decimals
        for sign, times in ((1, 2 * step - 1), (-1, 2 * step + 1)):
            row, least = {numerator: sign * width}, 0
            if isinstance(denominator, tuple):
                row[denominator] = -sign * times
            else:
                least = sign * times * denominator
            yield row, least


def _rounds_to(numerator, denominator, decimals, value):
    """Whether a fraction rounds half up to a value, in whole numbers."""
    tenths = 10**decimals
    return (2 * numerator * tenths + denominator) // (2 * denominator) == round(value * tenths)
