"""The numbers that a chart draws, and those of its table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from cf_pipeline.outputs.charts.chart import Chart

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
DRAWN_FIELDS = {
    "area": ("value",),
    "bands": ("x",),
    "durations": ("value",),
    "flow": ("value", "last_year"),
    "places": ("x",),
    "revisions": ("before", "after"),
    "sparkline": ("value",),
    "teams": ("value",),
    "trend": ("value", "lower", "upper"),
    "year": ("value", "lower", "upper"),
}
"""By the beginning of a chart's name: the fields of its rows that are drawn."""


def numbers(texts: Iterable[str]) -> set[float]:
    """Every number in some texts."""
    return {float(number.replace(",", "")) for text in texts for number in NUMBER.findall(text)}


def table_numbers(chart: Chart) -> set[float]:
    """The numbers of a chart's table."""
    return numbers([*chart.table.header, *(cell for row in chart.table.rows for cell in row)])


def rows_of(chart: Chart) -> list[dict[str, Any]]:
    """The rows of all layers of a chart's picture."""
    assert chart.spec is not None
    return [row for layer in chart.spec["layer"] for row in layer["data"]["values"]]


def drawn_numbers(chart: Chart) -> set[float]:
    """The figures that a chart's picture draws."""
    fields = DRAWN_FIELDS[chart.name.split("-")[0]]
    return {row[field] for row in rows_of(chart) for field in fields if row.get(field) is not None}
