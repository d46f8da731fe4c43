"""Which headers mean which column of a list: its own header and its names in other systems.

Two spellings are equal when their letters and digits are. Headers that only come close, or fit a pattern, are
matched in `ingest/tables/match_headers.py`.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.words.headers import squash, squash_without_extras


class HeaderWords(NamedTuple):
    """The headers of one list, squashed.

    `exact`: header -> column. `plain`: the same, and headers without their extras. `spellings`: column ->
    every way to write it.
    """

    exact: dict[str, str]
    plain: dict[str, str]
    spellings: dict[str, tuple[str, ...]]


@cache
def header_words(list_name: str) -> HeaderWords:
    """The headers that mean a column of a list.

    A spelling that two columns share belongs to the first that has it as its own header. A spelling without
    its extras that two columns share belongs to neither.
    """
    contract = list_contracts()[list_name]
    exact: dict[str, str] = {}
    plain: dict[str, str] = {}
    spellings: dict[str, tuple[str, ...]] = {}
    for column in contract.columns:
        exact.setdefault(squash(column.header), column.name)
    for column in contract.columns:
        written = (column.header, column.name, *column.aliases)
        for text in written:
            exact.setdefault(squash(text), column.name)
        spellings[column.name] = tuple(dict.fromkeys(map(squash, written)))
    claims: dict[str, set[str]] = {}
    for column in contract.columns:
        for text in (column.header, *column.aliases):
            claims.setdefault(squash_without_extras(text), set()).add(column.name)
    for text, names in claims.items():
        if len(names) == 1 and text not in exact:
            plain[text] = next(iter(names))
    return HeaderWords(exact, plain | exact, spellings)


def is_header_of(contract: ListContract, column: str, text: str) -> bool:
    """Whether a cell holds the column's own header: a header row repeated further down."""
    words = header_words(contract.name)
    return words.exact.get(squash(text)) == column or words.plain.get(squash_without_extras(text)) == column
