"""Conditions of KPI records: the small language that selects the rows to count.

A condition compares two terms: `icpc_working_days <= 15`, `gender in (M, F)`, `cin_start_date + 6
months >= period_end`, `cla_end_date is null`; alternatives are joined by `or`. A term is a column, a
period bound (`period_start`, `period_end`), a whole number or a code, and a date may carry
`+ n years` (of a date of birth the birthday, docs/rulings.md#34), `+ n months`, `+ n days` or
`+ n working days` (the last day that is no more than n working days after it, so `a + 45 working days >= b`
holds when b is at most 45 working days after a). A comparison with a missing value is false.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import pandas as pd

from cf_pipeline.contracts.dates.birthdays import birthday
from cf_pipeline.contracts.dates.calendar import add_working_days
from cf_pipeline.contracts.dates.months import add_months

BIRTH_DATE = "birth_date"
PERIOD_COLUMNS = ("period_start", "period_end")
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
}
_TERM = r"[A-Za-z_][A-Za-z0-9_.]*"
_SHIFT = re.compile(rf"^({_TERM})(?: \+ (\d+) (years|months|working days|days))?$")
_IN = re.compile(rf"^({_TERM}) (not in|in) \(([A-Za-z0-9_, ]+)\)$")
_NULL = re.compile(rf"^({_TERM}) is (not )?null$")
_COMPARISON = re.compile(r"^(.+?) (<=|>=|==|!=|<|>) (.+)$")


class Rows(Protocol):
    """Rows whose columns are read by name: a DataFrame, or counted records."""

    def __getitem__(self, name: Any, /) -> Any:
        """One column."""

    @property
    def columns(self) -> Any:
        """The names of the columns."""

    @property
    def index(self) -> Any:
        """The index of every column."""


@dataclass(frozen=True)
class Term:
    """A column (or period bound), shifted by years, whole months, working days or days; or a constant.

    `years` are those of an age: the shifted date is a birthday (docs/rulings.md#34).
    """

    column: str | None = None
    years: int = 0
    months: int = 0
    working_days: int = 0
    days: int = 0
    constant: int | str | None = None

    def values(self, rows: Rows) -> pd.Series | int | str:
        """The term's value on each row; a constant as it is."""
        if self.column is None:
            assert self.constant is not None  # noqa: S101 - a term is a column or a constant
            return self.constant
        values: pd.Series = rows[self.column]
        if self.years:
            values = birthday(values, self.years)
        if self.months:
            values = add_months(values, self.months)
        if self.working_days:
            values = add_working_days(values, self.working_days)
        return values + pd.Timedelta(days=self.days) if self.days else values


@dataclass(frozen=True)
class Comparison:
    """One comparison of a condition."""

    left: Term
    op: str
    right: Term | tuple[str, ...] | None

    def holds(self, rows: Rows) -> pd.Series:
        """Whether it holds on each row (boolean, never missing)."""
        left = self.left.values(rows)
        if not isinstance(left, pd.Series):
            raise TypeError("the left side of a condition is a column")
        if self.op in ("is null", "is not null"):
            return left.isna() if self.op == "is null" else left.notna()
        if isinstance(self.right, tuple):
            found = left.isin(self.right)
            return found if self.op == "in" else ~found
        right = self.right.values(rows) if self.right is not None else None
        known = left.notna().to_numpy(dtype=bool)
        if isinstance(right, pd.Series):
            known = known & right.notna().to_numpy(dtype=bool)
        result = _COMPARE[self.op](left, right).to_numpy(dtype=bool, na_value=False)
        return pd.Series(result & known, index=left.index)


@dataclass(frozen=True)
class Condition:
    """Comparisons of which at least one must hold."""

    text: str
    alternatives: tuple[Comparison, ...]

    @cached_property
    def columns(self) -> frozenset[str]:
        """The table columns it reads, period bounds left out."""
        terms = [part.left for part in self.alternatives]
        terms += [part.right for part in self.alternatives if isinstance(part.right, Term)]
        return frozenset(term.column for term in terms if term.column is not None) - set(PERIOD_COLUMNS)

    @cached_property
    def needs_period(self) -> bool:
        """Whether it reads a period bound, so that it is evaluated for each row and period."""
        return any(bound in self.text for bound in PERIOD_COLUMNS)

    def holds(self, rows: Rows) -> pd.Series:
        """Whether it holds on each row."""
        result = self.alternatives[0].holds(rows)
        for comparison in self.alternatives[1:]:
            result = result | comparison.holds(rows)
        return result


def parse_condition(text: str) -> Condition:
    """The condition that a text of a record stands for.

    Raises:
        ValueError: a part cannot be read; the message shows it.
    """
    return Condition(text, tuple(_comparison(part.strip()) for part in text.split(" or ")))


def parse_term(text: str) -> Term:
    """The term that a text stands for, as in `cin_start_date + 6 months`; ValueError as `parse_condition`."""
    return _term(text, text)


def _comparison(text: str) -> Comparison:
    if match := _NULL.match(text):
        return Comparison(Term(match[1]), "is not null" if match[2] else "is null", None)
    if match := _IN.match(text):
        codes = tuple(code.strip() for code in match[3].split(","))
        if all(codes):
            return Comparison(Term(match[1]), match[2], codes)
    if match := _COMPARISON.match(text):
        return Comparison(_term(match[1], text), match[2], _term(match[3], text, is_right=True))
    raise ValueError(f"cannot read the condition {text!r}")


def _term(text: str, condition: str, is_right: bool = False) -> Term:
    if is_right and re.fullmatch(r"-?\d+", text):
        return Term(constant=int(text))
    if is_right and re.fullmatch(r"'[A-Za-z0-9]+'", text):
        return Term(constant=text.strip("'"))
    match = _SHIFT.match(text)
    if match is None:
        raise ValueError(f"cannot read {text!r} in the condition {condition!r}")
    amount = int(match[2] or 0)
    if match[3] == "years" and match[1] != BIRTH_DATE:
        return Term(match[1], months=amount * 12)
    return Term(match[1], **{match[3].replace(" ", "_"): amount}) if match[3] else Term(match[1])
