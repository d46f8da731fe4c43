"""Measures drawing charts: what a new one costs, and what one that is kept costs.

    .venv/bin/python -m benchmarks.charts               300 new charts of every kind
    .venv/bin/python -m benchmarks.charts --charts 50   another number

CPU seconds are those of this process and its threads, from the charts to the bytes of an SVG and a PNG each.
The first chart, which loads the drawing engine, is told by itself. Bar: 0.1 s a new chart.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
from collections.abc import Iterator
from dataclasses import replace

from cf_pipeline.outputs.charts.chart import Chart
from cf_pipeline.outputs.charts.drawing.picture import draw_png, draw_svg
from cf_pipeline.project.results.lake_results import LakeResults
from cf_pipeline.results import NO_STORE, ResultStore
from tests.support.chart_examples import example_charts

CHARTS = 300
BAR = 0.1


def new_charts(count: int) -> Iterator[Chart]:
    """Charts of every kind in turn, each with a title of its own, so that none is drawn before."""
    examples = list(example_charts().values())
    for number in range(count):
        chart = examples[number % len(examples)]
        yield replace(chart, title=f"{chart.title} ({number})")


def cpu_seconds_of(charts: list[Chart], store: ResultStore = NO_STORE) -> float:
    """The CPU seconds that drawing takes."""
    before = _cpu_seconds()
    for chart in charts:
        draw_svg(chart, store)
        draw_png(chart, store)
    return _cpu_seconds() - before


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print the CPU seconds of the first chart, of a new one, and of one that is kept."""
    parser = argparse.ArgumentParser(description="Measures drawing charts.")
    parser.add_argument("--charts", type=int, default=CHARTS)
    parser.add_argument("--json", action="store_true", help="only the figures, as JSON")
    options = parser.parse_args()
    first, *charts = new_charts(options.charts + 1)
    figures = {"first": cpu_seconds_of([first])}
    with tempfile.TemporaryDirectory() as lake:
        store = LakeResults(lake, "drawings", "city-of-london", "1")
        figures["new"] = cpu_seconds_of(charts, store) / len(charts)
        figures["kept"] = cpu_seconds_of(charts, store) / len(charts)
    if options.json:
        print(json.dumps(figures))
        return
    for name, seconds in figures.items():
        print(f"{name}: {seconds:.4f} s of CPU a chart")
    print(f"bar of a new chart: {BAR} s, {'reached' if figures['new'] <= BAR else 'MISSED'}")


if __name__ == "__main__":
    main()
