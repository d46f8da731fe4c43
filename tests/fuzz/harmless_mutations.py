"""Mutations that change how a workbook is written and nothing of what it says."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

from cf_pipeline.clean.codes.match import match_code
from cf_pipeline.contracts.codes import codes_of
from tests.fuzz.good_workbook import Book, Table

Mutation = Callable[[Book, random.Random], None]
EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - Excel's days have no zone
DATE_SPELLINGS = (
    "%d/%m/%Y", "%Y-%m-%d", "%d-%b-%Y", "%d.%m.%Y", "%d %B %Y", "%Y-%m-%dT00:00:00", "%d/%m/%y",
)  # fmt: skip


def header_case(book: Book, chance: random.Random) -> None:
    change = chance.choice([str.upper, str.lower, str.title])
    for table in book:
        _respell(table, change)


def header_spacing(book: Book, chance: random.Random) -> None:
    space = chance.choice(["  ", "\u00a0", "\n", " \t"])
    for table in book:
        _respell(table, lambda header: f" {header.replace(' ', space)} ")


def header_without_spaces(book: Book, chance: random.Random) -> None:
    joint = chance.choice(["", "_"])
    for table in book:
        _respell(table, lambda header: header.replace(" ", joint))


def header_alias(book: Book, chance: random.Random) -> None:
    """A header becomes another name that the contract gives it."""
    table = chance.choice(book)
    named = [column for column in table.contract.columns if column.aliases and column.header in table.headers]
    if named:
        column = chance.choice(named)
        table.headers[table.headers.index(column.header)] = chance.choice(column.aliases)


def column_order(book: Book, chance: random.Random) -> None:
    for table in book:
        order = list(range(len(table.headers)))
        chance.shuffle(order)
        table.headers = [table.headers[at] for at in order]
        table.rows = [[row[at] for at in order] for row in table.rows]


def extra_column(book: Book, chance: random.Random) -> None:
    table = chance.choice(book)
    _insert(table, chance.randint(0, len(table.headers)), "Comment by the office", ["seen"] * len(table.rows))


def blank_column(book: Book, chance: random.Random) -> None:
    table = chance.choice(book)
    _insert(table, chance.randint(0, len(table.headers)), None, [None] * len(table.rows))


def same_column_again(book: Book, chance: random.Random) -> None:
    table = chance.choice(book)
    at = chance.randrange(len(table.headers))
    _insert(table, len(table.headers), table.headers[at], [row[at] for row in table.rows])


def row_order(book: Book, chance: random.Random) -> None:
    for table in book:
        chance.shuffle(table.rows)


def blank_rows(book: Book, chance: random.Random) -> None:
    for table in book:
        for _ in range(chance.randint(1, 4)):
            table.rows.insert(
                chance.randint(0, len(table.rows)), [chance.choice([None, " "])] * len(table.headers)
            )


def total_row(book: Book, chance: random.Random) -> None:
    for table in book:
        row: list[Any] = [None] * len(table.headers)
        at = table.position(table.contract.person)
        row[at if at is not None else 0] = chance.choice(
            ["Total", "Grand Total", "Count: 12", "End of report"]
        )
        table.rows.append(row)


def header_again(book: Book, chance: random.Random) -> None:
    table = chance.choice(book)
    table.rows.insert(len(table.rows) // 2, list(table.headers))


def title_above(book: Book, chance: random.Random) -> None:
    for table in book:
        table.above = [["Quarterly return"], *([None] for _ in range(chance.randint(0, 5)))]


def code_spelling(book: Book, chance: random.Random) -> None:
    """Each code becomes another of its own spellings: the code, Ofsted's string or the label."""
    for table in book:
        for column in table.contract.columns:
            at = table.position(column.name)
            if column.code_set is None or at is None:
                continue
            codes = {code.code: code for code in codes_of(column.code_set)}
            for row in table.rows:
                code = codes.get(match_code(column.code_set, str(row[at])).code or "")
                if code is not None:
                    spellings = {code.code, code.official, code.label, code.official.upper()} - {""}
                    row[at] = chance.choice(sorted(spellings))


def date_spelling(book: Book, chance: random.Random) -> None:
    for table in book:
        for row in table.rows:
            for at, cell in enumerate(row):
                if isinstance(cell, dt.datetime) and cell.time() == dt.time():
                    serial = (cell - EPOCH).days
                    texts = [cell.strftime(spelling) for spelling in DATE_SPELLINGS]
                    row[at] = chance.choice([cell, serial, float(serial), str(serial), *texts])


def id_spelling(book: Book, chance: random.Random) -> None:
    for table in book:
        at = table.position(table.contract.person)
        for row in table.rows if at is not None else []:
            if row[at] is not None:
                plain = str(row[at])
                row[at] = chance.choice([plain, f" {plain} ", f"{plain}\u00a0", plain.lower(), f"'{plain}"])


def sheet_names(book: Book, chance: random.Random) -> None:
    for table in book:
        names = [name for name in table.contract.sheet_names if len(name) <= 31]
        table.name = chance.choice([*names, table.name.upper()])


def sheet_order(book: Book, chance: random.Random) -> None:
    chance.shuffle(book)


def _respell(table: Table, change: Callable[[str], str]) -> None:
    """Changes the headers that are words: a row of cells may stand in for a lost header."""
    table.headers = [change(header) if isinstance(header, str) else header for header in table.headers]


def _insert(table: Table, at: int, header: Any, cells: list[Any]) -> None:
    table.headers.insert(at, header)
    for row, cell in zip(table.rows, cells, strict=True):
        row.insert(at, cell)


# Headers are respelt last: the others find their columns by Ofsted's header.
HARMLESS: dict[str, Mutation] = {
    mutate.__name__: mutate
    for mutate in (
        code_spelling, date_spelling, id_spelling, same_column_again, total_row, header_alias, row_order,
        blank_rows, header_again, column_order, extra_column, blank_column, title_above, sheet_names,
        sheet_order, header_case, header_spacing, header_without_spaces,
    )
}  # fmt: skip
