"""Mutations that may lose or change what a workbook says: each must be told."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.fuzz.good_workbook import Book, Table

Mutation = Callable[[Book, random.Random], None]
NONSENSE = "Zzyzx"


def column_dropped(book: Book, chance: random.Random) -> None:
    table = chance.choice(book)
    at = chance.randrange(len(table.headers))
    del table.headers[at]
    for row in table.rows:
        del row[at]


def column_renamed(book: Book, chance: random.Random) -> None:
    table = chance.choice(book)
    table.headers[chance.randrange(len(table.headers))] = NONSENSE


def cell_garbled(book: Book, chance: random.Random) -> None:
    """A code, date, number or id that no reading makes sense of; free text means whatever it says."""
    table = chance.choice(book)
    typed = [column for column in table.contract.columns if column.type in ("date", "code", "integer", "age")]
    at = table.position(chance.choice(typed).name)
    if at is not None:
        chance.choice(table.rows)[at] = chance.choice([NONSENSE, "31/02/2019", "###", -99.5, "??"])


def id_lost(book: Book, chance: random.Random) -> None:
    table = chance.choice(book)
    chance.choice(table.rows)[_id(table)] = chance.choice([None, "", "1.2E+07", "unknown"])


def headers_gone(book: Book, chance: random.Random) -> None:
    table = chance.choice(book)
    table.headers = table.rows.pop(0) if chance.random() < 0.5 else [None] * len(table.headers)


def sheet_gone(book: Book, chance: random.Random) -> None:
    book.remove(chance.choice(book))


def other_column_again(book: Book, chance: random.Random) -> None:
    """A second column under a header that is there already, in front of it and with other values."""
    table = chance.choice(book)
    at = chance.randrange(len(table.headers))
    shuffled = [row[at] for row in table.rows]
    chance.shuffle(shuffled)
    table.headers.insert(0, table.headers[at])
    for row, cell in zip(table.rows, shuffled, strict=True):
        row.insert(0, cell)


def _id(table: Table) -> int:
    return table.position(table.contract.person) or 0


HARMFUL: dict[str, Mutation] = {
    mutate.__name__: mutate
    for mutate in (
        cell_garbled, id_lost, column_dropped, column_renamed, headers_gone, sheet_gone,
        other_column_again,
    )
}  # fmt: skip


def bits_flipped(content: bytes, chance: random.Random) -> bytes:
    """The file with one to three bits changed."""
    damaged = bytearray(content)
    for _ in range(chance.randint(1, 3)):
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def cut_short(content: bytes, chance: random.Random) -> bytes:
    """The file as a broken upload leaves it."""
    return content[: chance.randrange(len(content))]


DAMAGE: dict[str, Callable[[bytes, random.Random], bytes]] = {
    mutate.__name__: mutate for mutate in (bits_flipped, cut_short)
}
