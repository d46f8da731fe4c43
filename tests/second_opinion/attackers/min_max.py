"""The least and the greatest value of each hidden count: an integer program for each, nothing reused."""

from __future__ import annotations

import numpy as np
from scipy.optimize import LinearConstraint, milp

CEILING = 500
"""No count of the invented tables is near it."""


def find_ranges(equations, known, lowest, wanted):
    """(least, greatest) whole number for each wanted unknown that the equations and lowest values allow."""
    unknowns = sorted({unknown for equation in equations for unknown in equation if unknown not in known})
    place = {unknown: number for number, unknown in enumerate(unknowns)}
    rows, sides = [], []
    for equation in equations:
        row, side = np.zeros(len(unknowns)), 0
        for unknown, factor in equation.items():
            if unknown in known:
                side -= factor * known[unknown]
            else:
                row[place[unknown]] += factor
        rows.append(row)
        sides.append(side)
    floor = np.array([lowest(unknown) for unknown in unknowns], dtype=float)
    constraints = [
        LinearConstraint(np.array(rows), sides, sides),
        LinearConstraint(np.eye(len(unknowns)), floor, np.full(len(unknowns), CEILING)),
    ]
    ranges = {}
    for unknown in sorted(wanted):
        if unknown not in place:
            continue
        ends = []
        for sign in (1, -1):
            aim = np.zeros(len(unknowns))
            aim[place[unknown]] = sign
            found = milp(aim, integrality=np.ones(len(unknowns)), constraints=constraints)
            ends.append(None if found.x is None else round(found.x[place[unknown]]))
        ranges[unknown] = tuple(ends)
    return ranges
