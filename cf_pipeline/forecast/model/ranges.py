"""The ranges of a year end, from the expected rest of the year and its variance.

Plain Poisson ranges hold 33 to 54% of outturns where they promise 80%, because a level also moves. These
ranges use the variance of the averaged models. They are never narrower than chance alone makes the rest of
the year (Poisson for counts, binomial for shares), and never of no width: another case can always come.

Source: `docs/rulings.md#36`; the coverage measured in `docs/benchmarks.md`; `docs/forecasts.md`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

LEVELS = (0.80, 0.95)
RAREST = 1e-9
"""Distributions of a mean or rate of 0 have no quantiles; this is as good as 0."""
MOST_COUNTED = 1e12
"""Beyond this mean a count more or less is no other figure, and from 1e16 on none can be told apart."""
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
    # The forecast that is shown is a whole number, which may lie half a case from the expected count.
    for mean in (expected_count, np.floor(expected_count + 0.5)):
        chance_lower, chance_upper = _poisson_range(mean, level)
        lower, upper = np.minimum(lower, chance_lower), np.maximum(upper, chance_upper)
    lower = np.maximum(lower, 0)
    return so_far + lower, so_far + np.maximum(upper, lower + 1)


def share_range(
    so_far: tuple[np.ndarray, np.ndarray], rest: np.ndarray, rate: np.ndarray, level: float
) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper bound of a year's share, 0 to 1, by chance alone in the cases to come.

    Args:
        so_far: numerators and denominators of the year to date; both 0 for a stock, which is counted anew.
        rest: the expected denominators of the rest of the year; at least one case comes, and whole cases do.
        rate: the expected share of the rest of the year, 0 to 1.
        level: the share of outturns that the range should hold, 0 to 1.
    """
    numerator, denominator = so_far
    cases = np.maximum(np.floor(rest + 0.5), 1)
    lower = _binomial_quantile((1 - level) / 2, cases, rate)
    upper = _binomial_quantile((1 + level) / 2, cases, rate)
    # Where chance alone gives one count only, one case more (or, when all are cases, one less) is possible.
    is_point = lower == upper
    upper = np.where(is_point & (lower < cases), upper + 1, upper)
    lower = np.where(is_point & (lower >= cases), lower - 1, lower)
    total = denominator + cases
    return (numerator + lower) / total, (numerator + upper) / total


def range_multiplier(known_periods: int, level: float) -> float:
    """How many standard deviations each side of a range has, by Student's t: the noise is estimated too."""
    from scipy.special import stdtrit  # noqa: PLC0415 - a second to import, and only ranges need it

    return float(stdtrit(known_periods - 2, (1 + level) / 2))


def _rare_count_range(
    expected_count: np.ndarray, variance: np.ndarray, level: float
) -> tuple[np.ndarray, np.ndarray]:
    """Quantiles of the negative binomial with this mean and variance; 0 where nothing is expected."""
    mean = np.maximum(expected_count, RAREST)
    # A variance just above the mean is the Poisson's; at the mean itself the formula has no value.
    variance = np.maximum(variance, mean * (1 + 1e-6))
    size, probability = mean**2 / (variance - mean), mean / variance
    return (
        _negative_binomial_quantile((1 - level) / 2, size, probability),
        _negative_binomial_quantile((1 + level) / 2, size, probability),
    )


def _poisson_range(mean: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """The quantiles of a Poisson count with this mean; 0 where nothing is expected."""
    return _poisson_quantile((1 - level) / 2, mean), _poisson_quantile((1 + level) / 2, mean)


def _poisson_quantile(share: float, mean: np.ndarray) -> np.ndarray:
    """The smallest count that a Poisson count does not exceed with probability `share`.

    It is looked for from Cornish and Fisher's approximation, a step or two away: scipy's own inverse takes
    forty times as long as the distribution. Beyond `MOST_COUNTED` the approximation is the quantile. A mean
    that is no number has 0.
    """
    from scipy.special import ndtri, pdtr  # noqa: PLC0415 - as in `range_multiplier`

    quantile = np.zeros(len(mean))
    is_finite = np.isfinite(mean)
    mean = np.maximum(mean[is_finite], RAREST)
    deviation = ndtri(share)
    approximation = np.round(mean + deviation * np.sqrt(mean) + (deviation**2 - 1) / 6)
    count = np.maximum(approximation, 0)
    is_counted = mean <= MOST_COUNTED
    while (is_short := is_counted & (pdtr(count, mean) < share)).any():
        count = count + is_short
    while (is_beyond := is_counted & (count > 0) & (pdtr(np.maximum(count - 1, 0), mean) >= share)).any():
        count = count - is_beyond
    quantile[is_finite] = count
    return quantile


def _binomial_quantile(share: float, cases: np.ndarray, rate: np.ndarray) -> np.ndarray:
    """The smallest count that a binomial does not exceed with probability `share`."""
    from scipy.special import bdtrik, betainc  # noqa: PLC0415 - as in `range_multiplier`

    cases, rate = np.nan_to_num(cases, nan=1), np.clip(np.nan_to_num(rate), RAREST, 1 - RAREST)

    def is_enough(count: np.ndarray) -> np.ndarray:
        others = np.maximum(cases - count, RAREST)
        return np.asarray((count >= cases) | (betainc(others, count + 1, 1 - rate) >= share))

    return np.asarray(np.minimum(_smallest_count(bdtrik(share, cases, rate), is_enough), cases))


def _smallest_count(inverse: np.ndarray, is_enough: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """The smallest whole number that is enough, near a continuous inverse that rounding may move past it."""
    count = np.maximum(np.ceil(np.nan_to_num(inverse)), 0)
    one_less = np.maximum(count - 1, 0)
    return np.asarray(np.where(is_enough(one_less), one_less, count))


def _negative_binomial_quantile(share: float, size: np.ndarray, probability: np.ndarray) -> np.ndarray:
    """The smallest count that a negative binomial does not exceed with probability `share`."""
    from scipy.special import betainc, nbdtrik  # noqa: PLC0415 - as above

    return _smallest_count(
        nbdtrik(share, size, probability), lambda count: betainc(size, count + 1, probability) >= share
    )
