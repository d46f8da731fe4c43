"""What a chart is: its message in words, its figures as a table, and its picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

Spec: TypeAlias = dict[str, Any]
"""A specification in Vega-Lite, as plain values."""


@dataclass(frozen=True)
class ChartTable:
    """The figures of a chart: the names of the columns, and a text for each cell, row by row.

    Every number that the picture shows stands here; what the picture leaves out (a missing figure, a share of
    fewer than six) stands here alone.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Chart:
    """One chart, drawn or not.

    Attributes:
        name: its file name without ending, as in 'trend-contacts-count': letters, digits and hyphens.
        title: its message, in one sentence without a full stop.
        description: what the picture shows and how to read it, in whole sentences.
        table: its figures.
        spec: its picture in Vega-Lite; None where the figures are too few for a picture, which the
            description then says.
    """

    name: str
    title: str
    description: str
    table: ChartTable
    spec: Spec | None


DrawSvg: TypeAlias = Callable[[Chart], str]
"""Draws a chart as SVG; '' for one without a picture, whose table stands alone."""
