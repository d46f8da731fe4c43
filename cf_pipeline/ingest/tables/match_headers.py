"""Headers in files to canonical columns: exact alias, without brackets, anchored pattern, close spelling.

Never by position, and never by part of a header: "age" would match "Language" and "Stage 1 started".
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from types import MappingProxyType

from rapidfuzz import fuzz

from cf_pipeline.contracts.header_words import header_words
from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.words.headers import squash, squash_without_extras

CLOSE_SCORE = 90
"""rapidfuzz ratio from which a header may be a misspelling of an alias."""
LEAST_LEAD = 3
"""Points by which the best column's score must exceed any other column's."""
SHORTEST_GUESSED = 8
"""Squashed letters below which a spelling is never guessed."""

NUMBER = r"(id|idnumber|idno|identifier|reference|referencenumber|ref|refno|number|no)"
"""How the header of an identifier ends, squashed."""
PATTERNS: dict[str, str] = {
    "child_id": r"(the)?(mosaic|eclipse|lcs|ics|liquidlogic|carefirst|protocol|unique|system|case)?"
    r"(childs?|clients?|persons?|serviceusers?|youngpersons?|unique|lcs|lac|ics|mosaic|eclipse|liquidlogic|"
    r"carefirst|protocol)(unique|system|record|file)?" + NUMBER,
    "date_of_birth": r"(pers|person|childs?|clients?|expected|actual|estimated)*"
    r"(dateofbirth|dob|birthdate|edd)(orexpected(dateofbirth|dob)?|orduedate)?",
    "age_reported": r"(childs?|current)?age(of(the)?child)?(in)?(years|yrs)?(at\w{0,30})?",
    "gender": r"(pers|person|childs?|clients?)(gender|sex)(code|description|desc)?",
    "ethnicity": r"(childs?|clients?)?(ethnicity|ethnicorigin|ethnicgroup)(code|description|desc)?",
    "has_disability": r"(doesthe)?(child|childs|is|has)(have|has|the)?(child)?(a)?(disabled|disability)(yn)?",
    "allocated_team": r"(allocated|current|case|responsible)(social)?(work)?team(name)?",
    "allocated_worker": r"(allocated|current|case|responsible|lead)(social)?(case)?worker(name)?",
}
"""Whole-header patterns for the columns that every list shares, on squashed text."""

PUPIL_NUMBER = rf"(pers|persons?|childs?|current|latest)?(unique)?(upn(number|no)?|pupils?(unique)?{NUMBER})"
LAST_RESORTS: tuple[tuple[str, str], ...] = (
    (
        "child_id",
        r"(the)?(mosaic|eclipse|lcs|ics|liquidlogic|system|unique)?case(unique|system|record|file)?" + NUMBER,
    ),
    ("child_id", PUPIL_NUMBER),
)
"""Patterns of headers that are the column when no other header of the row is, the first of them first.

