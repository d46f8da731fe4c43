"""The ranges a year's end is expected in, from what is expected of the rest of the year and its variance.

Plain Poisson ranges hold 33 to 54% of outturns where 80% is promised, because a level also moves: these take
the variance of the averaged models, and never less than chance alone gives.
"""

from __future__ import annotations

import numpy as np

LEVELS = (0.80, 0.95)
FEW = 10
"""Up to this many expected cases the range is that of a count of rare events; above, of a logarithm."""


def count_range(
    so_far: np.ndarray, expected: np.ndarray, variance: np.ndarray, known: int, level: float
) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper bound of a year's count, whole numbers, never below what has happened.

    Args:
        so_far: the year to date; 0 for a stock, which starts afresh at every period.
        expected: of the rest of the year.
        variance: of the rest of the year; raised to the expected count, which chance alone gives.
        known: periods that were known, three or more.
        level: the share of outturns that it should hold, 0 to 1.
    """
    spread = np.maximum(variance, expected)
    wide = multiple(known, level) * np.sqrt(np.log1p(spread / (expected + 0.5) ** 2))
    lower = np.floor((expected + 0.5) * np.exp(-wide) - 0.5)
    upper = np.ceil((expected + 0.5) * np.exp(wide) - 0.5)
    is_few = expected <= FEW
    lower[is_few], upper[is_few] = _rare(expected[is_few], spread[is_few], level)
    return so_far + np.maximum(lower, 0), so_far + upper


def multiple(known: int, level: float) -> float:
    """How many standard deviations either side hold `level`, Student's t: the noise itself is estimated."""
    from scipy.special import stdtrit  # noqa: PLC0415 - a second to import, and only ranges need it

    return float(stdtrit(known - 2, (1 + level) / 2))


def _rare(expected: np.ndarray, spread: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Quantiles of the negative binomial of this mean and variance; of nothing expected, 0."""
    mean = np.maximum(expected, 1e-9)
    # A variance just above the mean is the Poisson; at the mean itself the formula has no value.
    variance = np.maximum(spread, mean * (1 + 1e-6))
    size, chance = mean**2 / (variance - mean), mean / variance
    return _quantile((1 - level) / 2, size, chance), _quantile((1 + level) / 2, size, chance)


def _quantile(share: float, size: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """The least count that at least `share` of a negative binomial does not exceed."""
    from scipy.special import betainc, nbdtrik  # noqa: PLC0415 - as above

    count = np.maximum(np.ceil(nbdtrik(share, size, chance)), 0)
    one_less = np.maximum(count - 1, 0)
    # The continuous inverse may lie a rounding error above a whole number.
    return np.where(betainc(size, one_less + 1, chance) >= share, one_less, count)
