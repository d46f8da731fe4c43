"""Headers in files to canonical columns: exact alias, without brackets, anchored pattern, close spelling.

Never by position, and never by a loose pattern: "age" would take "Language" and "Stage 1 started".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from types import MappingProxyType

from rapidfuzz import fuzz

from cf_pipeline.contracts.header_words import header_words, squash, squash_without_extras
from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.lists import list_contracts

CLOSE = 90
"""rapidfuzz ratio from which a header may be a misspelling of an alias."""
CLEARLY = 3
"""Points by which the best must beat any other column's best."""
SHORTEST = 8
"""Squashed letters below which a spelling is never guessed."""

PATTERNS: dict[str, str] = {
    "child_id": r"(the)?(mosaic|eclipse|lcs|ics|liquidlogic|carefirst|protocol|unique|system|case)?"
    r"(childs?|clients?|persons?|serviceusers?|youngpersons?|pupils?|case|unique|lcs|lac|ics|mosaic|eclipse|"
    r"liquidlogic|carefirst|protocol)(unique|system|record|file)?"
    r"(id|idnumber|idno|identifier|reference|referencenumber|ref|refno|number|no)",
    "date_of_birth": r"(pers|person|childs?|clients?|expected|actual|estimated)*"
    r"(dateofbirth|dob|birthdate|edd)(orexpected(dateofbirth|dob)?|orduedate)?",
    "age_reported": r"(childs?|current)?age(of(the)?child)?(in)?(years|yrs)?(at\w{0,30})?",
    "gender": r"(pers|person|childs?|clients?)(gender|sex)(code|description|desc)?",
    "ethnicity": r"(childs?|clients?)?(ethnicity|ethnicorigin|ethnicgroup)(code|description|desc)?",
    "has_disability": r"(doesthe)?(child|childs|is|has)(have|has|the)?(child)?(a)?(disabled|disability)(yn)?",
    "allocated_team": r"(allocated|current|case|responsible)(social)?(work)?team(name)?",
    "allocated_worker": r"(allocated|current|case|responsible|lead)(social)?(case)?worker(name)?",
}
"""Whole-header patterns for the columns every list shares, on squashed text."""

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
"""Words that tell one column from its neighbour: two headers that differ in one are never 'close'."""

NOTHING_OWN: Mapping[str, str] = MappingProxyType({})


def matched(
    contract: ListContract,
    headers: Sequence[str | None],
    *,
    guess: bool = False,
    own: Mapping[str, str] = NOTHING_OWN,
) -> dict[str, list[int]]:
    """Column name -> positions of the headers that mean it, best evidence first.

    Several positions are several columns under one name; the reader takes the first with values.
    `guess` adds close spellings. `own` is what the council says of its headers, squashed: it wins over all.
    """
    exact, plain, _ = header_words(contract.name)
    found: dict[str, list[int]] = {}
    left: list[int] = []
    for position, header in enumerate(headers):
        if not header:
            continue
        if not (guess or own or _is_known(header)):
            continue  # a word of no list: most cells of the rows searched are records
        text = squash(header)
        column = own.get(text) or exact.get(text)
        if column is None:
            left.append(position)
        else:
            found.setdefault(column, []).append(position)
    for column, positions in found.items() if own else ():
        found[column] = [at for at in positions if squash(headers[at] or "") in own] or positions
    certain = set(found)
    for position in left:
        header = headers[position] or ""
        column = plain.get(squash_without_extras(header)) or _by_pattern(contract, header)
        if column is not None and column not in certain:
            found.setdefault(column, []).append(position)
    if guess:
        taken = {position for positions in found.values() for position in positions}
        open_positions = [position for position in left if position not in taken]
        for position, column in _close_spellings(contract, headers, open_positions, found):
            found.setdefault(column, []).append(position)
    return found


@lru_cache(maxsize=65536)
def _is_known(header: str) -> bool:
    """Whether any list knows the header without a guess."""
    words = _words_of_any_list()
    return (
        squash(header) in words
        or squash_without_extras(header) in words
        or bool(_columns_of_pattern(squash_without_extras(header)))
    )


@cache
def _words_of_any_list() -> frozenset[str]:
    return frozenset(word for name in list_contracts() for word in header_words(name)[1])


def _by_pattern(contract: ListContract, header: str) -> str | None:
    columns = _columns_of_pattern(squash_without_extras(header))
    return next((column for column in columns if column in contract.column_names), None)


@lru_cache(maxsize=8192)
def _columns_of_pattern(text: str) -> tuple[str, ...]:
    return tuple(column for column, pattern in PATTERNS.items() if re.fullmatch(pattern, text))


def _close_spellings(
    contract: ListContract,
    headers: Sequence[str | None],
    positions: Iterable[int],
    found: dict[str, list[int]],
) -> list[tuple[int, str]]:
    _, _, spellings = header_words(contract.name)
    close: list[tuple[int, str]] = []
    for position in positions:
        text = squash(headers[position] or "")
        if len(text) < SHORTEST:
            continue
        scores = {
            column: max(_closeness(text, alias) for alias in aliases) for column, aliases in spellings.items()
        }
        best = max(scores, key=lambda column: scores[column])
        others = max((score for column, score in scores.items() if column != best), default=0.0)
        if best not in found and scores[best] >= CLOSE and scores[best] - others >= CLEARLY:
            close.append((position, best))
    names = [column for _, column in close]
    return [(position, column) for position, column in close if names.count(column) == 1]


def _closeness(text: str, alias: str) -> float:
    score = fuzz.ratio(text, alias, score_cutoff=CLOSE - CLEARLY)
    return score if score and _same_kind(text, alias) else 0.0


def _same_kind(text: str, alias: str) -> bool:
    return all(
        any(word in text for word in group.split()) == any(word in alias for word in group.split())
        for group in OPPOSITES
    )
