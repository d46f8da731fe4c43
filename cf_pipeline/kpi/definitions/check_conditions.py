"""Checks of conditions: a date is compared with a date, a number with a number, a word with a known code.

A condition that can never hold would publish a zero that looks like a true one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.merge.status import CURRENT, ENDED_UNKNOWN, LOCKED, SUPERSEDED
from cf_pipeline.history.tables.core_tables import core_columns, lists_of
from cf_pipeline.kpi.definitions.column_labels import column_label
from cf_pipeline.kpi.definitions.conditions import PERIOD_COLUMNS, Comparison, Term
from cf_pipeline.kpi.definitions.record_schema import RegistryError
from cf_pipeline.kpi.definitions.sides import AT_END, PERSON, Side

IS_NULL = ("is null", "is not null")
_ORDER = ("<=", ">=", "<", ">", "==", "!=")
YES_OR_NO = ("Y", "N")
"""Values of a derived flag."""
COUNTED_STATUS = (CURRENT, SUPERSEDED, LOCKED, ENDED_UNKNOWN)
"""Status of a record that can be counted; a withdrawn one never is."""


@dataclass(frozen=True)
class ColumnKind:
    """A kind of column: its name, the comparisons it allows besides `is null`, and their right-hand side."""

    words: str
    ops: tuple[str, ...]
    right_side: str = ""


DATE = ColumnKind("a date", _ORDER, "another date, period_start or period_end")
NUMBER = ColumnKind("a number", _ORDER, "a whole number or another column of numbers")
WORD = ColumnKind("a word", ("in", "not in", "==", "!="), "a code or word as in 'Y'")
PRESENCE = ColumnKind("there or not", ())
KIND_BY_DTYPE = {
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
    """Raise RegistryError when a condition compares a column with a wrong kind, or with an unknown code.

    `check_columns` has checked that the columns exist.
    """
    for part in side.parts:
        for condition in side.where:
            for comparison in condition.alternatives:
                problem = _problem(comparison, part.table)
                if problem:
                    raise RegistryError(f"KPI {kpi_id}: the condition {condition.text!r} {problem}.")


def _problem(comparison: Comparison, table: str) -> str:
    """The fault of a comparison and its remedy, as the end of a sentence; '' without a fault."""
    terms = [term for term in (comparison.left, comparison.right) if isinstance(term, Term)]
    if all(term.column is None or term.column in PERIOD_COLUMNS for term in terms):
        return f"reads no column of {table}; name one"
    for term in terms:
        is_shifted = term.years or term.months or term.working_days or term.days
        if is_shifted and _kind(term, table) != DATE:
            return f"adds time to {term.column}, which is not a date; add it to a date or leave it out"
    if comparison.op in IS_NULL:
        return ""
    left = _kind(comparison.left, table)
    if comparison.op not in left.ops:
        allowed = " or ".join(left.ops or IS_NULL)
        return f"cannot compare {comparison.left.column}, {left.words}, by {comparison.op}; use {allowed}"
    if isinstance(comparison.right, Term):
        right = _kind(comparison.right, table)
        if right != left or (left == WORD and comparison.right.column is not None):
            right_term = (
                right.words
                if comparison.right.column is None
                else f"{comparison.right.column}, {right.words}"
            )
            fault = f"compares {comparison.left.column}, {left.words}, with {right_term}"
            return f"{fault}; compare it with {left.right_side} alone"
    return _unknown_code(comparison, table) if left == WORD else ""


def _unknown_code(comparison: Comparison, table: str) -> str:
    words = (comparison.right.constant,) if isinstance(comparison.right, Term) else comparison.right or ()
    column = str(comparison.left.column)
    codes = _codes(table, column)
    unknown = [word for word in words if word not in codes] if codes else []
    if not unknown:
        return ""
    return f"asks for {unknown[0]}, which is no code of {column}; use one of {', '.join(codes)}"


def _kind(term: Term, table: str) -> ColumnKind:
    if term.column is None:
        return WORD if isinstance(term.constant, str) else NUMBER
    return _column_kind(table, term.column)


@cache
def _column_kind(table: str, name: str) -> ColumnKind:
    if name in PERIOD_COLUMNS:
        return DATE
    if name.startswith(PERSON):
        return WORD
    return KIND_BY_DTYPE[core_columns(table)[name.removeprefix(AT_END)]]


@cache
def _codes(table: str, name: str) -> tuple[str, ...]:
    """The codes that a column can have; empty for a column of free text."""
    if name == "status":
        return COUNTED_STATUS
    if name == "list":
        return lists_of(table) or tuple(list_contracts())
    label = column_label(table, name)
    return tuple(label.code_labels) or (YES_OR_NO if label.flag is not None else ())
