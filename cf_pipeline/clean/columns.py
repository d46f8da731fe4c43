"""A column of text to typed values by the contract's type, each distinct text once."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from cf_pipeline.clean.codes.match import CodeMatcher, matcher
from cf_pipeline.clean.values.dates import TWO_DIGITS, parse_date, parse_moment, usual_dates
from cf_pipeline.clean.values.parse_distinct import Parse, Resolved, resolve
from cf_pipeline.clean.values.repair import garbled
from cf_pipeline.clean.values.scalars import (
    parse_age,
    parse_id,
    parse_integer,
    parse_number,
    parse_postcode,
    parse_presence,
    parse_string,
    parse_worker,
    usual_ids,
)
from cf_pipeline.contracts.list_contract import Column
from cf_pipeline.contracts.mapping import NO_MAPPING, CouncilMapping

CHILD = "child_id"
AGE_COLUMNS = frozenset({"age_reported"})
PARSERS: dict[str, Parse] = {
    "integer": parse_integer,
    "number": parse_number,
    "postcode": parse_postcode,
    "presence": parse_presence,
    "string": parse_string,
    "worker": parse_worker,
}


def typed_column(
    column: Column,
    texts: pd.Series[str],
    as_at: pd.Series[pd.Timestamp],
    mapping: CouncilMapping = NO_MAPPING,
    is_month_first: bool = False,
) -> Resolved:
    """The column's values with its contract's dtype, and which rows break which rule.

    A repair is a rule too: its value is used and the rule tells that the cell said it otherwise.

    Args:
        column: the column's contract.
        texts: its cells.
        as_at: decides what a two-digit year means, row by row.
        mapping: the council's own words.
        is_month_first: whether the council says that it writes this column's dates month first.
    """
    if column.type in ("date", "datetime"):
        return _dates(column, texts, as_at, is_month_first)
    padded = column.name == CHILD and mapping.id_zero_pad > 0
    usual = usual_ids if column.type == "id" and not padded else None
    return resolve(texts, _parser(column, mapping), column.dtype, garbled, usual)


def _parser(column: Column, mapping: CouncilMapping) -> Parse:
    if column.type == "code":
        return partial(_code, matcher(column.code_set or "", mapping))
    if column.type == "id":
        return partial(_id, mapping.id_zero_pad if column.name == CHILD else 0)
    return parse_age if column.name in AGE_COLUMNS else PARSERS[column.type]


def _code(codes: CodeMatcher, text: str) -> tuple[str | None, str | None]:
    match = codes.match(text)
    if match.rule == "unmatched":
        return None, "code_unmatched"
    if match.rule == "inferred":
        return match.code, "code_inferred"
    return match.code, "code_label_conflict" if match.conflict else None


def _id(zero_pad: int, text: str) -> tuple[str | None, str | None]:
    value, rule = parse_id(text)
    if value is not None and zero_pad and value.isdigit():
        value = value.zfill(zero_pad)
    return value, f"other_{rule}" if rule == "id_digits_lost" else rule


def _dates(
    column: Column, texts: pd.Series[str], as_at: pd.Series[pd.Timestamp], is_month_first: bool
) -> Resolved:
    parse = partial(parse_moment if column.type == "datetime" else parse_date, month_first=is_month_first)
    years = as_at.dt.year.to_numpy() + 1
    newest = int(years.max()) if len(years) else 0
    result = resolve(texts, partial(parse, latest_year=newest), column.dtype, usual=usual_dates)
    short = result.broken.get(TWO_DIGITS)
    if short is None or (years == newest).all():
        return result
    values = np.asarray(result.values)
    for year in np.unique(years[short]):
        rows = short & (years == year)
        values[rows] = np.asarray(
            resolve(texts[rows], partial(parse, latest_year=int(year)), column.dtype).values
        )
    return Resolved(values, result.broken)
