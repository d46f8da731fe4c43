import pytest

from cf_pipeline.dashboard.rendering.chart_points import find_chart_points
from tests.support.chart_examples import example_charts

OF_QUARTERS = {"everything within five points", "gaps", "twelve quarters", "a fan", "durations"}


@pytest.mark.parametrize("name", sorted(OF_QUARTERS))
def test_each_point_has_its_row_of_the_table_and_lies_in_the_picture(name):
    chart = example_charts()[name]
    points = find_chart_points(chart)
    assert 0 < points.first < points.last < 1
    firsts = [row[0] for row in chart.table.rows][: points.count]
    assert len(firsts) == points.count
    assert all(first.startswith("Q") for first in firsts)


def test_points_are_where_the_picture_draws_them():
    points = find_chart_points(example_charts()["twelve quarters"])
    spec = example_charts()["twelve quarters"].spec
    step = spec["width"] / 12 / 420
    assert points.first == pytest.approx(spec["padding"]["left"] / 420 + step / 2, abs=1e-4)
    assert points.last - points.first == pytest.approx(11 * step, abs=2e-4)


@pytest.mark.parametrize("name", ["places", "bands", "flow", "teams", "sparkline", "revisions"])
def test_a_chart_without_an_axis_of_quarters_has_none(name):
    assert find_chart_points(example_charts()[name]) is None
