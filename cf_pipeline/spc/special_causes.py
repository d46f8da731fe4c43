"""Signals in control charts: which points have a special cause, and whether a process meets its target.

Functions of arrays: one row a series, one column a point, oldest first. A missing point is NaN and breaks
every run. Of several rules that hold the first gives the cause.

Source: NHS "Making Data Count", as in NHSRplotthedots.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cf_pipeline.spc.charts import OUTLYING_RANGE, Limits

RUN_LENGTH = 7
"""Points in a row that make a trend, or a shift to one side of the mean."""
NEAR_LIMIT = 2 / 3
"""The part of the way from the mean to its limit beyond which a point is near the limit."""
OUTSIDE, TREND, TWO_OF_THREE, ONE_SIDE = "outside the limits", "trend", "near a limit", "one side of the mean"
CAUSES = (OUTSIDE, TREND, TWO_OF_THREE, ONE_SIDE)
"""Causes in the order in which they are looked for."""
LARGE_CHANGE = "a larger change from the quarter before than usual"


def special_causes(values: np.ndarray, limits: Limits) -> tuple[np.ndarray, np.ndarray]:
    """The cause of each point ('' for none) and the direction of its change: 1 up, -1 down, 0 none."""
    side = sides_of_mean(values, limits.mean)
    is_outside = (values > limits.upper) | (values < limits.lower)
    is_near = (values > limits.mean + NEAR_LIMIT * (limits.upper - limits.mean)) | (
        values < limits.mean - NEAR_LIMIT * (limits.mean - limits.lower)
    )
    trend = runs_of_seven(ends_of_trends(values))
    is_two_of_three = two_of_three(is_near, side) & is_near
    shift = runs_of_seven(ends_of_shifts(side))
    conditions = [is_outside, trend != 0, is_two_of_three, shift != 0]
    cause = np.select(conditions, CAUSES, default="")
    direction = np.select(conditions, [side, trend, side, side], default=0)
    return cause, direction


def large_changes(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The points whose moving range is outside the limit of the moving ranges; returns as `special_causes`.

    For a series that follows itself (a stock: most of those counted were counted the quarter before). Its
    distance from the mean and its runs are no signal; its change from one point to the next is.

    Source: the moving range chart, whose upper limit is 3.267 times the mean moving range.
    """
    changes = np.diff(values, axis=1, prepend=np.nan)
    ranges = np.abs(changes)
    is_known = ~np.isnan(ranges)
    known = np.maximum(is_known.sum(axis=1, keepdims=True), 1)
    mean_range = np.where(is_known, ranges, 0).sum(axis=1, keepdims=True) / known
    is_large = is_known & (ranges > OUTLYING_RANGE * mean_range) & (mean_range > 0)
    direction = np.where(is_large, np.nan_to_num(np.sign(changes)), 0).astype("int64")
    return np.where(is_large, LARGE_CHANGE, ""), direction


def sides_of_mean(values: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """1 above the mean, -1 below, 0 on it or missing."""
    return np.asarray(np.nan_to_num(np.sign(values - mean)).astype("int64"))


def ends_of_shifts(side: np.ndarray) -> np.ndarray:
    """1 at the seventh and every later point of a run on one side of the mean, else 0."""
    return np.asarray(np.abs(_ends_of_runs(side, RUN_LENGTH)))


def ends_of_trends(values: np.ndarray) -> np.ndarray:
    """1 or -1 at the seventh and every later point of a strict rise or fall, else 0."""
    steps = np.nan_to_num(np.sign(np.diff(values, axis=1, prepend=np.nan))).astype("int64")
    return _ends_of_runs(steps, RUN_LENGTH - 1)


def runs_of_seven(ends: np.ndarray) -> np.ndarray:
    """The run's direction at all seven points of each run whose end is marked, else 0."""
    highest = _reduce_windows(ends, RUN_LENGTH, is_trailing=False, reduce=lambda window: window.max(axis=2))
    lowest = _reduce_windows(ends, RUN_LENGTH, is_trailing=False, reduce=lambda window: window.min(axis=2))
    return np.where(highest > 0, highest, lowest)


def two_of_three(is_near: np.ndarray, side: np.ndarray) -> np.ndarray:
    """Whether a point is one of three in a row, all on one side, of which two or more are near a limit."""
    near_points = _reduce_windows(is_near.astype("int64"), 3, is_trailing=True, reduce=_sum_of_window)
    sides = _reduce_windows(side, 3, is_trailing=True, reduce=_sum_of_window)
    ends = ((near_points >= 2) & (np.abs(sides) == 3)).astype("int64")
    return _reduce_windows(ends, 3, is_trailing=False, reduce=lambda window: window.max(axis=2)) > 0


def assurance(
    lower: np.ndarray, upper: np.ndarray, target: np.ndarray, higher_is_better: np.ndarray
) -> np.ndarray:
    """Whether a process, as it is, meets its target: consistent_pass, consistent_fail or inconsistent.

    Without limits or a target it is ''.
    """
    is_above, is_below = lower > target, upper < target
    passes, fails = (
        np.where(higher_is_better, is_above, is_below),
        np.where(higher_is_better, is_below, is_above),
    )
    is_unknown = np.isnan(lower) | np.isnan(upper) | np.isnan(target)
    return np.select(
        [is_unknown, passes, fails], ["", "consistent_pass", "consistent_fail"], default="inconsistent"
    )


def _ends_of_runs(steps: np.ndarray, length: int) -> np.ndarray:
    """1 or -1 where the last `length` steps all have that sign, else 0."""
    total = _reduce_windows(steps, length, is_trailing=True, reduce=_sum_of_window)
    return np.where(np.abs(total) == length, np.sign(total), 0)


def _sum_of_window(window: np.ndarray) -> np.ndarray:
    return np.asarray(window.sum(axis=2))


def _reduce_windows(
    flags: np.ndarray, length: int, *, is_trailing: bool, reduce: Callable[[np.ndarray], np.ndarray]
) -> np.ndarray:
    """One figure for the window of each point: the points up to it (trailing), or from it on.

    Beyond the ends of a series the flags are 0.
    """
    padding = (length - 1, 0) if is_trailing else (0, length - 1)
    padded = np.pad(flags, ((0, 0), padding))
    return np.asarray(reduce(np.lib.stride_tricks.sliding_window_view(padded, length, axis=1)))
