import pytest

from cf_pipeline.outputs.charts.parts.ticks import FEW, MOST, round_ticks


@pytest.mark.parametrize(
    ("largest", "ticks"),
    [
        (105, [0, 50, 100, 150]),
        (90, [0, 20, 40, 60, 80, 100]),
        (4, [0, 1, 2, 3, 4]),
        (1, [0, 1]),
        (0, [0, 1]),
        (0.4, [0, 0.1, 0.2, 0.3, 0.4]),
        (1611.1, [0, 500, 1000, 1500, 2000]),
    ],
)
def test_ticks_are_round_and_reach_the_largest_figure(largest, ticks):
    assert round_ticks(largest) == pytest.approx(ticks)


@pytest.mark.parametrize("largest", [1, 3, 7, 12, 99, 101, 350, 999, 12345, 0.07])
@pytest.mark.parametrize("most", [FEW, MOST])
def test_ticks_are_few_and_their_steps_are_1_2_or_5(largest, most):
    ticks = round_ticks(largest, most=most)
    assert ticks[0] == 0 and ticks[-2] < largest <= ticks[-1]
    assert len(ticks) <= most + 1
    assert f"{ticks[1]:e}"[0] in "125"


@pytest.mark.parametrize("largest", [93.0, 97.4, 100.0])
def test_a_percentage_ends_at_100(largest):
    assert round_ticks(largest, is_share=True)[-1] == 100
