"""Whole-number fillings of the hidden cells of a tiny table, one after the other."""

from __future__ import annotations

HIGHEST = 9
"""A hidden cell that is tried is at most this; what an equation leaves may be more."""


def fill_table(equations, known, lowest, wanted, fits=lambda _: True):
    """The values of each wanted unknown in the fillings of a table, until each has two or all were tried.

    `lowest` gives the least value of an unknown; `fits` says of a filling whether what else is published
    agrees with it.
    """
    seen = {unknown: set() for unknown in wanted}
    free = sorted({unknown for equation in equations for unknown in equation if unknown not in known})

    def fill(filling):
        if seen and all(len(values) > 1 for values in seen.values()):
            return
        filling = _complete(equations, filling, lowest)
        if filling is None:
            return
        empty = [unknown for unknown in free if unknown not in filling]
        if empty:
            for value in range(lowest(empty[0]), HIGHEST + 1):
                fill(filling | {empty[0]: value})
        elif fits(filling):
            for unknown, values in seen.items():
                values.add(filling[unknown])

    fill(dict(known))
    return seen


def _complete(equations, filling, lowest):
    """The filling with every cell that an equation leaves; None where an equation does not hold."""
    filling, is_changed = dict(filling), True
    while is_changed:
        is_changed = False
        for equation in equations:
            empty = [unknown for unknown in equation if unknown not in filling]
            total = sum(factor * filling[cell] for cell, factor in equation.items() if cell in filling)
            if not empty and total:
                return None
            if len(empty) == 1:
                value, rest = divmod(-total, equation[empty[0]])
                if rest or value < lowest(empty[0]):
                    return None
                filling[empty[0]] = value
                is_changed = True
    return filling
