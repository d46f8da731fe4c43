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

Usual = Callable[[pd.Series], tuple[Any, Mask]]
"""Texts to the values of those that look as nearly all do, and which those are."""
Notice = Callable[[str], str | None]
"""A text to the code of a rule that it breaks whatever its value is, if any."""


@dataclass(frozen=True)
class Resolved:
    """A column's typed values and, for each rule broken, the rows that break it."""

    values: ExtensionArray | npt.NDArray[np.datetime64]
    broken: dict[str, Mask] = field(default_factory=dict)


def resolve(
    texts: pd.Series[str],
    parse: Parse,
    dtype: str,
    notice: Notice | None = None,
    usual: Usual | None = None,
) -> Resolved:
    """The values of a column of text as `dtype`; a missing text is a missing value and breaks nothing.

    The column may be a category of texts: its distinct texts are then known.

    `notice` may name one more rule for a text, beside the one that parsing it gives. `usual` reads what most
    texts look like, all at once; such a text breaks nothing and is not noticed.
    """
    codes, distinct = _coded(texts)
    if usual is not None and len(distinct):
        values, is_usual = usual(pd.Series(distinct, dtype="str"))
        return _with_usual(codes, distinct, values, is_usual, parse, notice)
    spellings = distinct.tolist()
    parsed = [parse(text) for text in spellings]
    broken = _broken(codes, len(spellings), np.arange(len(spellings)), _rules(spellings, parsed, notice))
    values_and_none = [*(value for value, _ in parsed), None]
    return Resolved(_typed(values_and_none, dtype).take(codes), broken)  # -1, missing, takes the last


def _coded(texts: pd.Series[str]) -> tuple[npt.NDArray[np.intp], Any]:
    """The number of each row's text (-1: missing), and the distinct texts that the rows hold."""
    codes, distinct = pd.factorize(texts)
    if isinstance(distinct, pd.CategoricalIndex):  # a filtered column holds fewer than its categories
        distinct = distinct.categories.take(distinct.codes)
    return codes, distinct


def _with_usual(
    codes: npt.NDArray[np.intp],
    distinct: Any,
    values: Any,
    is_usual: Mask,
    parse: Parse,
    notice: Notice | None,
) -> Resolved:
    """As `resolve`, asking `parse` and `notice` only for the distinct texts that are not the usual."""
    others = np.flatnonzero(~is_usual)
    texts = distinct[others].tolist()
    parsed = [parse(text) for text in texts]
    broken = _broken(codes, len(values), others, _rules(texts, parsed, notice))
    if parsed:
        values[others] = _typed([value for value, _ in parsed], str(values.dtype))
    if isinstance(values, np.ndarray):
        return Resolved(np.append(values, np.array([None], dtype=values.dtype)).take(codes), broken)
    return Resolved(values.take(codes, allow_fill=True), broken)


def _rules(
    texts: list[str], parsed: list[tuple[Any, str | None]], notice: Notice | None
) -> list[list[str | None]]:
    """The rule each text breaks by its parsing and, where more is noticed, the one by that."""
    by_parsing = [rule for _, rule in parsed]
    return [by_parsing] if notice is None else [by_parsing, [notice(text) for text in texts]]


def _broken(
    codes: npt.NDArray[np.intp], length: int, places: npt.NDArray[np.intp], told: list[list[str | None]]
) -> dict[str, Mask]:
    """Rule -> the rows that break it, of rules told of the distinct texts at `places` among `length`."""
    broken = {}
    for rules in told:
        for rule in dict.fromkeys(rules):
            if rule is not None:
                of_distinct = np.zeros(length + 1, dtype=bool)  # -1, missing, takes the last: it breaks none
                of_distinct[places[[rule == other for other in rules]]] = True
                broken[rule] = of_distinct[codes]
    return broken


def _typed(values: list[Any], dtype: Any) -> Any:
    if dtype.startswith("datetime64"):
        return np.array(values, dtype=dtype)
    return pd.array(values, dtype=dtype)
