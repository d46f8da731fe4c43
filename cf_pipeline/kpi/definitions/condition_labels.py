"""Conditions of a KPI record in plain words, for `explain`.

`icpc_working_days <= 15` becomes 'working days from the strategy discussion to the conference: at most 15'.
"""

from __future__ import annotations

from collections.abc import Sequence

from cf_pipeline.kpi.definitions.column_labels import ColumnLabel, column_label
from cf_pipeline.kpi.definitions.conditions import Comparison, Condition, Term

YES = "Y"
MONTHS = 12
IN_YEARS = 3 * MONTHS
"""From three years on, whole years are shown in years; 24 months stay months, as the sector has them."""
_NUMBER = {
    "<=": "at most",
    ">=": "at least",
    "<": "less than",
    ">": "more than",
    "==": "exactly",
    "!=": "not",
}
_DATE = {
    "<=": "is on or before",
    ">=": "is on or after",
    "<": "is before",
    ">": "is after",
    "==": "is",
    "!=": "is not",
}
_SPAN = {">=": "at most", ">": "less than", "<=": "at least", "<": "more than"}
"""The words for the time from a to b in `a + 6 months >= b`."""
_MIRRORED = {">=": "<=", ">": "<", "<=": ">=", "<": ">"}


def condition_label(condition: Condition, table: str) -> str:
    """A condition in plain words; its alternatives are joined by 'or'.

    Args:
        condition: the condition.
        table: the core table whose columns it reads.
    """
    return ", or ".join(_comparison(part, table) for part in condition.alternatives)


def presence_label(column: str, table: str) -> str:
    """The words for rows that have a value in a column."""
    label = column_label(table, column)
    return f"{label.noun} is {'filled in' if label.is_delivered else 'known'}"


def _comparison(part: Comparison, table: str) -> str:
    column, right = str(part.left.column), part.right
    left = column_label(table, column)
    if right is None:
        is_blank = f"{left.noun} is {'blank' if left.is_delivered else 'not known'}"
        return is_blank if part.op == "is null" else presence_label(column, table)
    if isinstance(right, tuple):
        return _code_label(left, part.op, right)
    if right.column is not None and left.is_date:
        return _date_label(part.left, part.op, right, table)
    if isinstance(right.constant, str):
        return _code_label(left, part.op, (right.constant,))
    number = _term(right, table) if right.constant is None else right.constant
    return f"{left.noun}: {_NUMBER[part.op]} {number}"


def _date_label(term: Term, op: str, other: Term, table: str) -> str:
    if _length(other) and not _length(term) and op in _MIRRORED:
        return _date_label(other, _MIRRORED[op], term, table)
    if _length(term) and not _length(other) and op in _SPAN:
        since = column_label(table, str(term.column)).noun
        return f"{_SPAN[op]} {_length(term)} from {since} to {_term(other, table)}"
    return f"{_term(term, table)} {_DATE[op]} {_term(other, table)}"


def _code_label(column: ColumnLabel, op: str, codes: Sequence[str]) -> str:
    is_none = op in ("not in", "!=")
    if column.flag is not None and tuple(codes) == (YES,) and not is_none:
        return column.flag
    labels = [column.code_labels.get(code, code) for code in codes]
    return f"{column.noun} is {'not ' if is_none else ''}{_one_of(labels)}"


def _term(term: Term, table: str) -> str:
    """The label of a column, or of a length of time after it."""
    noun = column_label(table, str(term.column)).noun
    return f"{_length(term)} after {noun}" if _length(term) else noun


def _length(term: Term) -> str:
    """'6 months', '45 working days'; '' for a term that is not shifted."""
    total = term.years * MONTHS + term.months
    in_years = total >= IN_YEARS and total % MONTHS == 0
    months = (total // MONTHS, "year") if in_years else (total, "month")
    for amount, unit in (months, (term.working_days, "working day"), (term.days, "day")):
        if amount:
            return f"{amount} {unit}{'' if amount == 1 else 's'}"
    return ""


def _one_of(labels: Sequence[str]) -> str:
    # A label that holds a comma would look like two labels.
    separator = "; " if any("," in label for label in labels) else ", "
    return labels[0] if len(labels) == 1 else f"{separator.join(labels[:-1])} or {labels[-1]}"
