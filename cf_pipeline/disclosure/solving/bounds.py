"""Bounds of unknowns that follow from each row of a region by itself: quick, and never too narrow."""

from __future__ import annotations

from collections.abc import Sequence

from cf_pipeline.disclosure.solving.whole_numbers import Region

ROUNDS = 20
"""How often the rows are read again at most: what is left for later is only less narrow."""


def propagate_bounds(
    region: Region, lowest: Sequence[int] | None = None, highest: Sequence[int | None] | None = None
) -> tuple[list[int], list[int | None]]:
    """The lowest and the highest value of each unknown that the rows leave, None where there is no highest.

    Every point of the region that keeps the bounds given also keeps these; a value between them need not
    occur. Where a lowest value is above the highest there is no such point.
    """
    lowest = list(region.lowest if lowest is None else lowest)
    bounds: list[int | None] = list(highest or [None] * len(lowest))
    for _ in range(ROUNDS):
        is_changed = False
        for terms, lower, upper in region.rows:
            if upper is not None:
                is_changed |= _tighten(terms, upper, lowest, bounds)
            if lower is not None:
                is_changed |= _tighten(
                    [(number, -factor) for number, factor in terms], -lower, lowest, bounds
                )
        if not is_changed or is_empty(lowest, bounds):
            break
    return lowest, bounds


def is_empty(lowest: Sequence[int], highest: Sequence[int | None]) -> bool:
    """Whether an unknown has no value between its bounds."""
    return any(top is not None and low > top for low, top in zip(lowest, highest, strict=True))


def _tighten(
    terms: list[tuple[int, int]] | tuple[tuple[int, int], ...],
    upper: int,
    lowest: list[int],
    highest: list[int | None],
) -> bool:
    """Narrow the unknowns of sum(factor x) <= upper by the least that the others add to it."""
    least, without = 0, None
    for number, factor in terms:
        extreme = lowest[number] if factor > 0 else highest[number]
        if extreme is None:
            if without is not None:
                return False
            without = number
        else:
            least += factor * extreme
    is_changed = False
    for number, factor in terms:
        if without is not None and number != without:
            continue
        own = lowest[number] if factor > 0 else highest[number]
        room = upper - least + (0 if own is None else factor * own)
        if factor > 0:
            value = room // factor
            current = highest[number]
            if current is None or value < current:
                highest[number] = value
                is_changed = True
        else:
            value = -(-room // factor)
            if value > lowest[number]:
                lowest[number] = value
                is_changed = True
    return is_changed
