"""The least and the greatest value of each hidden count: an integer program for each, nothing reused."""

from __future__ import annotations

import numpy as np
from scipy.optimize import LinearConstraint, milp

CEILING = 500
"""No count of the invented tables is near it."""


def find_ranges(equations, known, lowest, wanted, at_least=()):
    """(least, greatest) whole number for each wanted unknown that the equations and lowest values allow.

    `at_least`: rows {unknown: factor} and the number that their sum is at least, of rounded ratios.
    """
    relations = [(equation, 0, 0) for equation in equations]
    relations += [(terms, number, np.inf) for terms, number in at_least]
    unknowns = sorted({unknown for terms, _, _ in relations for unknown in terms if unknown not in known})
    place = {unknown: number for number, unknown in enumerate(unknowns)}
    rows, lower, upper = [], [], []
    for terms, least, greatest in relations:
        row, total = np.zeros(len(unknowns)), 0
        for unknown, factor in terms.items():
            if unknown in known:
                total += factor * known[unknown]
            else:
                row[place[unknown]] += factor
        rows.append(row)
        lower.append(least - total)
        upper.append(greatest - total)
    floor = np.array([lowest(unknown) for unknown in unknowns], dtype=float)
    constraints = [
        LinearConstraint(np.array(rows), lower, upper),
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
            assert found.status == 0, found.message
            ends.append(round(found.x[place[unknown]]))
        ranges[unknown] = tuple(ends)
    return ranges
