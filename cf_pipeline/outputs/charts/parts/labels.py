"""Where labels stand, so that none lies on another."""

from __future__ import annotations

from collections.abc import Sequence


def spread_labels(centres: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """The centres of labels one below the other, as near as can be to those wished for, without overlap.

    Labels that meet become a block, which stands where its members move least in all (least squares).

    Args:
        centres: where each label would stand alone.
        heights: the height of each, with the room around it.
        low: the upper edge of the room.
        high: its lower edge; below it labels go on when they have not room enough.

    Returns:
        The centres in the order in which they were given.
    """
    order = sorted(range(len(centres)), key=lambda index: centres[index])
    blocks: list[list[int]] = []
    for index in order:
        blocks.append([index])
        while len(blocks) > 1 and _end(blocks[-2], centres, heights, low, high) > _start(
            blocks[-1], centres, heights, low, high
        ):
            blocks[-2:] = [blocks[-2] + blocks[-1]]
    places = [0.0] * len(centres)
    for block in blocks:
        top = _start(block, centres, heights, low, high)
        for index in block:
            places[index] = top + heights[index] / 2
            top += heights[index]
    return places


def _start(
    block: list[int], centres: Sequence[float], heights: Sequence[float], low: float, high: float
) -> float:
    """The upper edge of a block: the mean of those that its members wish for, within the room."""
    wishes, before = [], 0.0
    for index in block:
        wishes.append(centres[index] - heights[index] / 2 - before)
        before += heights[index]
    return max(low, min(sum(wishes) / len(wishes), high - before))


def _end(
    block: list[int], centres: Sequence[float], heights: Sequence[float], low: float, high: float
) -> float:
    return _start(block, centres, heights, low, high) + sum(heights[index] for index in block)
