"""Which unknowns a set of equations determines by linear algebra alone: exact, in whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import gcd

Row = dict[int, int]
"""The factors of an equation by unknown; 0 factors are left out."""


@dataclass(frozen=True)
class RowSpace:
    """The row space of some equations in reduced form: each row is the only one with its pivot."""

    rows: Mapping[int, Row]

    @property
    def determined_unknowns(self) -> frozenset[int]:
        """The unknowns whose unit vector lies in the row space: the equations give their value."""
        return frozenset(pivot for pivot, row in self.rows.items() if len(row) == 1)

    def directions(self, unknowns: Iterable[int]) -> list[Row]:
        """Whole-number vectors that every equation sends to 0, one for each unknown without a pivot."""
        found = []
        for free in sorted(set(unknowns) - self.rows.keys()):
            rows = {pivot: row for pivot, row in self.rows.items() if free in row}
            scale = 1
            for pivot, row in rows.items():
                step = abs(row[pivot]) // gcd(abs(row[pivot]), abs(row[free]))
                scale = scale * step // gcd(scale, step)
            found.append({free: scale} | {p: -scale * row[free] // row[p] for p, row in rows.items()})
        return found


def row_space(equations: Iterable[Mapping[int, int]]) -> RowSpace:
    """The reduced row space of equations given as factors by unknown.

    Rows stay whole numbers without a common factor, so nothing is rounded.
    """
    rows: dict[int, Row] = {}
    users: dict[int, set[int]] = {}
    for equation in equations:
        row = {unknown: factor for unknown, factor in equation.items() if factor}
        for pivot in [unknown for unknown in row if unknown in rows]:
            row = _eliminate(row, rows[pivot], pivot)
        if not row:
            continue
        pivot = min(row)
        for other in list(users.get(pivot, ())):
            changed = _eliminate(rows[other], row, pivot)
            for unknown in rows[other].keys() - changed.keys():
                users[unknown].discard(other)
            for unknown in changed:
                users.setdefault(unknown, set()).add(other)
            rows[other] = changed
        rows[pivot] = row
        for unknown in row:
            users.setdefault(unknown, set()).add(pivot)
    return RowSpace(rows)


def _eliminate(row: Row, pivot_row: Row, pivot: int) -> Row:
    """The row without the pivot: a multiple of it less one of the pivot's row, without a common factor."""
    own, other = pivot_row[pivot], row[pivot]
    common = gcd(own, other)
    own, other = own // common, other // common
    result = {unknown: factor * own for unknown, factor in row.items()}
    for unknown, factor in pivot_row.items():
        value = result.get(unknown, 0) - factor * other
        if value:
            result[unknown] = value
        else:
            result.pop(unknown, None)
    shared = gcd(*result.values()) if result else 1
    return {unknown: factor // shared for unknown, factor in result.items()} if shared > 1 else result
