"""The good workbook that is mutated: three lists of a synthetic council, tidied, as rows of cells."""

from __future__ import annotations

import copy
import datetime as dt
import io
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl

from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.sample import write_sample

AS_AT = dt.date(2019, 12, 31)
LISTS = ("contacts", "children_in_need", "care_leavers")
"""An event list, a period list and a state: one of each kind of merging."""
SMALL_COUNCIL, SEED = 40, 8


@dataclass
class Table:
    """One sheet: its name, rows above the header, the header and the rows below; all may be changed."""

    contract: ListContract
    name: str
    headers: list[Any]
    rows: list[list[Any]]
    above: list[list[Any]] = field(default_factory=list)

    def position(self, column: str) -> int | None:
        """Where a column of the contract stands; None when it was renamed or dropped."""
        header = self.contract.column(column).header
        return self.headers.index(header) if header in self.headers else None


Book = list[Table]


@cache
def _tidy(folder: Path) -> Book:
    write_sample(folder, years=1, children=SMALL_COUNCIL, seed=SEED)
    path = next(folder.glob(f"*/{AS_AT}/Annex A *.xlsx"))
    book = openpyxl.load_workbook(path, data_only=True)
    numbered = {contract.number: contract for contract in list_contracts().values() if contract.name in LISTS}
    tables = []
    for number, contract in numbered.items():
        sheet = next(sheet for sheet in book if sheet.title in contract.sheet_names)
        headers, *rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        ids = headers.index(contract.column(contract.person).header)
        records = [row for row in rows if row[ids] is not None and str(row[ids])[-1].isdigit()]
        tables.append(Table(contract, f"List {number}", headers, records))
    return tables


def good_book(folder: Path) -> Book:
    """A copy of the good workbook; the folder keeps the sample it is taken from."""
    return copy.deepcopy(_tidy(folder))


def as_bytes(tables: Book, other_sheets: dict[str, list[list[Any]]] | None = None) -> bytes:
    """The tables as an .xlsx, one sheet each, further sheets behind them."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    sheets = [(table.name, [*table.above, table.headers, *table.rows]) for table in tables]
    for name, rows in [*sheets, *(other_sheets or {}).items()]:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
