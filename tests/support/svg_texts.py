"""The texts of an SVG with the boxes they take, for tests of charts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations

from defusedxml import ElementTree

from cf_pipeline.outputs.charts.parts.text_size import FONT_SIZE, LINE_HEIGHT, text_width

_SVG = "{http://www.w3.org/2000/svg}"
_PLACE = re.compile(r"translate\(([-\d.e]+),([-\d.e]+)\)")
_ASCENT = 0.8
"""Of the size of the type: how far letters stand above their line."""


@dataclass(frozen=True)
class SvgText:
    """One line of text, its size in pixels, and its box: left, top, right, bottom."""

    text: str
    size: float
    box: tuple[float, float, float, float]


def svg_texts(svg: str) -> list[SvgText]:
    """Every line of text of an SVG; the edge of a text, which is the same text at the same place, once."""
    found: list[SvgText] = []
    _collect(ElementTree.fromstring(svg), 0.0, 0.0, found)
    return list(dict.fromkeys(found))


def overlapping(texts: list[SvgText]) -> list[tuple[str, str]]:
    """The pairs of texts of which one lies on the other."""
    return [(a.text, b.text) for a, b in combinations(texts, 2) if _meet(a.box, b.box)]


def _meet(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _collect(element, x: float, y: float, found: list[SvgText]) -> None:
    place = _PLACE.search(element.get("transform", ""))
    if place:
        x, y = x + float(place[1]), y + float(place[2])
    if element.tag == f"{_SVG}text":
        lines = [span.text or "" for span in element.iter(f"{_SVG}tspan")] or [element.text or ""]
        found.extend(
            _line(element, line, x, y + number * LINE_HEIGHT) for number, line in enumerate(lines) if line
        )
    for child in element:
        _collect(child, x, y, found)


def _line(element, line: str, x: float, y: float) -> SvgText:
    size = float(element.get("font-size").removesuffix("px"))
    width = text_width(line, is_bold=element.get("font-weight") == "bold") * size / FONT_SIZE
    left = x - {"middle": width / 2, "end": width}.get(element.get("text-anchor"), 0.0)
    return SvgText(line, size, (left, y - _ASCENT * size, left + width, y + (1 - _ASCENT) * size))
