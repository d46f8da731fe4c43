"""Parse each distinct text of a column once, then give the result to every row that holds it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.extensions import ExtensionArray

from cf_pipeline.results import pandas_type

Mask = npt.NDArray[np.bool_]
Parser = Callable[[str], tuple[Any, str | None]]
"""A text to its value (None when there is none) and the code of the rule it breaks, if any."""

BulkParser = Callable[[pd.Index], tuple[Any, Mask]]
"""Distinct texts to an array of values, and which of them it could parse. The others need a `Parser`."""
ExtraRule = Callable[[str], str | None]
"""A text to the code of a rule that it breaks whatever its value is, if any."""


@dataclass(frozen=True)
class ParsedColumn:
    """A column's typed values and, for each broken rule, which rows break it."""

    values: ExtensionArray | npt.NDArray[np.datetime64]
    broken: dict[str, Mask] = field(default_factory=dict)


def parse_distinct(
    texts: pd.Series[str],
    parser: Parser,
    dtype: str,
    extra_rule: ExtraRule | None = None,
    bulk_parser: BulkParser | None = None,
) -> ParsedColumn:
    """Parse a column of text. A missing text becomes a missing value and breaks no rule.

    Args:
        texts: the column, of strings or a category of strings.
        parser: parses one text.
        dtype: the dtype of the values.
        extra_rule: finds one more broken rule in a text, besides the one that `parser` returns.
        bulk_parser: parses the texts of the most common form all at once, for speed. Such texts break no
            rule, and neither `parser` nor `extra_rule` sees them.
    """
    codes, distinct = _factorize(texts)
    if bulk_parser is not None and len(distinct):
        values, is_parsed = bulk_parser(distinct)
        return _parse_rest(codes, distinct, values, is_parsed, parser, extra_rule)
    spellings = distinct.tolist()
    parsed = [parser(text) for text in spellings]
    rules = _rules_of_texts(spellings, parsed, extra_rule)
    broken = _rows_by_rule(codes, len(spellings), np.arange(len(spellings)), rules)
    values_and_none = [*(value for value, _ in parsed), None]
    return ParsedColumn(_to_array(values_and_none, dtype).take(codes), broken)  # -1, missing, takes the last


def look_up_distinct(
    texts: pd.Series[str],
    number_of: Callable[[str], int],
    usual: int,
    find_usual: Callable[[pd.Index], Mask] | None = None,
) -> npt.NDArray[np.int8]:
    """A small number for each row, worked out once for each distinct text.

    Args:
        texts: as for `parse_distinct`.
        number_of: the number of a text.
        usual: that of a row without a text, and of the usual texts.
        find_usual: finds the usual ones among distinct texts all at once, for speed.
    """
    codes, distinct = _factorize(texts)
    numbers = np.full(len(distinct) + 1, usual, dtype=np.int8)  # -1, missing, takes the last
    others = np.arange(len(distinct))
    if find_usual is not None and len(distinct):
        others = np.flatnonzero(~find_usual(distinct))
    numbers[others] = [number_of(text) for text in distinct[others].tolist()]
    return numbers[codes]


def _factorize(texts: pd.Series[str]) -> tuple[npt.NDArray[np.intp], Any]:
    """The number of each row's text (-1: missing), and the distinct texts that the rows hold."""
    cells = texts.array
    if not isinstance(cells, pd.Categorical):
        numbers, uniques = cells.factorize()
        return numbers, pd.Index(uniques)
    codes, distinct = cells.codes.astype(np.intp), cells.categories
    is_used = np.zeros(len(distinct) + 1, dtype=bool)
    is_used[codes] = True  # -1, missing, marks the last
    if is_used[:-1].all():
        return codes, distinct
    used = np.flatnonzero(is_used[:-1])  # a filtered column holds fewer than its categories
    numbers = np.full(len(is_used), -1)
    numbers[used] = np.arange(len(used))
    return numbers[codes], distinct.take(used)


def _parse_rest(
    codes: npt.NDArray[np.intp],
    distinct: Any,
    values: Any,
    is_parsed: Mask,
    parser: Parser,
    extra_rule: ExtraRule | None,
) -> ParsedColumn:
    """Parse the distinct texts that the bulk parser left, and put their values among its own."""
    others = np.flatnonzero(~is_parsed)
    texts = distinct[others].tolist()
    results = [parser(text) for text in texts]
    broken = _rows_by_rule(codes, len(values), others, _rules_of_texts(texts, results, extra_rule))
    if results:
        values[others] = _to_array([value for value, _ in results], str(values.dtype))
    if isinstance(values, np.ndarray):
        return ParsedColumn(np.append(values, np.array([None], dtype=values.dtype)).take(codes), broken)
    return ParsedColumn(values.take(codes, allow_fill=True), broken)


def _rules_of_texts(
    texts: list[str], results: list[tuple[Any, str | None]], extra_rule: ExtraRule | None
) -> list[list[str | None]]:
    """For each kind of rule (of the parser, and the extra one) the rule that each text breaks, if any."""
    parser_rules = [rule for _, rule in results]
    return [parser_rules] if extra_rule is None else [parser_rules, [extra_rule(text) for text in texts]]


def _rows_by_rule(
    codes: npt.NDArray[np.intp],
    distinct_count: int,
    places: npt.NDArray[np.intp],
    rules_by_kind: list[list[str | None]],
) -> dict[str, Mask]:
    """Rule -> which rows break it; of each kind the rule of the uppermost row comes first.

    Args:
        codes: the number of each row's distinct text, -1 for a missing one.
        distinct_count: how many distinct texts there are.
        places: the numbers of the distinct texts that `rules_by_kind` is about.
        rules_by_kind: for each kind of rule, the rule that each of those texts breaks, if any.
    """
    broken: dict[str, Mask] = {}
    for rules in rules_by_kind:
        found: dict[str, Mask] = {}
        for rule in {rule for rule in rules if rule is not None}:
            is_broken = np.zeros(distinct_count + 1, dtype=bool)  # -1, missing, takes the last: False
            is_broken[places[[rule == other for other in rules]]] = True
            found[rule] = is_broken[codes]
        broken |= dict(sorted(found.items(), key=lambda item: int(item[1].argmax())))
    return broken


def _to_array(values: list[Any], dtype: Any) -> Any:
    if dtype.startswith("datetime64"):
        return np.array(values, dtype=dtype)
    return pd.array(values, dtype=pandas_type(dtype))
