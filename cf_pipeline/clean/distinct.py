"""Each distinct text of a column is worked out once and handed to every row that holds it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.extensions import ExtensionArray

Mask = npt.NDArray[np.bool_]
Parse = Callable[[str], tuple[Any, str | None]]
"""A text to its value (None when there is none) and the code of the rule it breaks, if any."""


@dataclass(frozen=True)
class Resolved:
    """A column's typed values and, for each rule broken, the rows that break it."""

    values: ExtensionArray | npt.NDArray[np.datetime64]
    broken: dict[str, Mask] = field(default_factory=dict)


def resolve(texts: pd.Series[str], parse: Parse, dtype: str, unchanged: str = "") -> Resolved:
    """The values of a column of text as `dtype`; a missing text is a missing value and breaks nothing.

    Texts that match `unchanged` whole (an expression without look-around) are their own value and break
    nothing: a list has as many ids as children, and asking pyarrow is far quicker than asking Python.
    """
    codes, distinct = pd.factorize(texts)
    if unchanged and len(distinct):
        said = pd.Series(distinct, dtype=dtype)
        same = said.str.fullmatch(unchanged).to_numpy(dtype=bool)
        return _with_unchanged(codes, said.array, same, parse)
    parsed = [parse(text) for text in distinct.tolist()]
    values = [value for value, _ in parsed]
    rules = [rule for _, rule in parsed]
    broken = {rule: _rows(codes, [rule == other for other in rules]) for rule in dict.fromkeys(rules) if rule}
    return Resolved(_typed([*values, None], dtype).take(codes), broken)  # -1, missing, takes the last


def _with_unchanged(codes: npt.NDArray[np.intp], values: Any, same: Mask, parse: Parse) -> Resolved:
    """As `resolve`, asking `parse` only for the distinct texts that are not their own value."""
    others = np.flatnonzero(~same)
    parsed = [parse(text) for text in values[others].tolist()]
    if parsed:
        values[others] = pd.array([value for value, _ in parsed], dtype=values.dtype)
    rules = np.full(len(values), None, dtype=object)
    rules[others] = [rule for _, rule in parsed]
    broken = {rule: _rows(codes, (rules == rule).tolist()) for rule in dict.fromkeys(rules[others]) if rule}
    return Resolved(values.take(codes, allow_fill=True), broken)


def _rows(codes: npt.NDArray[np.intp], of_distinct: list[bool]) -> Mask:
    return np.array([*of_distinct, False])[codes]


def _typed(values: list[Any], dtype: Any) -> Any:
    if dtype.startswith("datetime64"):
        return np.array(values, dtype=dtype)
    return pd.array(values, dtype=dtype)
