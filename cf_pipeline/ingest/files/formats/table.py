"""The table of file formats: one entry for each format that is read. `docs/adding_an_input_format.md`.

The parser process recognises and reads a file by it; the pipeline takes from it which files are read and what
a refusal says; the README and the documents are tested against it.
"""

from __future__ import annotations

from pathlib import Path

from cf_pipeline.ingest.files.formats import delimited_text, ods, xls, xlsb, xlsx, xlsx_second_reader
from cf_pipeline.ingest.files.formats.archive import check_archive, read_content, unpack_archive
from cf_pipeline.ingest.files.formats.calamine_workbook import read_workbook
from cf_pipeline.ingest.files.formats.file_format import FileFormat

FORMATS: tuple[FileFormat, ...] = (
    FileFormat(
        name="Excel workbook",
        endings=(".xlsx", ".xlsm"),
        recognised_by="a zip archive that is no other kind of workbook",
        recognise=xlsx.is_xlsx,
        check=check_archive,
        unpack=unpack_archive,
        read_sheets=read_workbook,
        second_reader=xlsx_second_reader.reread_suspect_sheets,
        find_far_cell=xlsx.find_far_cell,
    ),
    FileFormat(
        name="Excel binary workbook",
        endings=(".xlsb",),
        recognised_by="a zip archive that holds `xl/workbook.bin`",
        recognise=xlsb.is_xlsb,
        check=check_archive,
        read_sheets=read_workbook,
        find_error_cells=xlsb.find_error_cells,
        find_changed_numbers=xlsb.find_changed_numbers,
    ),
    FileFormat(
        name="Excel 97 workbook",
        endings=(".xls",),
        recognised_by="the first eight bytes of an OLE2 compound file",
        recognise=xls.is_xls,
        check=xls.check_password,
        read_sheets=read_workbook,
        find_error_cells=xls.find_error_cells,
        find_changed_numbers=xls.find_changed_numbers,
    ),
    FileFormat(
        name="OpenDocument spreadsheet",
        endings=(".ods",),
        recognised_by="a zip archive that holds `content.xml`",
        recognise=ods.is_ods,
        check=ods.check_ods,
        read_sheets=read_workbook,
        find_error_cells=ods.find_error_cells,
        find_changed_numbers=ods.find_changed_numbers,
    ),
    FileFormat(
        name="delimited text",
        endings=(".csv", ".tsv"),
        recognised_by="anything else that is text",
        recognise=delimited_text.is_any_content,
        check=delimited_text.check_not_markup,
        read_sheets=delimited_text.read_sheet,
        second_reader=delimited_text.find_wide_rows,
        reasons=delimited_text.REASONS,
        takes_any_content=True,
    ),
)
"""Tried from the top: the first that recognises a content reads it, so the one that takes any is the last."""


def recognise_format(path: Path) -> FileFormat:
    """The format of a file by its bytes; its name plays no part.

    Raises:
        UnreadableError: `empty_file`, or `corrupt` for a zip archive that cannot be opened.
    """
    content = read_content(path)
    return next(file_format for file_format in FORMATS if file_format.recognise(content))


def format_named(name: str) -> FileFormat:
    """The entry of this name.

    Raises:
        KeyError: there is none.
    """
    return {file_format.name: file_format for file_format in FORMATS}[name]


def has_known_ending(path: Path) -> bool:
    """Whether a file's name ends as one that is read; every other file is ignored."""
    return any(path.suffix.lower() in file_format.endings for file_format in FORMATS)


def format_reasons() -> dict[str, str]:
    """The refusals that single formats know: kind -> sentence."""
    return {kind: text for file_format in FORMATS for kind, text in file_format.reasons.items()}


def list_endings() -> str:
    """Every ending that is read, in words: '.xlsx, .xlsm and .csv'."""
    endings = [ending for file_format in FORMATS for ending in file_format.endings]
    return f"{', '.join(endings[:-1])} and {endings[-1]}"
