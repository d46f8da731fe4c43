"""Averages times the number behind them: which numbers of a breakdown fit the averages that are shown?"""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from tests.second_opinion.attackers.equations import read_period

HALF = Fraction(1, 2)
"""Averages are whole days."""


def read_averages(rows, kpi_id):
    """The rows of an average by (period, category): (sum or None, number or None, average or None).

    Of nobody the sum is 0.
    """
    cells = ("numerator", "denominator", "value")
    return {
        (read_period(row), row["category"]): (0, 0, 0)
        if row["denominator"] == 0
        else tuple(map(row.get, cells))
        for row in rows
        if row["kpi_id"] == kpi_id
    }


def fit_numbers(averages, period, categories):
    """By category the numbers behind a hidden average of a breakdown that fit everything shown of it.

    Sums of categories add up to the total's; each is its number times its average, give or take the rounding.
    Without a total that is shown, or with none hidden, nothing is worked out.
    """
    total = averages.get((period, "all"))
    cells = [averages.get((period, category)) for category in categories]
    if total is None or None in cells or total[1] is None or total[2] is None:
        return {}
    hidden = [place for place, cell in enumerate(cells) if cell[1] is None]
    whole = int(total[1])
    fitting = {categories[place]: set() for place in hidden}
    for numbers in product(range(whole + 1), repeat=len(hidden)):
        filled = [None if cell[1] is None else int(cell[1]) for cell in cells]
        for place, number in zip(hidden, numbers, strict=True):
            filled[place] = number
        if sum(filled) == whole and _sums_meet(cells, filled, total, whole):
            for place, number in zip(hidden, numbers, strict=True):
                fitting[categories[place]].add(number)
    return fitting


def subtract_sums(averages, period, categories):
    """The sum behind the hidden averages of a breakdown together: what the shown ones leave of the total.

    None where none is hidden, or where the total or another sum is not shown: nothing is worked out.
    """
    total = averages.get((period, "all"))
    cells = [averages.get((period, category)) for category in categories]
    if total is None or None in cells or total[0] is None:
        return None
    shown = [cell[0] for cell in cells if cell[0] is not None]
    return total[0] - sum(shown) if 0 < len(shown) < len(cells) and any(shown) else None


def _sums_meet(cells, numbers, total, whole):
    """Whether the sums of categories can add up to the total's."""
    low, high = _span(total, whole)
    least, most = Fraction(0), Fraction(0)
    for cell, number in zip(cells, numbers, strict=True):
        if cell[2] is None and cell[0] is None:
            if number:
                most = None if most is None else most + number * 10_000
            continue
        below, above = _span(cell, number)
        least += below
        most += above
    return least <= high and low <= most


def _span(cell, number):
    """The least and the greatest sum behind an average."""
    if cell[0] is not None:
        return Fraction(cell[0]), Fraction(cell[0])
    value = Fraction(cell[2])
    return (value - HALF) * number, (value + HALF) * number
