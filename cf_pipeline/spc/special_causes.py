"""Signals told from noise: which points have a special cause, and what a target makes of the limits.

Functions of arrays, one row a series and one column a point, oldest first; a missing point is NaN and breaks
every run. Rules as in NHS "Making Data Count"; the first that holds gives the cause.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cf_pipeline.spc.charts import Limits

RUN = 7
"""Points in a row that make a trend, or a shift to one side of the mean."""
NEAR = 2 / 3
"""How far from the mean to its limit a point is near the limit."""
OUTSIDE, TREND, TWO_OF_THREE, ONE_SIDE = "outside the limits", "trend", "near a limit", "one side of the mean"
CAUSES = (OUTSIDE, TREND, TWO_OF_THREE, ONE_SIDE)
"""Causes in the order in which they are looked for."""


def special_causes(values: np.ndarray, limits: Limits) -> tuple[np.ndarray, np.ndarray]:
    """The cause of each point ('' for none) and the direction of its change: 1 up, -1 down, 0 none."""
    side = sides(values, limits.mean)
    outside = (values > limits.upper) | (values < limits.lower)
    near = (values > limits.mean + NEAR * (limits.upper - limits.mean)) | (
        values < limits.mean - NEAR * (limits.mean - limits.lower)
    )
    rising = part_of_run(seven_point_trend(values))
    in_three = two_in_three(near, side) & near
    shifted = part_of_run(seven_on_one_side(side))
    conditions = [outside, rising != 0, in_three, shifted != 0]
    cause = np.select(conditions, CAUSES, default="")
    direction = np.select(conditions, [side, rising, side, side], default=0)
    return cause, direction


def sides(values: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """1 above the mean, -1 below, 0 on it or missing."""
    return np.asarray(np.nan_to_num(np.sign(values - mean)).astype("int64"))


def seven_on_one_side(side: np.ndarray) -> np.ndarray:
    """1 at the seventh and every later point of a run on one side, else 0."""
    return np.asarray(np.abs(_ends(side, RUN)))


def seven_point_trend(values: np.ndarray) -> np.ndarray:
    """1 or -1 at the seventh and every later point that rose or fell strictly each time, else 0."""
    steps = np.nan_to_num(np.sign(np.diff(values, axis=1, prepend=np.nan))).astype("int64")
    return _ends(steps, RUN - 1)


def part_of_run(ends: np.ndarray) -> np.ndarray:
    """The run's direction at all seven points of each run whose end is marked, else 0."""
    marked = _windows(ends, RUN, before=False, reduce=lambda window: window.max(axis=2))
    fallen = _windows(ends, RUN, before=False, reduce=lambda window: window.min(axis=2))
    return np.where(marked > 0, marked, fallen)


def two_in_three(near: np.ndarray, side: np.ndarray) -> np.ndarray:
    """Whether a point is one of three in a row, all on one side, of which two or more are near a limit."""
    many = _windows(near.astype("int64"), 3, before=True, reduce=lambda window: window.sum(axis=2))
    together = _windows(side, 3, before=True, reduce=lambda window: window.sum(axis=2))
    ends = ((many >= 2) & (np.abs(together) == 3)).astype("int64")
    return _windows(ends, 3, before=False, reduce=lambda window: window.max(axis=2)) > 0


def assurance(
    lower: np.ndarray, upper: np.ndarray, target: np.ndarray, higher_is_better: np.ndarray
) -> np.ndarray:
    """Whether a process as it is now meets its target: consistent_pass, consistent_fail, inconsistent.

    Without limits or a target it is ''.
    """
    above, below = lower > target, upper < target
    passes, fails = np.where(higher_is_better, above, below), np.where(higher_is_better, below, above)
    unknown = np.isnan(lower) | np.isnan(upper) | np.isnan(target)
    return np.select(
        [unknown, passes, fails], ["", "consistent_pass", "consistent_fail"], default="inconsistent"
    )


def _ends(steps: np.ndarray, length: int) -> np.ndarray:
    """1 or -1 where the last `length` steps all have that sign, else 0."""
    total = _windows(steps, length, before=True, reduce=lambda window: window.sum(axis=2))
    return np.where(np.abs(total) == length, np.sign(total), 0)


def _windows(
    flags: np.ndarray, length: int, *, before: bool, reduce: Callable[[np.ndarray], np.ndarray]
) -> np.ndarray:
    """Each point's window reduced to one figure: the points up to it, or from it on; none beyond the ends."""
    more = (length - 1, 0) if before else (0, length - 1)
    padded = np.pad(flags, ((0, 0), more))
    return np.asarray(reduce(np.lib.stride_tricks.sliding_window_view(padded, length, axis=1)))
