"""`cf-pipeline check`: what files hold and what is wrong with them, without loading anything."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from cf_pipeline.cli.check_text import issue_lines, missing_lines, proposal_lines, unused_lines
from cf_pipeline.cli.console import print_line, print_lists
from cf_pipeline.cli.file_check import FileCheck, check_file
from cf_pipeline.ingest.files.formats.table import has_known_ending
from cf_pipeline.ingest.files.listing import walk_folder
from cf_pipeline.project.private_files import write_private
from cf_pipeline.quality.data_quality import combine_files
from cf_pipeline.quality.workbook_tables import workbook_tables

OK, FAILED, REFUSED = 0, 1, 2


def check_files(paths: Sequence[Path], *, as_json: bool, workbook: Path | None = None) -> int:
    """Parse and validate files (of folders: every spreadsheet in them), and print what was found.

    Args:
        paths: what to check.
        as_json: print one JSON object and nothing else.
        workbook: where to write the data-quality workbook of all of them, if anywhere.

    Returns:
        2 when a file is refused, else 0; 1 when the workbook cannot be written there.
    """
    files = _list_files(paths)
    if workbook is not None and (reason := _reason_not_to_write(workbook, files)):
        print_line(f"{workbook}: {reason}", error=True)
        return FAILED
    checks = [check_file(file) for file in files]
    if as_json:
        found = [check.to_json() for check in checks]
        print(
            json.dumps({"files": found, "mapping": [check.mapping_to_json() for check in checks]}, indent=2)
        )
    else:
        for check in checks:
            _print_check(check)
    if workbook is not None:
        is_written = _write_workbook(workbook, checks)
        if is_written and not as_json:
            print_line(f"Data-quality workbook: {workbook}")
    return REFUSED if any(check.refusal for check in checks) else OK


def _write_workbook(path: Path, checks: Sequence[FileCheck]) -> bool:
    """Write the workbook of the files that could be read; False when there is none.

    It holds no children: their pseudonyms need the key.
    """
    from cf_pipeline.outputs.workbook.data_quality import render_workbook  # noqa: PLC0415 - openpyxl

    files = {check.file: check.quality for check in checks if check.quality is not None}
    if files:
        write_private(path, render_workbook(workbook_tables(combine_files(files))))
    return bool(files)


def _list_files(paths: Sequence[Path]) -> list[Path]:
    """The files, and the spreadsheets of each folder; a folder without any is kept, to be refused by name."""
    files: list[Path] = []
    for path in paths:
        files += _spreadsheets(path) or [path]
    return files


def _spreadsheets(folder: Path) -> list[Path]:
    """What of a folder is read or refused by name: spreadsheets, links, devices, folders that are closed.

    Of a file, the file itself. A link to a folder is followed when it was named itself.
    """
    is_linked_folder = folder.is_symlink() and folder.is_dir()
    return [
        entry.path
        for entry in walk_folder(folder.resolve() if is_linked_folder else folder)
        if entry.kind not in ("file", "folder") or (entry.kind == "file" and has_known_ending(entry.path))
    ]


def _reason_not_to_write(workbook: Path, files: Sequence[Path]) -> str:
    if workbook.suffix.lower() != ".xlsx":
        return "the workbook's name must end in .xlsx; choose another name."
    if workbook.is_dir():
        return "it is a folder; choose another name."
    if workbook.resolve() in {file.resolve() for file in files}:
        return "it is one of the files to check, which are never written to; choose another name."
    return ""


def _print_check(check: FileCheck) -> None:
    if check.refusal:
        print_line(f"Refused: {check.file}: {check.refusal}")
        return
    print_line(check.file)
    if not check.is_dated:
        print_line("  No as-at date yet (it comes from the folder, the file's name or a title row):")
        print_line("  rules that need one were left out. Deliver it in a folder named YYYY-MM-DD.")
    print_lists(check.lists)
    if check.quality is not None and check.missing is not None:
        for lines in (
            missing_lines(check.missing),
            issue_lines(check.quality.issues),
            proposal_lines(check.quality.proposals),
            unused_lines(check.quality.manifest),
        ):
            for line in ["", *(f"  {text}" for text in lines)] if lines else []:
                print_line(line)
    print_line("")
