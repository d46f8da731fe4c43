import re
import struct
from dataclasses import replace

import pytest
import vl_convert

from cf_pipeline.outputs.charts.drawing import picture
from cf_pipeline.outputs.charts.drawing.picture import DrawingError, check_font, draw_png, draw_svg
from cf_pipeline.outputs.charts.parts.canvas import WIDTH
from cf_pipeline.project.results.lake_results import LakeResults
from tests.support.chart_examples import example_charts
from tests.support.chart_figures import figures, totals
from tests.support.svg_texts import overlapping, svg_texts

CHARTS = example_charts()
PHONE = 288
"""Pixels that a screen of 320 leaves for a picture."""
TOLERANCE = 0.5


@pytest.fixture(scope="module")
def drawings():
    return {name: draw_svg(chart) for name, chart in CHARTS.items()}


@pytest.fixture
def store(tmp_path):
    return LakeResults(str(tmp_path), "drawings", "city-of-london", "1")


@pytest.fixture
def conversions(monkeypatch):
    """The names of vl-convert's functions, as they are called."""
    calls = []
    for name in ("vegalite_to_svg", "svg_to_png"):
        convert = getattr(vl_convert, name)
        monkeypatch.setattr(
            vl_convert,
            name,
            lambda *args, name=name, convert=convert, **more: calls.append(name) or convert(*args, **more),
        )
    return calls


@pytest.mark.parametrize("example", CHARTS)
def test_no_label_lies_on_another(example, drawings):
    assert overlapping(svg_texts(drawings[example])) == []


@pytest.mark.parametrize("example", CHARTS)
def test_no_text_is_cut_off(example, drawings):
    svg = drawings[example]
    width, height = (float(svg.split(f'{side}="')[1].split('"')[0]) for side in ("width", "height"))
    for text in svg_texts(svg):
        left, top, right, bottom = text.box
        assert left >= -TOLERANCE and top >= -TOLERANCE, text
        assert right <= width + TOLERANCE and bottom <= height + TOLERANCE, text


@pytest.mark.parametrize("example", CHARTS)
def test_text_has_nine_pixels_on_a_phone(example, drawings):
    assert all(text.size * PHONE / WIDTH >= 9 for text in svg_texts(drawings[example]))
    assert f'width="{WIDTH}"' in drawings[example] or example == "sparkline"


@pytest.mark.parametrize("example", CHARTS)
def test_a_figure_has_one_title_one_description_and_nothing_to_clash_with(example, drawings):
    svg = drawings[example]
    assert svg.startswith('<svg role="img" ')
    assert svg.count("<title>") == svg.count("<desc>") == 1
    assert not any(spare in svg for spare in (" id=", "aria-", " class=", "<script", "href", "url("))
    assert svg.count("http") == svg.count('xmlns="http://www.w3.org/2000/svg"') == 1


@pytest.mark.parametrize(("example", "parts"), [("gaps", 3), ("sparkline", 3), ("an area", 2)])
def test_a_quarter_without_a_figure_breaks_the_line(example, parts, drawings):
    paths = re.findall(r'<path [^>]*stroke="#12436D"[^>]*>', drawings[example])
    lines = [path.split('d="')[1].split('"')[0] for path in paths if "stroke-width" in path]
    assert max(line.count("M") for line in lines) == parts


def test_words_of_a_council_cannot_end_a_tag():
    chart = replace(CHARTS["zeros"], title='A & B <b> class="x" aria-label="y"')
    assert "<title>A &amp; B &lt;b&gt; class=&quot;x&quot; aria-label=&quot;y&quot;</title>" in draw_svg(
        chart
    )


def test_a_chart_without_a_picture_is_nothing():
    chart = replace(CHARTS["zeros"], spec=None)
    assert draw_svg(chart) == "" and draw_png(chart) == b""


def test_a_png_leaves_ink_where_its_words_are():
    check_font()
    words = draw_png(CHARTS["zeros"])
    without = replace(CHARTS["zeros"], spec=_without_words(CHARTS["zeros"].spec))
    assert len(words) > len(draw_png(without)) + 1000


def _without_words(spec):
    config = {**spec["config"], "axis": {**spec["config"]["axis"], "labels": False}}
    layers = [layer for layer in spec["layer"] if layer["mark"]["type"] != "text"]
    return {**spec, "config": config, "layer": layers}


def test_a_machine_without_a_font_is_told_in_one_sentence(monkeypatch):
    with pytest.raises(DrawingError, match="no font for their words: install"):
        check_font("No Such Font")
    monkeypatch.setattr(picture, "_has_ink", lambda font: False)
    with pytest.raises(DrawingError):
        draw_png(CHARTS["zeros"])


def test_a_png_holds_nothing_but_its_pixels():
    content, chunks, start = draw_png(CHARTS["zeros"]), [], 8
    while start < len(content):
        (length,) = struct.unpack(">I", content[start : start + 4])
        chunks.append(content[start + 4 : start + 8])
        start += length + 12
    assert set(chunks) <= {b"IHDR", b"pHYs", b"IDAT", b"IEND"}
    assert struct.unpack(">I", content[16:20]) == (WIDTH * picture.SCALE,)


def test_unchanged_figures_draw_nothing_anew(store, conversions):
    chart = CHARTS["gaps"]
    first = draw_svg(chart, store), draw_png(chart, store)
    assert conversions.count("vegalite_to_svg") >= 1
    conversions.clear()
    assert (draw_svg(chart, store), draw_png(chart, store)) == first
    assert conversions == []


def test_what_a_png_asks_for_keeps_the_svg_too(tmp_path, conversions):
    first, second, third = (LakeResults(str(tmp_path), "drawings", "camden", "1") for _ in range(3))
    draw_png(CHARTS["gaps"], first)
    draw_png(CHARTS["gaps"], second)
    second.sweep()
    conversions.clear()
    draw_svg(CHARTS["gaps"], third)
    assert conversions == []


@pytest.mark.parametrize("example", CHARTS)
def test_vega_writes_no_value_into_an_attribute(example):
    spec = CHARTS[example].spec
    assert spec["config"]["aria"] is False
    assert "aria-label" not in vl_convert.vegalite_to_svg(spec, vl_version=picture.VEGA_LITE)


@pytest.mark.parametrize(
    "change", [{"title": "Other"}, {"description": "Other."}, {"spec": CHARTS["zeros"].spec}]
)
def test_other_words_or_another_picture_are_drawn_anew(change, store, conversions):
    draw_svg(CHARTS["gaps"], store)
    conversions.clear()
    draw_svg(replace(CHARTS["gaps"], **change), store)
    assert conversions == ["vegalite_to_svg"]


def test_another_figure_or_another_version_is_drawn_anew(store, conversions, monkeypatch):
    from cf_pipeline.outputs.charts.kinds.trend import trend_chart

    for counts in ([80] * 6, [80] * 5 + [81]):
        draw_svg(
            trend_chart(figures(fact_kpi_quarterly=totals("contacts_count", counts)), "contacts_count"), store
        )
    assert conversions == ["vegalite_to_svg"] * 2
    monkeypatch.setattr(picture, "_VERSIONS", ("another",))
    draw_svg(
        trend_chart(figures(fact_kpi_quarterly=totals("contacts_count", [80] * 6)), "contacts_count"), store
    )
    assert conversions == ["vegalite_to_svg"] * 3


def test_the_same_chart_is_the_same_bytes():
    assert draw_png(CHARTS["places"]) == draw_png(CHARTS["places"])
    assert draw_svg(CHARTS["places"]) == draw_svg(CHARTS["places"])
