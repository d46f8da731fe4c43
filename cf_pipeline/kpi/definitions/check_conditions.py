"""Whether conditions can be asked of their columns: dates of dates, numbers of numbers, codes of their set.

A condition that can never hold would count a wrong zero, which nobody could tell from a true one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.merge.status import CURRENT, ENDED_UNKNOWN, SUPERSEDED
from cf_pipeline.history.tables.core_tables import core_columns, lists_of
from cf_pipeline.kpi.definitions.column_labels import column_words
from cf_pipeline.kpi.definitions.conditions import PERIOD_COLUMNS, Comparison, Term
from cf_pipeline.kpi.definitions.record_schema import RegistryError
from cf_pipeline.kpi.definitions.sides import AT_END, PERSON, Side

IS_NULL = ("is null", "is not null")
_ORDER = ("<=", ">=", "<", ">", "==", "!=")
YES_OR_NO = ("Y", "N")
"""What a derived flag says."""
COUNTED_STATUS = (CURRENT, SUPERSEDED, ENDED_UNKNOWN)
"""What the status of a counted record can be; one that was withdrawn is never counted."""


@dataclass(frozen=True)
class Kind:
    """A kind of value: its words, how it may be compared besides being blank, and with what."""

    words: str
    ops: tuple[str, ...]
    others: str = ""


DATE = Kind("a date", _ORDER, "another date, period_start or period_end")
NUMBER = Kind("a number", _ORDER, "a whole number or another column of numbers")
WORD = Kind("a word", ("in", "not in", "==", "!="), "a code or word as in 'Y'")
PRESENCE = Kind("there or not", ())
KINDS = {
    "datetime64[us]": DATE,
    "Int64": NUMBER,
    "Int16": NUMBER,
    "Float64": NUMBER,
    "str": WORD,
    "category": WORD,
    "boolean": PRESENCE,
}
"""The kind of a column by its dtype."""


def check_conditions(kpi_id: str, side: Side) -> None:
    """RegistryError when a condition of a side compares what cannot be compared, or asks for no such code.

    The columns are known to be there.
    """
    for part in side.parts:
        for condition in side.where:
            for comparison in condition.alternatives:
                said = _wrong(comparison, part.table)
                if said:
                    raise RegistryError(f"KPI {kpi_id}: the condition {condition.text!r} {said}.")


def _wrong(part: Comparison, table: str) -> str:
    """What is wrong with a comparison and what to do, as the end of a sentence; '' when nothing is."""
    terms = [term for term in (part.left, part.right) if isinstance(term, Term)]
    if all(term.column is None or term.column in PERIOD_COLUMNS for term in terms):
        return f"reads no column of {table}; name one"
    for term in terms:
        is_shifted = term.months or term.working_days or term.days
        if is_shifted and _kind(term, table) != DATE:
            return f"adds time to {term.column}, which is not a date; add it to a date or leave it out"
    if part.op in IS_NULL:
        return ""
    left = _kind(part.left, table)
    if part.op not in left.ops:
        allowed = " or ".join(left.ops or IS_NULL)
        return f"cannot compare {part.left.column}, {left.words}, by {part.op}; use {allowed}"
    if isinstance(part.right, Term):
        right = _kind(part.right, table)
        if right != left or (left == WORD and part.right.column is not None):
            other = right.words if part.right.column is None else f"{part.right.column}, {right.words}"
            compared = f"compares {part.left.column}, {left.words}, with {other}"
            return f"{compared}; compare it with {left.others} alone"
    return _unknown_code(part, table) if left == WORD else ""


def _unknown_code(part: Comparison, table: str) -> str:
    words = (part.right.constant,) if isinstance(part.right, Term) else part.right or ()
    codes = _codes(table, str(part.left.column))
    unknown = [word for word in words if word not in codes] if codes else []
    if not unknown:
        return ""
    return f"asks for {unknown[0]}, which is no code of {part.left.column}; use one of {', '.join(codes)}"


def _kind(term: Term, table: str) -> Kind:
    if term.column is None:
        return WORD if isinstance(term.constant, str) else NUMBER
    return _column_kind(table, term.column)


@cache
def _column_kind(table: str, name: str) -> Kind:
    if name in PERIOD_COLUMNS:
        return DATE
    if name.startswith(PERSON):
        return WORD
    return KINDS[core_columns(table)[name.removeprefix(AT_END)]]


@cache
def _codes(table: str, name: str) -> tuple[str, ...]:
    """The codes a column can have; none of one that holds any words."""
    if name == "status":
        return COUNTED_STATUS
    if name == "list":
        return lists_of(table) or tuple(list_contracts())
    words = column_words(table, name)
    return tuple(words.labels) or (YES_OR_NO if words.flag is not None else ())
