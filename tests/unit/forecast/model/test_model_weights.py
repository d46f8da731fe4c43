"""Levels of counts are taken to move about 7% a quarter, unless the series shows otherwise."""

import numpy as np
import pytest

from cf_pipeline.forecast.model.averaging import expected_rates
from cf_pipeline.forecast.model.model_grid import LEVEL_WEIGHTS, SEASON_SIZES, build_model_grid
from cf_pipeline.forecast.model.model_weights import weigh_models

SERIES = np.array([[3.1, 4.0, 2.2, 5.9, 3.3, 4.8, 2.0, 6.3, 3.9, 4.4, 2.7]])


@pytest.mark.parametrize(("season", "a_period"), [(4, 0.07), (12, 0.07 / np.sqrt(3))])
def test_a_model_weighs_less_the_further_its_level_moves_from_the_usual(season, a_period):
    grid = build_model_grid(SERIES.shape[1], season, 1)
    with_prior, without = (weigh_models(SERIES, grid, has_drift_prior=prior) for prior in (True, False))
    noise = np.sqrt(grid.residual_squares(without.residuals)[0] / (SERIES.shape[1] - 1))
    moves = np.maximum(np.repeat(LEVEL_WEIGHTS, len(SEASON_SIZES)), 0.05) * noise
    expected = without.weights[0] * np.exp(-(np.log(moves / a_period) ** 2) / 2)
    assert with_prior.weights[0] == pytest.approx(expected / expected.sum())


def test_rates_have_no_prior_on_how_far_they_move():
    grid = build_model_grid(SERIES.shape[1], 4, 1)
    plain = weigh_models(SERIES, grid, has_drift_prior=False)
    by_model = (grid.weights @ SERIES[0])[:, 0]
    assert expected_rates(SERIES, 4, 1).periods[0, 0] == pytest.approx(plain.weights[0] @ by_model)


def test_series_that_stay_and_series_that_go_on_from_the_last_period_are_told_apart():
    chance = np.random.default_rng(0).normal(0, 0.3, (200, 22))
    grid = build_model_grid(22, 4, 1)
    stays, walks = (
        (weigh_models(series, grid, has_drift_prior=True).weights @ grid.level_weights).mean()
        for series in (chance, np.cumsum(chance, axis=1))
    )
    assert stays < 0.25
    assert walks > 0.6


def test_a_series_without_noise_has_weights_all_the_same():
    grid = build_model_grid(9, 4, 1)
    for value in (0.0, 3.0):
        weights = weigh_models(np.full((1, 9), value), grid, has_drift_prior=True).weights
        assert np.isfinite(weights).all()
        assert weights.sum() == pytest.approx(1)
