"""An exceptional past period counts as the others lead one to expect, and one that is nearly so in part."""

import numpy as np
import pytest

from cf_pipeline.forecast.model.averaging import expected_counts
from cf_pipeline.forecast.model.exceptional_periods import damp_exceptional_periods
from cf_pipeline.forecast.model.model_grid import build_model_grid
from cf_pipeline.forecast.model.model_weights import weigh_models

STEADY = np.array([50.0, 54, 47, 52] * 5 + [50, 54])
PAST, SEASON, TO_COME = 20, 4, 2
AT = 9


def changed(at, *counts):
    """The steady series with one period changed, one row a count."""
    rows = np.repeat(STEADY[None], len(counts), axis=0)
    rows[:, at] = counts
    return rows


def counted(rows, **options):
    return expected_counts(rows, SEASON, TO_COME, **options).counted_past


def expected_of(rows):
    return expected_counts(rows, SEASON, TO_COME).periods.sum(axis=1)


def test_a_period_is_moved_by_its_distance_in_usual_distances():
    series = np.log1p(changed(AT, 54, 62, 66, 70, 75, 90, 30, 300))
    grid = build_model_grid(series.shape[1], SEASON, TO_COME)
    models = weigh_models(series, grid, has_drift_prior=True)
    distance = grid.deviations(models.residuals, models.weights, PAST)
    noise = (models.weights * np.sqrt(models.noise_variances)) @ grid.deviation_sizes[:, :PAST]
    usual = np.sqrt(noise**2 + 1 / np.maximum(np.exp(series[:, :PAST] - distance), 1))
    share = np.zeros(distance.shape)
    for at in np.ndindex(share.shape):
        away = abs(distance[at]) / usual[at]
        share[at] = 0 if away <= 2 else 1 if away >= 3 else 3 * (away - 2) / away
    found = damp_exceptional_periods(series, models, grid, PAST)
    assert found[:, :PAST] == pytest.approx(series[:, :PAST] - share * distance)
    assert (found[:, PAST:] == series[:, PAST:]).all()
    assert {0.0, 1.0} < set(share.ravel().round(12))  # none, part and all of the way


def test_the_models_are_weighed_with_the_prior_before_exceptions_are_moved_and_after():
    series = np.log1p(changed(AT, 62, 70, 30))
    grid = build_model_grid(series.shape[1], SEASON, TO_COME)
    before = weigh_models(series, grid, has_drift_prior=True)
    moved = damp_exceptional_periods(series, before, grid, PAST)
    after = weigh_models(moved, grid, has_drift_prior=True)
    predictions = np.einsum("sm,mrn,sn->sr", after.weights, grid.weights, moved)
    found = expected_counts(np.expm1(series), SEASON, TO_COME)
    assert found.counted_past == pytest.approx(np.expm1(moved[:, :PAST]))
    assert found.periods == pytest.approx(np.expm1(predictions))


def test_a_period_far_away_counts_as_if_it_had_been_usual():
    assert counted(changed(AT, 200, 5))[:, AT] == pytest.approx([53, 53], abs=2)
    assert expected_of(changed(AT, 200, 5)) == pytest.approx(expected_of(STEADY[None])[0], rel=0.01)


def test_a_usual_period_counts_as_it_is():
    rows = changed(AT, 50, 54, 58)
    assert counted(rows) == pytest.approx(rows[:, :PAST])


def test_a_period_of_this_year_is_never_set_aside():
    high, low = (expected_of(changed(PAST + 1, count))[0] for count in (150, 15))
    assert high > 1.2 * expected_of(STEADY[None])[0] > 1.4 * low


def test_a_level_that_moved_for_good_is_no_exception():
    moved = np.concatenate([STEADY[:10], 2 * STEADY[10:]])
    assert counted(moved[None])[0] == pytest.approx(moved[:PAST])


def test_few_cases_vary_by_chance_alone_and_are_left_as_they_are():
    few = np.array([[1.0, 0, 0, 0] * 5 + [0, 1], [2.0, 1, 3, 0] * 5 + [1, 2]])
    few[0, AT] = 2
    few[1, AT] = 5
    assert counted(few) == pytest.approx(few[:, :PAST])


def test_without_damping_every_period_counts_as_it_is():
    rows = changed(AT, 200)
    assert counted(rows, is_plain=True) == pytest.approx(rows[:, :PAST])


@pytest.mark.parametrize("season", [4, 12])
@pytest.mark.parametrize("size", [8, 50, 3000])
def test_one_per_cent_more_in_a_past_period_moves_the_forecast_by_less_than_two(season, size):
    # From a twentieth to twenty times the usual count, over every edge of the damping.
    generator = np.random.default_rng(season + size)
    for at in (0, 3 * season - 1, 5 * season - 1):
        series = size * np.exp(generator.normal(0, 0.1, 5 * season + season // 4))
        rows = np.repeat(series[None], 603, axis=0)
        rows[:, at] = size * 0.05 * 1.01 ** np.arange(603)
        found = expected_counts(rows, season, season - season // 4)
        assert np.abs(np.diff(np.log(found.periods.sum(axis=1)))).max() < 0.02
        is_moved = np.abs(found.counted_past[:, at] - rows[:, at]) > 1e-6
        assert 0 < is_moved.sum() < len(rows)
