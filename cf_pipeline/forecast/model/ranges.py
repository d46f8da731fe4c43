"""The ranges of a year end, from the expected rest of the year and its variance.

Plain Poisson ranges hold 33 to 54% of outturns where they promise 80%, because a level also moves. These
ranges use the variance of the averaged models, and are never narrower than chance alone.

Source: the coverage measured in `docs/benchmarks.md`; the method in `docs/forecasts.md`.
"""

from __future__ import annotations

import numpy as np

LEVELS = (0.80, 0.95)
RARE_COUNT = 10
"""Up to this many expected cases the range is a negative binomial's; above, that of a logarithm."""


def count_range(
    so_far: np.ndarray, expected_count: np.ndarray, variance: np.ndarray, known_periods: int, level: float
) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper bound of a year's count: whole numbers, never below the year to date.

    Args:
        so_far: the year to date; 0 for a stock, which each period counts anew.
        expected_count: of the rest of the year.
        variance: of the rest of the year; at least the expected count is used, which chance alone gives.
        known_periods: three or more.
        level: the share of outturns that the range should hold, 0 to 1.
    """
    spread = np.maximum(variance, expected_count)
    half_width = range_multiplier(known_periods, level) * np.sqrt(
        np.log1p(spread / (expected_count + 0.5) ** 2)
    )
    lower = np.floor((expected_count + 0.5) * np.exp(-half_width) - 0.5)
    upper = np.ceil((expected_count + 0.5) * np.exp(half_width) - 0.5)
    is_rare = expected_count <= RARE_COUNT
    lower[is_rare], upper[is_rare] = _rare_count_range(expected_count[is_rare], spread[is_rare], level)
    return so_far + np.maximum(lower, 0), so_far + upper


def range_multiplier(known_periods: int, level: float) -> float:
    """How many standard deviations each side of a range has, by Student's t: the noise is estimated too."""
    from scipy.special import stdtrit  # noqa: PLC0415 - a second to import, and only ranges need it

    return float(stdtrit(known_periods - 2, (1 + level) / 2))


def _rare_count_range(
    expected_count: np.ndarray, variance: np.ndarray, level: float
) -> tuple[np.ndarray, np.ndarray]:
    """Quantiles of the negative binomial with this mean and variance; 0 where nothing is expected."""
    mean = np.maximum(expected_count, 1e-9)
    # A variance just above the mean is the Poisson's; at the mean itself the formula has no value.
    variance = np.maximum(variance, mean * (1 + 1e-6))
    size, probability = mean**2 / (variance - mean), mean / variance
    return (
        _negative_binomial_quantile((1 - level) / 2, size, probability),
        _negative_binomial_quantile((1 + level) / 2, size, probability),
    )


def _negative_binomial_quantile(share: float, size: np.ndarray, probability: np.ndarray) -> np.ndarray:
    """The smallest count that a negative binomial does not exceed with probability `share`."""
    from scipy.special import betainc, nbdtrik  # noqa: PLC0415 - as above

    count = np.maximum(np.ceil(nbdtrik(share, size, probability)), 0)
    one_less = np.maximum(count - 1, 0)
    # The continuous inverse may lie a rounding error above a whole number.
    return np.where(betainc(size, one_less + 1, probability) >= share, one_less, count)
