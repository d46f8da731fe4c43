"""Drawings are kept while the dashboard is served."""

from __future__ import annotations

from cf_pipeline.cli.serving.drawings import KeptDrawings
from cf_pipeline.outputs.charts.chart import Chart, ChartTable
from cf_pipeline.outputs.charts.drawing import picture


def chart(spec):
    return Chart("c", "Title", "Description.", ChartTable((), ()), spec)


def test_a_chart_is_drawn_once_and_the_oldest_drawing_goes_first(monkeypatch):
    drawn = []
    monkeypatch.setattr(
        picture, "_convert", lambda spec: drawn.append(spec["n"]) or f"<svg >{spec['n']}</svg>"
    )
    store = KeptDrawings(most=2)
    first = store.draw(chart(spec={"n": 1}))
    assert store.draw(chart(spec={"n": 1})) == first
    store.draw(chart(spec={"n": 2}))
    store.draw(chart(spec={"n": 1}))
    store.draw(chart(spec={"n": 3}))
    store.draw(chart(spec={"n": 1}))
    assert drawn == [1, 2, 3]
    store.draw(chart(spec={"n": 2}))
    assert drawn == [1, 2, 3, 2]
    assert store.draw(chart(spec=None)) == ""
