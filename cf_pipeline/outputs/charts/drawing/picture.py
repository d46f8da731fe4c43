"""Draws a chart as SVG or PNG, in this process, without the internet; a drawing is kept and found again."""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import cache
from html import escape
from importlib.metadata import version

import vl_convert

from cf_pipeline.errors import PlainError
from cf_pipeline.outputs.charts.chart import Chart, Spec
from cf_pipeline.outputs.charts.drawing.svg import describe_svg
from cf_pipeline.outputs.charts.parts.text_size import FONT
from cf_pipeline.results import NO_STORE, Result, ResultStore, result_key

VEGA_LITE = "6.4"
"""One of the versions that vl-convert bundles; named, so that a newer vl-convert draws the same."""
SCALE = 3
"""Pixels of a PNG for each of the picture's: 200 a inch at the width of a page."""
_VERSIONS = (VEGA_LITE, version("vl-convert-python"), SCALE)


class DrawingError(PlainError):
    """Pictures cannot be drawn on this machine."""


def draw_svg(chart: Chart, store: ResultStore = NO_STORE) -> str:
    """The chart as SVG, with its title and description for screen readers; '' for one without a picture.

    Args:
        chart: what to draw.
        store: where drawn charts are kept, under the hash of all they are made from.
    """
    if chart.spec is None:
        return ""
    spec = chart.spec
    return _find_or_draw(
        chart, "svg", store, lambda: describe_svg(_convert(spec), chart.title, chart.description)
    )


def draw_png(chart: Chart, store: ResultStore = NO_STORE) -> bytes:
    """The chart as PNG, three pixels for each of the SVG; b'' for one without a picture.

    The SVG is kept too, so that whoever removes what is not asked for any more leaves both.

    Args:
        chart: what to draw.
        store: as of `draw_svg`.

    Raises:
        DrawingError: no font can be drawn, so the picture would have no words.
    """
    svg = draw_svg(chart, store)
    if not svg:
        return b""

    def draw() -> str:
        check_font()
        return base64.b64encode(vl_convert.svg_to_png(svg, scale=SCALE)).decode()

    return base64.b64decode(_find_or_draw(chart, "png", store, draw))


def check_font(font: str = FONT) -> None:
    """Do nothing where letters of a font list leave ink in a PNG.

    Raises:
        DrawingError: they leave none, which vl-convert does not say by itself.
    """
    if not _has_ink(font):
        raise DrawingError(
            "Charts cannot be drawn as pictures, because this machine has no font for their words: "
            "install a package of fonts (fonts-dejavu-core or fonts-liberation) and run again."
        )


@cache
def _has_ink(font: str) -> bool:
    frame = '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="20">{}</svg>'
    words = f'<text x="2" y="15" font-family="{escape(font)}" font-size="14px">Q1 2024</text>'
    return bool(vl_convert.svg_to_png(frame.format(words)) != vl_convert.svg_to_png(frame.format("")))


def _convert(spec: Spec) -> str:
    return vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[])


def _find_or_draw(chart: Chart, form: str, store: ResultStore, draw: Callable[[], str]) -> str:
    key = result_key(form, _VERSIONS, chart.title, chart.description, chart.spec)
    found = store.find(key)
    if found is not None:
        return str(found.facts[form])
    drawing = draw()
    store.keep(key, Result({form: drawing}, {}))
    return drawing
