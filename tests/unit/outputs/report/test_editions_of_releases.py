"""The committee's and the public's editions: every number in them is one of the released tables'."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd
import pytest

from cf_pipeline.outputs.charts.drawing.picture import draw_png, draw_svg
from cf_pipeline.outputs.report.content import report_content
from cf_pipeline.outputs.report.editions import COMMITTEE, PUBLIC
from cf_pipeline.outputs.report.formats.html import render_html
from cf_pipeline.outputs.report.formats.word import render_word
from cf_pipeline.outputs.report.model import Cell, Report, ReportEdition, Table
from cf_pipeline.outputs.report.report_tables import CHART_TABLES
from tests.support import public_example as example
from tests.support.published_tables import with_views
from tests.support.released_numbers import (
    cells_of_hidden_figures,
    released_numbers,
    without_counts_of_measures,
)
from tests.support.report_example import LIMITS
from tests.support.report_texts import numbers_of, text_of_html, text_of_word

TABLES = with_views(example.tables(), "v_kpi_change")


def released_report(edition: ReportEdition, tables: Mapping[str, pd.DataFrame] = TABLES) -> Report:
    shown = {name: tables[name] for name in CHART_TABLES if name in tables}
    return report_content(shown, example.CODE, wording_limits=LIMITS, edition=edition)


@pytest.mark.parametrize("edition", [COMMITTEE, PUBLIC], ids=lambda edition: edition.name)
def test_every_number_of_page_and_word_file_stands_in_the_released_tables(edition: ReportEdition) -> None:
    report, known = released_report(edition), released_numbers(TABLES)
    page, word = render_html(report, draw_svg), render_word(report, None, draw_png)
    for text in (text_of_html(page), text_of_word(word)):
        shown = numbers_of([without_counts_of_measures(text)])
        assert shown - known == set()
    assert set(re.findall(r"https?://[^\"]*", page)) <= {"http://www.w3.org/2000/svg"}
    assert "<script" not in page


def tables_of(report: Report) -> list[Table]:
    blocks = (block for _, section in report.all_sections() for block in section.blocks)
    return [block for block in blocks if isinstance(block, Table)]


def test_a_hidden_figure_is_its_symbol_and_read_as_hidden() -> None:
    report = released_report(PUBLIC)
    cells = [cell for table in tables_of(report) for row in table.rows for cell in row.cells]
    hidden = [cell for cell in cells if cell.text == "c"]
    assert hidden and all(cell == Cell("c", is_figure=False, unseen="hidden") for cell in hidden)
    assert set(cells_of_hidden_figures(report, TABLES).values()) <= {"c"}
    page = render_html(report)
    assert page.count('<span aria-hidden="true">c</span><span class="unseen">hidden</span>') == len(hidden)
    assert "“c” stands for a figure that is hidden" in page


def test_what_a_release_does_not_hold_is_not_spoken_of() -> None:
    text = text_of_html(render_html(released_report(PUBLIC)))
    assert "The data behind this report" not in text
    assert "No errors are known" not in text
    assert "How right such forecasts were is not known" not in text
    columns = {name for table in tables_of(released_report(PUBLIC)) for name in table.columns}
    assert "Year-end forecast" in columns and "Year to date" not in columns
    assert "No measure that is shown changed by more than chance explains." in text


def test_of_a_kpi_shown_by_its_year_a_quarter_is_a_dash() -> None:
    title = TABLES["dim_kpi"].set_index("kpi_id").loc[example.YEAR_KPI, "title"]
    (row,) = (row for table in tables_of(released_report(PUBLIC)) for row in table.rows if row.title == title)
    assert {cell.unseen for cell in row.cells[:3]} == {"the year alone is shown"}
    assert "14" in [cell.text for cell in row.cells]


def test_with_every_figure_hidden_it_is_a_report_all_the_same() -> None:
    tables = with_views(example.tables_with_everything_hidden(), "v_kpi_change")
    report = released_report(PUBLIC, tables)
    assert not list(report.charts())
    assert "Hidden in every period shown: " in text_of_html(render_html(report))
