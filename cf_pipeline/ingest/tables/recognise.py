"""Which list a sheet is, and on which row its headers stand.

Headers that are exactly those of a contract are that list, whatever the sheet is called. Otherwise headers
score, and the sheet's name decides between lists of similar scores (docs/rulings.md#33).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from cf_pipeline.contracts.header_words import squash
from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.mapping import NO_MAPPING, CouncilMapping
from cf_pipeline.ingest.tables.header_rows import HeaderFit, Headers, Range, header_fits
from cf_pipeline.ingest.tables.match_headers import NO_COUNCIL_HEADERS

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
    """A list in a sheet: where its header row is (0-based) and which column stands where.

    `uses_all`: every header of the row is a column of the list. `headers` are the texts of the header row, of
    two-row headers both joined, the first of which is `top`; `end_row` is the first row (0-based) that is no
    longer the list's, None when it runs to the end of the sheet.
    """

    contract: ListContract
    header_row: int
    positions: dict[str, list[int]]
    score: float
    headers: Headers = ()
    end_row: int | None = None
    top: int = 0
    uses_all: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether the headers are the list's, all of them and no other."""
        return self.uses_all and len(self.positions) == len(self.contract.columns)


@dataclass(frozen=True)
class Ambiguous:
    """Headers that fit several lists alike, with nothing in a name to decide."""

    lists: tuple[str, ...]


@dataclass(frozen=True)
class NearMiss:
    """A sheet that is a list by its name and headers but lacks the id or the key date.

    `missing` are the official headers it lacks, `fit` is the row that came nearest.
    """

    list_name: str
    missing: tuple[str, ...]
    fit: HeaderFit | None = field(default=None, compare=False)


Result = Found | Ambiguous | NearMiss | None


def find_list(
    rows: Sequence[Sequence[str | None]],
    names: Sequence[str],
    mapping: CouncilMapping = NO_MAPPING,
    merged_ranges: Sequence[Range] = (),
) -> Result:
    """The list of a sheet from its first rows.

    `names` is the evidence of words, strongest first: the sheet's name, then the file's. `mapping` is what
    the council says of its sheets and headers; `merged_ranges` are the sheet's merged ranges.
    None: no row looks like the headers of a list. Whole numbers only: `List 10` is not list 1.
    """
    rows = rows[:SCAN_ROWS]
    contracts, own = _possible(names, mapping), _own_headers(mapping)
    fits: dict[str, list[HeaderFit]] = {}
    for guess in (False, True):
        fits = {
            name: header_fits(
                contract, rows, merged_ranges, guess=guess, council_headers=own.get(name, NO_COUNCIL_HEADERS)
            )
            for name, contract in contracts.items()
        }
        candidates = [
            found
            for name, contract in contracts.items()
            for found in _candidates(contract, fits[name], names, guess=guess)
        ]
        if candidates:
            top = min(found.top for found in candidates)  # the first table: what is below is looked for later
            return _chosen([found for found in candidates if found.top == top], names)
        if guess is False:
            near_miss = _near_miss(contracts, fits, names, said=len(contracts) == 1)
    return near_miss


def _possible(names: Sequence[str], mapping: CouncilMapping) -> dict[str, ListContract]:
    """Every list, or the one that the council says this sheet is."""
    said = {squash(sheet): list_name for sheet, list_name in mapping.sheets.items()}
    list_name = said.get(squash(names[0])) if names else None
    contracts = list_contracts()
    return contracts if list_name is None else {list_name: contracts[list_name]}


def _own_headers(mapping: CouncilMapping) -> dict[str, dict[str, str]]:
    """List -> the council's header, squashed -> column."""
    return {
        name: {squash(header): column for header, column in words.items()}
        for name, words in mapping.headers.items()
    }


def _near_miss(
    contracts: dict[str, ListContract], fits: dict[str, list[HeaderFit]], names: Sequence[str], *, said: bool
) -> NearMiss | None:
    """The list whose headers a row holds most of, one of its required columns apart.

    A sheet that nothing names for the list must hold the id or the key date: a table of codes does not.
    """
    nearest: NearMiss | None = None
    most = 0
    for contract in contracts.values():
        named = said or any(name_evidence(contract, name) == 2 for name in names)
        for fit in fits[contract.name]:
            columns = set(fit.positions)
            missing = [column for column in contract.required if column not in columns]
            own = columns - _shared_columns()
            # A list of few columns needs all the others.
            others = len(contract.columns) - len(missing)
            fewest = FEWEST_COLUMNS if named else max(FEWEST_COLUMNS, min(FEWEST_UNNAMED, others))
            enough = len(columns) >= fewest and bool(own)
            if (
                missing
                and enough
                and (named or len(missing) < len(contract.required))
                and len(columns) > most
            ):
                most = len(columns)
                headers = tuple(contract.column(column).header for column in missing)
                nearest = NearMiss(contract.name, headers, fit)
    return nearest


def _candidates(
    contract: ListContract, fits: Sequence[HeaderFit], names: Sequence[str], *, guess: bool
) -> list[Found]:
    """The rows that can be the list's headers: exactly its own, or with enough columns that are its alone."""
    named = any(name_evidence(contract, name) for name in names)
    fewest_own = 1 if contract.key_date else 2
    candidates = []
    for fit in fits:
        if not set(contract.required) <= set(fit.positions):
            continue
        own = [column for column in fit.positions if column not in _shared_columns()]
        score = len(own) + SHARED_WEIGHT * (len(fit.positions) - len(own))
        uses_all = not guess and _uses_all(fit)
        found = Found(contract, fit.row, fit.positions, score, fit.headers, top=fit.top, uses_all=uses_all)
        has_enough = len(own) >= fewest_own and (named or len(fit.positions) >= FEWEST_COLUMNS)
        if has_enough or found.is_exact:
            candidates.append(found)
    return candidates


def _uses_all(fit: HeaderFit) -> bool:
    """Whether every header of the row is a column of the list."""
    used = {at for positions in fit.positions.values() for at in positions}
    return all(at in used for at, header in enumerate(fit.headers) if header)


def _chosen(candidates: list[Found], names: Sequence[str]) -> Found | Ambiguous:
    """The candidate that a name decides for, else the one with the best score.

    Where the headers are exactly a list's own, only a list that has all of these headers too can compete with
    it, and a name alone decides between the two.
    """
    exact = any(found.is_exact for found in candidates)
    if exact:
        candidates = [found for found in candidates if found.uses_all]
    best = max(found.score for found in candidates)
    for name in names:
        evidence = {id(found): name_evidence(found.contract, name) for found in candidates}
        strongest = max(evidence.values())
        named = [found for found in candidates if evidence[id(found)] == strongest]
        top = max(named, key=lambda found: found.score)
        one_list = len({found.contract.name for found in named if found.score == top.score}) == 1
        if strongest and one_list and top.score >= NAMED_ENOUGH * best:
            return top
    tops = [found for found in candidates if exact or found.score == best]
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
