"""Which list a sheet is, and on which row its headers stand: headers score, the sheet's name decides ties."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from cf_pipeline.contracts.lists import ListContract, list_contracts
from cf_pipeline.ingest.headers import matched, squash

SCAN_ROWS = 25
"""Rows searched for the headers: title, as-at and blank rows stand above them."""
SHARED_BY = 3
"""A column that this many lists have (id, gender, ethnicity, ...) says little about which list it is."""
SHARED_WEIGHT = 0.25
NAMED_ENOUGH = 0.5
"""A sheet's name wins over headers that score up to twice as much: look-alikes differ in a column or two."""
FEWEST_COLUMNS = 3
FEWEST_UNNAMED = 5
"""Columns from which a sheet that lacks a required one is said to look like a list."""
LIST_NUMBER = re.compile(r"(?<![a-z])list[ _-]*0*(\d{1,2})(?!\d)", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """A list in a sheet: where its header row is (0-based) and which column stands where."""

    contract: ListContract
    header_row: int
    positions: dict[str, list[int]]
    score: float


@dataclass(frozen=True)
class Ambiguous:
    """Headers that fit several lists alike, with nothing in a name to decide."""

    lists: tuple[str, ...]


@dataclass(frozen=True)
class NearMiss:
    """A sheet that is a list by its name and headers but lacks the id or the key date."""

    list_name: str
    headers: tuple[str, ...]


def find_list(
    rows: Sequence[Sequence[str | None]], names: Sequence[str]
) -> Found | Ambiguous | NearMiss | None:
    """The list of a sheet from its first rows.

    `names` is the evidence of words, strongest first: the sheet's name, then the file's.
    None: no row looks like the headers of a list. Whole numbers only: `List 10` is not list 1.
    """
    for guess in (False, True):
        candidates = [
            found
            for row, cells in enumerate(rows[:SCAN_ROWS])
            if sum(cell is not None for cell in cells) > 1
            for found in _candidates(row, cells, names, guess=guess)
        ]
        if candidates:
            return _chosen(candidates, names)
    return _near_miss(rows[:SCAN_ROWS], names)


def _near_miss(rows: Sequence[Sequence[str | None]], names: Sequence[str]) -> NearMiss | None:
    """The list whose headers a row holds most of, one of its required columns apart.

    A sheet that nothing names for the list must hold the id or the key date: a table of codes does not.
    """
    nearest: tuple[int, NearMiss] | None = None
    for cells in rows:
        for contract in list_contracts().values() if sum(cell is not None for cell in cells) > 1 else ():
            columns = set(matched(contract, cells))
            missing = [column for column in contract.required if column not in columns]
            own = columns - _shared_columns()
            named = any(name_evidence(contract, name) == 2 for name in names)
            enough = len(columns) >= (FEWEST_COLUMNS if named else FEWEST_UNNAMED) and bool(own)
            if missing and enough and (named or len(missing) < len(contract.required)):
                headers = tuple(contract.column(column).header for column in missing)
                if nearest is None or len(columns) > nearest[0]:
                    nearest = len(columns), NearMiss(contract.name, headers)
    return nearest and nearest[1]


def _candidates(row: int, cells: Sequence[str | None], names: Sequence[str], *, guess: bool) -> list[Found]:
    found = []
    for contract in list_contracts().values():
        positions = matched(contract, cells)
        if guess and len(positions) >= FEWEST_COLUMNS - 1:
            positions = matched(contract, cells, guess=True)
        if not set(contract.required) <= set(positions):
            continue
        own = [column for column in positions if column not in _shared_columns()]
        fewest_own = 1 if contract.key_date else 2
        named = any(name_evidence(contract, name) for name in names)
        if len(own) < fewest_own or (len(positions) < FEWEST_COLUMNS and not named):
            continue
        score = len(own) + SHARED_WEIGHT * (len(positions) - len(own))
        found.append(Found(contract, row, positions, score))
    return found


def _chosen(candidates: list[Found], names: Sequence[str]) -> Found | Ambiguous:
    best = max(found.score for found in candidates)
    for name in names:
        evidence = {id(found): name_evidence(found.contract, name) for found in candidates}
        strongest = max(evidence.values())
        named = [found for found in candidates if evidence[id(found)] == strongest]
        top = max(named, key=lambda found: found.score)  # the first row of equal score
        one_list = len({found.contract.name for found in named if found.score == top.score}) == 1
        if strongest and one_list and top.score >= NAMED_ENOUGH * best:
            return top
    tops = [found for found in candidates if found.score == best]
    lists = tuple(dict.fromkeys(found.contract.name for found in tops))
    return tops[0] if len(lists) == 1 else Ambiguous(lists)


def name_evidence(contract: ListContract, name: str) -> int:
    """What a sheet's or file's name says for a list: 2 its number or name, 1 its name within it, else 0."""
    numbers = {int(number) for number in LIST_NUMBER.findall(name)}
    if numbers:
        return 2 if numbers == {contract.number} else 0
    squashed = squash(name)
    words = f" {' '.join(re.findall('[a-z0-9]+', name.casefold().replace('_', ' ')))} "
    strength = 0
    for known in (*contract.sheet_names, contract.name, contract.title):
        if squashed == squash(known):
            return 2
        within = " ".join(re.findall("[a-z0-9]+", known.casefold().replace("_", " ")))
        if not LIST_NUMBER.search(known) and f" {within} " in words:
            strength = 1
    return strength


@cache
def _shared_columns() -> frozenset[str]:
    uses = Counter(
        column for contract in list_contracts().values() for column in dict.fromkeys(contract.column_names)
    )
    return frozenset(column for column, count in uses.items() if count >= SHARED_BY)
