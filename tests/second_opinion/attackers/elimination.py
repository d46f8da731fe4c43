"""Linear algebra in fractions, dense and slow: which unknowns do equations determine?"""

from __future__ import annotations

from fractions import Fraction


def solve_equations(equations, known):
    """The unknowns with a single rational solution, with it, once the known ones are put in."""
    unknowns = sorted({unknown for equation in equations for unknown in equation if unknown not in known})
    place = {unknown: number for number, unknown in enumerate(unknowns)}
    matrix = []
    for equation in equations:
        row = [Fraction(0)] * (len(unknowns) + 1)
        for unknown, factor in equation.items():
            if unknown in known:
                row[-1] -= factor * known[unknown]
            else:
                row[place[unknown]] += factor
        matrix.append(row)
    pivots = []
    for column in range(len(unknowns)):
        lead = next((row for row in matrix[len(pivots) :] if row[column]), None)
        if lead is None:
            continue
        at = next(number for number in range(len(pivots), len(matrix)) if matrix[number] is lead)
        matrix[at], matrix[len(pivots)] = matrix[len(pivots)], matrix[at]
        lead = [value / lead[column] for value in lead]
        matrix[len(pivots)] = lead
        for number, row in enumerate(matrix):
            if number != len(pivots) and row[column]:
                factor = row[column]
                matrix[number] = [a - factor * b for a, b in zip(row, lead, strict=True)]
        pivots.append(column)
    return {
        unknowns[column]: row[-1]
        for column, row in zip(pivots, matrix, strict=False)
        if sum(bool(value) for value in row[:-1]) == 1
    }
