"""Round values for the ticks of an axis that starts at 0.

An axis starts at 0, so that a difference looks as large as it is. Its end is a round number at or above the
largest figure shown, so it tells nothing of a figure that is withheld.
"""

from __future__ import annotations

import math

_STEPS = (1, 2, 5, 10)
MOST, FEW = 5, 3
"""The most steps of a vertical axis, and of a horizontal one, on which labels stand side by side."""
PERCENT = 100.0


def round_ticks(largest: float, *, is_share: bool = False, most: int = MOST) -> list[float]:
    """The ticks from 0 in steps of 1, 2 or 5 times a power of ten, the last at or above `largest`.

    Args:
        largest: the largest figure shown, 0 or more.
        is_share: a percentage, whose axis ends at 100 at the most.
        most: how many steps there are at the most.
    """
    if largest <= 0:
        return [0.0, 1.0]
    power = 10.0 ** (math.floor(math.log10(largest)) - 1)
    sizes = [step * scale for scale in (power, power * 10) for step in _STEPS]
    size = next(size for size in sizes if math.ceil(round(largest / size, 9)) <= most)
    if largest >= 1:
        size = max(size, 1.0)
    count = math.ceil(round(largest / size, 9))
    ticks = [round(size * number, 10) for number in range(count + 1)]
    return [tick for tick in ticks if tick <= PERCENT] if is_share else ticks
