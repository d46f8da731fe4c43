"""Charts in a real browser, with its own fonts: words apart, large enough on a phone, accessible."""

from __future__ import annotations

from html import escape

import pytest

from cf_pipeline.outputs.charts.drawing.picture import draw_svg
from tests.support.chart_examples import example_charts

pytestmark = pytest.mark.browser

TOUCH = 1
"""Pixels by which the boxes of two lines of type may touch: they include the room above and below letters."""
TEXTS = """() => [...document.querySelectorAll('svg')].map(svg => {
  const lines = [...svg.querySelectorAll('text')].flatMap(text => text.querySelector('tspan')
    ? [...text.querySelectorAll('tspan')] : [text]);
  return lines.filter(line => line.textContent && getComputedStyle(line).stroke === 'none').map(line => {
    const box = line.getBoundingClientRect();
    const size = parseFloat(getComputedStyle(line).fontSize) * svg.getBoundingClientRect().width
      / svg.viewBox.baseVal.width;
    return {text: line.textContent, size, left: box.left, right: box.right,
      middle: (box.top + box.bottom) / 2};
  });
})"""


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    figures = "".join(
        f"<figure><figcaption>{escape(chart.title)}</figcaption>{draw_svg(chart)}</figure>"
        for chart in example_charts().values()
    )
    path = tmp_path_factory.mktemp("charts") / "charts.html"
    path.write_text(
        '<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>Charts</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><style>body { margin: 0 16px; } '
        "figure { margin: 0; } svg { max-width: 100%; height: auto; }</style></head>"
        f"<body><main><h1>Charts</h1>{figures}</main></body></html>",
        encoding="utf-8",
    )
    return path


def test_words_stand_apart_and_can_be_read(page):
    charts = page.evaluate(TEXTS)
    assert len(charts) == len(example_charts())
    for texts in charts:
        for number, text in enumerate(texts):
            assert text["size"] >= 9, text
            beside = [other for other in texts[number + 1 :] if _lies_on(text, other)]
            assert beside == [], text


def _lies_on(text, other):
    """Whether two lines meet: side by side within a line of type, and less than 85% of its height apart."""
    apart = abs(text["middle"] - other["middle"]) < 0.85 * text["size"]
    return apart and text["left"] < other["right"] - TOUCH and other["left"] < text["right"] - TOUCH


def test_charts_are_accessible_and_fit(page):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.get_by_role("img").count() == len(example_charts())
