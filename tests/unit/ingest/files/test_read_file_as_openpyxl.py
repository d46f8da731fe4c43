"""Two readers agree: what is read equals what openpyxl reads, and a mark is where it does not."""

import datetime as dt
import tempfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cf_pipeline.ingest.files.encode_cells import cell_text
from cf_pipeline.ingest.files.formats.number_formats import pad_number
from cf_pipeline.ingest.files.limits import DEFAULT_LIMITS
from cf_pipeline.ingest.files.read_file import read_file

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("C",)), max_size=12).filter(
    lambda text: not text.startswith("=") and text == text.strip()
)
MOMENTS = st.datetimes(dt.datetime(1901, 1, 1), dt.datetime(2099, 12, 31)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0)
)
CELLS = st.one_of(
    st.none(),
    TEXTS,
    st.integers(-(10**9), 10**12),
    st.floats(-1e6, 1e6, allow_nan=False).map(lambda number: round(number, 6)),
    st.booleans(),
    MOMENTS,
    st.dates(dt.date(1901, 1, 1), dt.date(2099, 12, 31)),
    st.sampled_from(["#REF!", "#N/A", "=1+1", ("0000000", 123)]),
)


def read_by_openpyxl(path):
    """Sheet -> place -> text, and sheet -> places of errors and of formulas without a result."""
    texts, without_value = {}, {}
    values, written = (openpyxl.load_workbook(path, data_only=only) for only in (True, False))
    for sheet in values.worksheets:
        texts[sheet.title], without_value[sheet.title] = {}, set()
        for row in sheet.iter_rows():
            for cell in row:
                place = cell.row - 1, cell.column - 1
                formula = written[sheet.title].cell(cell.row, cell.column).data_type == "f"
                if cell.data_type == "e" or (formula and cell.value is None):
                    without_value[sheet.title].add(place)
                    continue
                text = pad_number(cell.value, cell.number_format) or cell_text(cell.value)
                if text is not None:
                    texts[sheet.title][place] = text
    return texts, without_value


def read_by_us(path):
    reading = read_file(path, DEFAULT_LIMITS)
    assert reading.refusal is None
    texts = {
        sheet.name: {
            (row, column): text
            for row, cells in enumerate(sheet.rows(sheet.height))
            for column, text in enumerate(cells)
            if text is not None
        }
        for sheet in reading.sheets
    }
    marked = {
        sheet.name: {
            (row, mark.column)
            for mark in sheet.marks
            if mark.kind in ("cell_error", "formula_not_calculated")
            for row in mark.rows
        }
        for sheet in reading.sheets
    }
    return texts, marked


@pytest.mark.samples
@pytest.mark.parametrize("name", ["liia_2022_Annex_A.xlsx", "ofsted_layout_2015-01-sample.xlsx"])
def test_both_readers_see_the_same_in_a_real_workbook(samples, name):
    path = samples / "annex_a" / name
    assert read_by_us(path) == read_by_openpyxl(path)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=6),
    at=st.tuples(st.integers(1, 9), st.integers(1, 9)),
)
def test_both_readers_see_the_same_in_any_workbook_and_no_row_is_lost(rows, at):
    book = openpyxl.Workbook()
    for down, row in enumerate(rows):
        for right, drawn in enumerate(row):
            number_format, value = drawn if isinstance(drawn, tuple) else (None, drawn)
            cell = book.active.cell(at[0] + down, at[1] + right, value)
            cell.number_format = number_format or cell.number_format
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "any.xlsx"
        book.save(path)
        ours, theirs = read_by_us(path), read_by_openpyxl(path)
    assert ours == theirs
