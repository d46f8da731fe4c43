"""Every whole-number filling of the hidden cells of a tiny table: what has one value only is recovered."""

from __future__ import annotations

from itertools import product

HIGHEST = 14
"""Hidden cells of the tiny tables are at most this."""


def fill_table(equations, known, lowest, hidden):
    """The hidden unknowns with the same value in every filling, with it."""
    free = sorted({unknown for equation in equations for unknown in equation if unknown not in known})
    seen = {unknown: set() for unknown in free}
    for values in product(*(range(lowest(unknown), HIGHEST + 1) for unknown in free)):
        filling = known | dict(zip(free, values, strict=True))
        if all(
            sum(factor * filling[cell] for cell, factor in equation.items()) == 0 for equation in equations
        ):
            for unknown in free:
                seen[unknown].add(filling[unknown])
    return {
        unknown: next(iter(values))
        for unknown, values in seen.items()
        if len(values) == 1 and unknown in hidden
    }
