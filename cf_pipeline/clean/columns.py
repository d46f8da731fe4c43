"""A column of text to typed values by the contract's type, each distinct text once."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from cf_pipeline.clean.codes import CodeMatcher, matcher
from cf_pipeline.clean.dates import has_two_digit_year, parse_date, parse_moment
from cf_pipeline.clean.distinct import Parse, Resolved, resolve
from cf_pipeline.clean.values import (
    parse_age,
    parse_id,
    parse_integer,
    parse_number,
    parse_postcode,
    parse_presence,
    parse_string,
)
from cf_pipeline.contracts.lists import Column
from cf_pipeline.contracts.mapping import NO_MAPPING, CouncilMapping

AGE_COLUMNS = frozenset({"age_reported"})
PARSERS: dict[str, Parse] = {
    "integer": parse_integer,
    "number": parse_number,
    "postcode": parse_postcode,
    "presence": parse_presence,
    "string": parse_string,
}


def typed_column(
    column: Column,
    texts: pd.Series[str],
    as_at: pd.Series[pd.Timestamp],
    mapping: CouncilMapping = NO_MAPPING,
) -> Resolved:
    """The column's values with its contract's dtype, and which rows break which rule.

    `as_at` decides what a two-digit year means, row by row; `mapping` holds the council's own words.
    """
    if column.type in ("date", "datetime"):
        return _dates(column, texts, as_at)
    if column.type == "code":
        return resolve(texts, partial(_code, matcher(column.code_set or "", mapping)), column.dtype)
    if column.type == "id":
        return resolve(texts, _other_id, column.dtype)
    return resolve(texts, parse_age if column.name in AGE_COLUMNS else PARSERS[column.type], column.dtype)


def _code(codes: CodeMatcher, text: str) -> tuple[str | None, str | None]:
    match = codes.match(text)
    if match.rule == "unmatched":
        return None, "code_unmatched"
    if match.rule == "inferred":
        return match.code, "code_inferred"
    return match.code, "code_label_conflict" if match.conflict else None


def _other_id(text: str) -> tuple[str | None, str | None]:
    value, rule = parse_id(text)
    return value, rule and f"other_{rule}"


def _dates(column: Column, texts: pd.Series[str], as_at: pd.Series[pd.Timestamp]) -> Resolved:
    parse = parse_moment if column.type == "datetime" else parse_date
    years = as_at.dt.year.to_numpy() + 1
    newest = int(years.max()) if len(years) else 0
    result = resolve(texts, partial(parse, latest_year=newest), column.dtype)
    if len(years) == 0 or (years == newest).all():
        return result
    short = resolve(texts, lambda text: (None, "short" if has_two_digit_year(text) else None), "str").broken
    if short:
        values = np.asarray(result.values)
        for year in np.unique(years[short["short"]]):
            rows = short["short"] & (years == year)
            again = resolve(texts[rows], partial(parse, latest_year=int(year)), column.dtype)
            values[rows] = np.asarray(again.values)
        return Resolved(values, result.broken)
    return result
