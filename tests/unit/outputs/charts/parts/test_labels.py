import itertools

import pytest

from cf_pipeline.outputs.charts.parts.labels import spread_labels


def test_labels_with_room_stay_where_their_points_are():
    assert spread_labels([10, 50, 90], [17, 17, 17], 0, 100) == pytest.approx([10, 50, 90])


def test_labels_that_meet_move_apart_evenly():
    assert spread_labels([50, 52], [20, 20], 0, 100) == pytest.approx([41, 61])


def test_labels_stay_within_their_room():
    assert spread_labels([2, 98], [20, 20], 0, 100) == pytest.approx([10, 90])


@pytest.mark.parametrize("centres", [[5, 5, 5, 5], [90, 10, 92, 11], [0, 100, 50, 49], [99, 99, 98, 1]])
def test_no_label_lies_on_another(centres):
    heights = [18, 35, 18, 18]
    places = spread_labels(centres, heights, -20, 120)
    edges = sorted(
        (place - height / 2, place + height / 2) for place, height in zip(places, heights, strict=True)
    )
    assert all(upper[1] <= lower[0] + 1e-9 for upper, lower in itertools.pairwise(edges))
