"""The table of file formats: one entry a format, and every document is written from it."""

import subprocess
import sys
from pathlib import Path

import pytest

from cf_pipeline.ingest.files.formats.file_format import FileContent
from cf_pipeline.ingest.files.formats.table import FORMATS, format_named, has_known_ending, list_endings
from cf_pipeline.ingest.files.read_file import PARSER_PROGRAM
from cf_pipeline.ingest.refusals import REASONS, refusal_sentence

ROOT = Path(__file__).parents[5]
START = "os._exit(parser_process.main(sys.argv[1]))"
ENTRIES = [entry for file_format in FORMATS for entry in file_format.reasons]


def test_a_name_and_an_ending_belong_to_one_format():
    endings = [ending for file_format in FORMATS for ending in file_format.endings]
    assert len(set(endings)) == len(endings)
    assert [format_named(file_format.name) for file_format in FORMATS] == list(FORMATS)


def test_the_last_format_and_no_other_takes_any_content():
    assert [file_format.takes_any_content for file_format in FORMATS] == [False] * (len(FORMATS) - 1) + [True]
    unknown = FileContent(b"anything")
    assert [file_format.recognise(unknown) for file_format in FORMATS] == [False] * (len(FORMATS) - 1) + [
        True
    ]


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        ({"xl/workbook.xml"}, "Excel workbook"),
        ({"xl/workbook.bin"}, "Excel binary workbook"),
        ({"content.xml"}, "OpenDocument spreadsheet"),
        ({"xl/workbook.xml", "xl/workbook.bin", "content.xml"}, "Excel workbook"),
        ({"letter.txt"}, "Excel workbook"),
    ],
)
def test_an_archive_is_known_by_the_parts_in_it(parts, name):
    content = FileContent(b"PK\x03\x04", frozenset(parts))
    assert next(file_format.name for file_format in FORMATS if file_format.recognise(content)) == name


@pytest.mark.parametrize("name", ["a.xlsx", "a.XLSM", "a.xlsb", "a.xls", "a.ods", "a.csv", "a.TSV"])
def test_an_ending_is_known_in_either_case(name):
    assert has_known_ending(Path(name))


def test_another_ending_is_not_read():
    assert not has_known_ending(Path("letter.docx"))


@pytest.mark.parametrize("kind", ENTRIES)
def test_the_reasons_of_a_format_are_its_own_and_give_a_sentence(kind):
    assert kind not in REASONS
    assert refusal_sentence("hackney/2019-12-31/a.csv", kind).startswith("hackney/2019-12-31/a.csv: ")


def test_the_readme_names_every_ending():
    assert f"- {list_endings()} files are read" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_guide_lists_every_format():
    lines = (ROOT / "docs/adding_an_input_format.md").read_text(encoding="utf-8").splitlines()
    table = lines[lines.index("## The formats today") + 4 :]
    assert table[: len(FORMATS) + 1] == [*map(guide_line, FORMATS), ""]


def guide_line(file_format):
    """The line of the guide's table for one format."""
    first, second = ("found in the file", "not found") if file_format.find_error_cells else ("none", "none")
    if file_format.second_reader and not file_format.takes_any_content:  # a text has no such cells
        first = second = "second reader"
    endings = " ".join(file_format.endings)
    return f"| {file_format.name} | {endings} | {file_format.recognised_by} | {first} | {second} |"


def test_the_parser_process_starts_without_pandas():
    program = PARSER_PROGRAM.replace(START, "print(*sys.modules)")
    assert program != PARSER_PROGRAM
    started = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True
    )
    loaded = set(started.stdout.split())
    assert "cf_pipeline.ingest.files.parser_process" in loaded
    assert not loaded & {"pandas", "pyarrow", "openpyxl", "olefile", "defusedxml"}
