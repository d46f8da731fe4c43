"""Deliveries as files: workbooks, plain or in Ofsted's own layout, and CSV."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Literal

from cf_pipeline.sample.mess import Sheet
from cf_pipeline.sample.workbook import Cell, workbook_bytes

Layout = Literal["plain", "ofsted"]
LONGEST_NAME = 31
"""Excel's limit for the name of a sheet."""


def write_workbook(path: Path, sheets: list[Sheet], layout: Layout, as_at: dt.date) -> None:
    """One workbook with a sheet a list, and notes (plain) or a front sheet and guidance (ofsted)."""
    book: dict[str, list[list[Cell]]] = {}
    if layout == "ofsted":
        book["Front_Sheet"] = [["Child level data"], ["Lists 1 to 11"], [f"as at {as_at:%d/%m/%Y}"]]
        book["Guidance"] = _guidance(sheets)
    for sheet in sheets:
        number = sheet.contract.number
        rows: list[list[Cell]] = [[*sheet.headers], *sheet.rows]
        if number is None:
            book[next(iter(sheet.contract.sheet_names), sheet.contract.title)[:LONGEST_NAME]] = rows
        elif layout == "ofsted":
            book[f"List_{number}"] = [[f"List {number}: {sheet.contract.title}"], *rows]
        else:
            book[f"List {number}"] = rows
    if layout == "plain":
        book["Notes"] = [["Made by the sample case system: no real child."], [f"Run for {as_at:%d/%m/%Y}"]]
    path.write_bytes(workbook_bytes(book))


def write_csv(folder: Path, sheets: list[Sheet]) -> None:
    """One CSV a list, UTF-8 with a byte order mark as Excel writes it."""
    for sheet in sheets:
        number, title = sheet.contract.number, sheet.contract.title
        name = f"{sheet.contract.name}.csv" if number is None else f"List {number} - {title}.csv"
        with (folder / name).open("w", encoding="utf-8-sig", newline="") as lines:
            writer = csv.writer(lines)
            writer.writerow(sheet.headers)
            writer.writerows(sheet.rows)


def _guidance(sheets: list[Sheet]) -> list[list[Cell]]:
    rows: list[list[Cell]] = [["List", "Field", "What to enter"]]
    for sheet in sheets:
        number = sheet.contract.number
        rows.extend(
            [f"List {number}", column.header, column.description]
            for column in sheet.contract.columns
            if column.name != sheet.contract.source_id or column.header in sheet.headers
        )
    return rows
