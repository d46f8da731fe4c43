"""The files of an export: what each type of cell becomes, and that no text is calculated by a spreadsheet."""

from __future__ import annotations

import csv
import io
import re

import pandas as pd
import pyarrow.parquet as pq
from hypothesis import example, given
from hypothesis import strategies as st

from cf_pipeline.contracts.tables import TableColumn, TableContract
from cf_pipeline.outputs.data_package.table_files import text_without_formula, write_csv, write_parquet

TABLE = TableContract(
    "published_v1",
    "example",
    "An example",
    (
        TableColumn("code", "string", "its code", is_key=True),
        TableColumn("count", "integer", "how many"),
        TableColumn("share", "number", "how much"),
        TableColumn("is_newest", "boolean", "whether it is"),
        TableColumn("day", "date", "when"),
        TableColumn("moment", "datetime", "exactly when"),
    ),
)
ROWS = [
    ("a", 1, 57.5, True, "2020-02-29", "2020-02-29 10:11:12.345678"),
    ("", None, None, None, None, None),
    ('say "é", twice\nor more', -2, -0.1, False, "1999-12-31", "1999-12-31"),
]
SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def frame(rows=ROWS) -> pd.DataFrame:
    columns = pd.DataFrame(rows, columns=TABLE.column_names)
    columns["day"], columns["moment"] = (
        pd.to_datetime(columns[name], format="ISO8601") for name in ("day", "moment")
    )
    return columns.astype(TABLE.dtypes)


def csv_of(*parts: pd.DataFrame, table: TableContract = TABLE) -> bytes:
    file = io.BytesIO()
    assert write_csv(file, table, iter(parts)) == sum(map(len, parts))
    return file.getvalue()


def cells_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def text_in_csv(text: str) -> str:
    table = TableContract("published_v1", "texts", "Texts", (TableColumn("text", "string", "a text"),))
    _, (cell,) = cells_of(csv_of(pd.DataFrame({"text": pd.Series([text], dtype="str")}), table=table))
    return cell


def test_a_csv_file_is_utf_8_for_excel_with_iso_dates_and_empty_cells_for_no_value():
    content = csv_of(frame())
    assert content.startswith(b"\xef\xbb\xbf")
    assert cells_of(content) == [
        TABLE.column_names,
        ["a", "1", "57.5", "true", "2020-02-29", "2020-02-29T10:11:12.345678Z"],
        ["", "", "", "", "", ""],
        ['say "é", twice\nor more', "-2", "-0.1", "false", "1999-12-31", "1999-12-31T00:00:00.000000Z"],
    ]


def test_an_empty_text_is_told_from_no_text_by_its_quotation_marks():
    table = TableContract("published_v1", "texts", "Texts", (TableColumn("text", "string", "a text"),))
    texts = pd.DataFrame({"text": pd.Series(["", None], dtype="str")})
    assert csv_of(texts, table=table).decode("utf-8-sig").splitlines() == ['"text"', '""', ""]


def test_parts_follow_each_other_under_one_header():
    rows = frame()
    assert csv_of(rows.iloc[:1], rows.iloc[:0], rows.iloc[1:]) == csv_of(rows)
    assert cells_of(csv_of(rows.iloc[:0])) == [TABLE.column_names]


def test_a_parquet_file_has_the_rows_the_types_and_the_words():
    file, rows = io.BytesIO(), frame()
    assert write_parquet(file, TABLE, iter([rows.iloc[:2], rows.iloc[2:]])) == 3
    table = pq.read_table(file)
    assert [str(field.type) for field in table.schema] == [
        *("string", "int64", "double", "bool", "date32[day]", "timestamp[us, tz=UTC]")
    ]
    assert table.column("code").to_pylist() == [row[0] for row in ROWS]
    assert table.column("share").to_pylist() == [57.5, None, -0.1]
    assert table.schema.field("share").metadata == {b"description": b"how much"}
    assert not table.schema.field("code").nullable
    assert table.schema.metadata[b"title"] == b"An example"


@given(st.sampled_from(SIGNS), st.text(st.characters(exclude_categories=["Cs"])))
@example("=", 'HYPERLINK("http://example.org")')
@example("-", "")
def test_a_text_that_begins_like_a_formula_is_text(sign, rest):
    assert text_in_csv(sign + rest) == text_without_formula(sign + rest) == f"'{sign}{rest}"


@given(st.text(st.characters(exclude_categories=["Cs"])))
@example("'=1")
@example("''+")
@example("1-4")
@example("'quoted'")
def test_every_text_can_be_told_from_its_cell(text):
    cell = text_in_csv(text)
    assert text_without_formula(text) == cell
    assert not cell.startswith(SIGNS)
    is_marked = re.match(f"'+[{re.escape(''.join(SIGNS))}]", cell)
    assert (cell[1:] if is_marked else cell) == text


def test_a_negative_number_stays_a_number():
    assert cells_of(csv_of(frame()))[3][1:3] == ["-2", "-0.1"]
