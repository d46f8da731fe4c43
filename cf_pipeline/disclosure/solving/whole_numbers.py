"""Whole-number points of a small system, found by integer programs and checked exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from cf_pipeline.errors import PlainError

Terms = tuple[tuple[int, int], ...]
INFEASIBLE, UNDECIDED = 2, 4
"""Statuses of `scipy.optimize.milp`: a system without a solution, and one without solution or end."""
NO_RELEASE = ": whether a hidden count is safe is not known; nothing is published; please report it."


class SolverError(PlainError):
    """The integer program gave no certain answer."""


@dataclass(frozen=True)
class Region:
    """The whole numbers x >= lowest with lower <= sum of factor x <= upper for each row; None is no bound."""

    lowest: tuple[int, ...]
    rows: tuple[tuple[Terms, int | None, int | None], ...]

    @cached_property
    def inequalities_of(self) -> dict[int, list[int]]:
        """For each unknown the places of its rows that are no equations."""
        found: dict[int, list[int]] = {}
        for place, (terms, lower, upper) in enumerate(self.rows):
            if lower is None or lower != upper:
                for number, _ in terms:
                    found.setdefault(number, []).append(place)
        return found

    @cached_property
    def _constraints(self) -> list[LinearConstraint]:
        if not self.rows:
            return []
        entries = [(place, *term) for place, (terms, _, _) in enumerate(self.rows) for term in terms]
        places, columns, factors = (np.array(values) for values in zip(*entries, strict=True))
        shape = (len(self.rows), len(self.lowest))
        matrix = csr_array((factors.astype(float), (places, columns)), shape=shape)
        lower = [-np.inf if bound is None else bound for _, bound, _ in self.rows]
        upper = [np.inf if bound is None else bound for _, _, bound in self.rows]
        return [LinearConstraint(matrix, lower, upper)]

    def holds(self, point: Sequence[int]) -> bool:
        """Whether a point is in the region, in whole-number arithmetic."""
        if any(value < lowest for value, lowest in zip(point, self.lowest, strict=True)):
            return False
        for terms, lower, upper in self.rows:
            total = sum(factor * point[unknown] for unknown, factor in terms)
            if (lower is not None and total < lower) or (upper is not None and total > upper):
                return False
        return True

    def find_point(
        self,
        lowest: Sequence[int] | None = None,
        highest: Sequence[int | None] | None = None,
        weights: Mapping[int, int] | None = None,
    ) -> tuple[int, ...] | None:
        """A point of the region between bounds of each unknown; None: there is none.

        With `weights` the point where the weighted sum of the unknowns is least; None also where that sum has
        no end.

        Raises:
            SolverError: the solver does not say which, or its point is not exact.
        """
        lower = np.array(self.lowest if lowest is None else lowest, dtype=float)
        upper = np.full(len(lower), np.inf)
        if highest is not None:
            upper = np.array([np.inf if top is None else top for top in highest], dtype=float)
        objective = np.zeros(len(lower))
        for number, weight in (weights or {}).items():
            objective[number] = weight
        for is_simplified in (True, False):  # what simplifying leaves undecided is solved as it is
            result = milp(
                objective,
                integrality=np.ones(len(lower), dtype=np.int64),
                bounds=Bounds(lower, upper),
                constraints=self._constraints,
                options={"presolve": is_simplified},
            )
            if result.status != UNDECIDED:
                break
        if result.status == INFEASIBLE or (weights and result.x is None):
            return None
        if result.x is None:
            raise SolverError(
                f"No certain answer from an integer program (status {result.status}){NO_RELEASE}"
            )
        point = tuple(round(value) for value in result.x)
        if not self.holds(point):
            raise SolverError(f"An integer program's answer does not satisfy its equations{NO_RELEASE}")
        return point