A case may be of several children. The pupil number (UPN) is the school's: under fives have none, and it
changes on adoption (docs/rulings.md#21). A former UPN, an NHS number and a ULN never stand for the id.
"""

OPPOSITES = (
    "start began open",
    "end ceased closed closure completed",
    "due next",
    "offered",
    "accepted",
    "missing",
    "absent away",
    "initial first",
    "latest last recent",
    "1",
    "2",
    "6",
    "12",
    "reason",
    "type",
    "date",
    "team",
    "worker",
)
"""Words that distinguish one column from its neighbour: two headers that differ in one are never close."""

NO_COUNCIL_HEADERS: Mapping[str, str] = MappingProxyType({})


def match_headers(
    contract: ListContract,
    headers: Sequence[str | None],
    *,
    guess: bool = False,
    council_headers: Mapping[str, str] = NO_COUNCIL_HEADERS,
) -> dict[str, list[int]]:
    """Find the columns of a list among the headers of a row.

    Args:
        contract: the list.
        headers: the cells of the row; None: an empty cell.
        guess: also accept close spellings.
        council_headers: squashed header -> column, from the council's mapping; they win over all others.

    Returns:
        Column -> the positions of its headers, of several the official one first; the column is read from
        the first with values. A weaker kind of match is used only for a column without a stronger one.
    """
    positions_to_match = _positions_to_match(tuple(headers), is_any=guess or bool(council_headers))
    if not positions_to_match:
        return {}
    words = header_words(contract.name)
    positions_of: dict[str, list[int]] = {}
    unmatched: list[int] = []
    for position in positions_to_match:
        text = squash(headers[position] or "")
        column = council_headers.get(text) or words.exact.get(text)
        if column is None:
            unmatched.append(position)
        else:
            positions_of.setdefault(column, []).append(position)
    for column, positions in positions_of.items():
        if len(positions) > 1:
            positions_of[column] = _in_order(
                contract.column(column).header, headers, positions, council_headers
            )
    exact_columns = set(positions_of)
    for position in unmatched:
        header = headers[position] or ""
        column = words.plain.get(squash_without_extras(header)) or _column_by_pattern(contract, header)
        if column is not None and column not in exact_columns:
            positions_of.setdefault(column, []).append(position)
    positions_of |= _last_resorts(contract, headers, unmatched, positions_of)
    if guess:
        used = {position for positions in positions_of.values() for position in positions}
        unused = [position for position in unmatched if position not in used]
        for position, column in _close_spellings(contract, headers, unused, positions_of):
            positions_of.setdefault(column, []).append(position)
    return positions_of


def _in_order(
    official: str, headers: Sequence[str | None], positions: list[int], council_headers: Mapping[str, str]
) -> list[int]:
    """The positions of the council's own headers alone where there are any; else the official one first."""
    texts = {position: squash(headers[position] or "") for position in positions}
    of_the_council = [position for position in positions if texts[position] in council_headers]
    return of_the_council or sorted(positions, key=lambda position: texts[position] != squash(official))


def is_pupil_number(header: str) -> bool:
    """Whether a header is the unique pupil number (UPN)."""
    return re.fullmatch(PUPIL_NUMBER, squash_without_extras(header)) is not None


def _last_resorts(
    contract: ListContract,
    headers: Sequence[str | None],
    positions: Sequence[int],
    positions_of: Mapping[str, list[int]],
) -> dict[str, list[int]]:
    """The columns without a header of their own that `LAST_RESORTS` finds; a misspelt header comes first."""
    found: dict[str, list[int]] = {}
    used = {position for several in positions_of.values() for position in several}
    for column, pattern in LAST_RESORTS:
        if column not in contract.column_names or column in positions_of or column in found:
            continue
        fitting = [p for p in positions if re.fullmatch(pattern, squash_without_extras(headers[p] or ""))]
        if fitting:
            rest = [p for p in range(len(headers)) if p not in used and p not in fitting]
            close = _close_spellings(contract, headers, rest, positions_of)
            found[column] = [position for position, name in close if name == column] or fitting
    return found


@lru_cache(maxsize=1024)
def _positions_to_match(headers: tuple[str | None, ...], *, is_any: bool) -> tuple[int, ...]:
    """The positions of any header, or of those of a list: most rows searched are records and have none."""
    cells = enumerate(headers)
    return tuple(position for position, header in cells if header and (is_any or _is_known(header)))


@lru_cache(maxsize=65536)
def _is_known(header: str) -> bool:
    """Whether any list has the header without a guess."""
    known = _headers_of_all_lists()
    without_extras = squash_without_extras(header)
    return (
        squash(header) in known
        or without_extras in known
        or bool(_columns_of_pattern(without_extras))
        or any(re.fullmatch(pattern, without_extras) for _, pattern in LAST_RESORTS)
    )


@cache
def _headers_of_all_lists() -> frozenset[str]:
    return frozenset(header for name in list_contracts() for header in header_words(name).plain)


def _column_by_pattern(contract: ListContract, header: str) -> str | None:
    columns = _columns_of_pattern(squash_without_extras(header))
    return next((column for column in columns if column in contract.column_names), None)


@lru_cache(maxsize=8192)
def _columns_of_pattern(text: str) -> tuple[str, ...]:
    return tuple(column for column, pattern in PATTERNS.items() if re.fullmatch(pattern, text))


def _close_spellings(
    contract: ListContract,
    headers: Sequence[str | None],
    positions: Iterable[int],
    matched_columns: Container[str],
) -> list[tuple[int, str]]:
    """(position, column) of each header that is close to one column only, and that column to it only."""
    spellings = header_words(contract.name).spellings
    close: list[tuple[int, str]] = []
    for position in positions:
        text = squash(headers[position] or "")
        if len(text) < SHORTEST_GUESSED:
            continue
        scores = {
            column: max(_closeness(text, alias) for alias in aliases) for column, aliases in spellings.items()
        }
        best = max(scores, key=lambda column: scores[column])
        second = max((score for column, score in scores.items() if column != best), default=0.0)
        if best in matched_columns:
            continue
        if scores[best] >= CLOSE_SCORE and scores[best] - second >= LEAST_LEAD:
            close.append((position, best))
    columns = [column for _, column in close]
    return [(position, column) for position, column in close if columns.count(column) == 1]


def _closeness(text: str, alias: str) -> float:
    """The rapidfuzz ratio; 0 when it is low or when a word of `OPPOSITES` is in one of the two alone."""
    score = fuzz.ratio(text, alias, score_cutoff=CLOSE_SCORE - LEAST_LEAD)
    return score if score and _same_kind(text, alias) else 0.0


def _same_kind(text: str, alias: str) -> bool:
    return all(
        any(word in text for word in group.split()) == any(word in alias for word in group.split())
        for group in OPPOSITES
    )
