"""Parse a column of text into typed values, by the type that the list's contract gives the column."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from cf_pipeline.clean.codes.match import CodeMatcher, code_matcher
from cf_pipeline.clean.values.dates import (
    PLACEHOLDER,
    TWO_DIGIT_YEAR,
    UNREADABLE,
    parse_date,
    parse_iso_dates,
    parse_moment,
)
from cf_pipeline.clean.values.ids import DIGITS_LOST, NO_ID, parse_id, parse_plain_ids
from cf_pipeline.clean.values.parse_distinct import ParsedColumn, Parser, parse_distinct
from cf_pipeline.clean.values.repair import garbled_text_rule
from cf_pipeline.clean.values.scalars import (
    parse_age,
    parse_integer,
    parse_number,
    parse_postcode,
    parse_presence,
    parse_string,
    parse_worker,
)
from cf_pipeline.contracts.list_contract import CHILD_ID, Column
from cf_pipeline.contracts.mapping import NO_MAPPING, CouncilMapping

PARSERS: dict[str, Parser] = {
    "age": parse_age,
    "integer": parse_integer,
    "number": parse_number,
    "postcode": parse_postcode,
    "presence": parse_presence,
    "string": parse_string,
    "worker": parse_worker,
}
RULES_OF_A_YEAR = frozenset({TWO_DIGIT_YEAR, UNREADABLE, PLACEHOLDER})
"""What a date with a year of two digits may be: 29/02/00 is a day of 2000, and none of 1900."""


def parse_column(
    column: Column,
    texts: pd.Series[str],
    as_at: pd.Series[pd.Timestamp],
    mapping: CouncilMapping = NO_MAPPING,
    is_month_first: bool = False,
) -> ParsedColumn:
    """The column's values with its contract's dtype, and which rows break which rule.

    A repaired cell has its repaired value and also breaks a rule, so that the repair is reported.

    Args:
        column: the column's contract.
        texts: its cells.
        as_at: the as-at date of each row's delivery; decides what a two-digit year means.
        mapping: the council's own words.
        is_month_first: whether the council's mapping declares that this column's dates are month first.
    """
    if column.type in ("date", "datetime"):
        return _parse_dates(column, texts, as_at, is_month_first)
    is_padded = column.name == CHILD_ID and mapping.id_zero_pad > 0
    bulk_parser = parse_plain_ids if column.type == "id" and not is_padded else None
    return parse_distinct(texts, _parser_of(column, mapping), column.dtype, garbled_text_rule, bulk_parser)


def _parser_of(column: Column, mapping: CouncilMapping) -> Parser:
    if column.type == "code":
        return partial(_parse_code, code_matcher(column.code_set or "", mapping))
    if column.type == "id":
        return partial(_parse_padded_id, mapping.id_zero_pad if column.name == CHILD_ID else 0)
    return PARSERS[column.type]


def _parse_code(codes: CodeMatcher, text: str) -> tuple[str | None, str | None]:
    match = codes.match(text)
    if match.rule == "unmatched":
        return None, "code_unmatched"
    if match.rule == "inferred":
        return match.code, "code_inferred"
    return match.code, "code_label_conflict" if match.conflict else None


def _parse_padded_id(zero_pad: int, text: str) -> tuple[str | None, str | None]:
    value, rule = parse_id(text)
    if value is not None and zero_pad and value.isdigit():
        value = value.zfill(zero_pad)
    return value, f"other_{rule}" if rule in (DIGITS_LOST, NO_ID) else rule


def _parse_dates(
    column: Column, texts: pd.Series[str], as_at: pd.Series[pd.Timestamp], is_month_first: bool
) -> ParsedColumn:
    """Parse dates as the as-at year of each row's delivery has them: it decides the century of two digits.

    All are parsed by the newest of the years, and then those that another year may read otherwise by theirs.
    """
    parse = partial(parse_moment if column.type == "datetime" else parse_date, month_first=is_month_first)
    latest_years = as_at.to_numpy().astype("datetime64[Y]").astype(np.int64) + 1971
    newest = int(latest_years.max()) if len(latest_years) else 0
    parsed = parse_distinct(
        texts, partial(parse, latest_year=newest), column.dtype, bulk_parser=parse_iso_dates
    )
    is_earlier = latest_years != newest
    is_open = np.zeros(len(texts), dtype=bool)
    for rule in RULES_OF_A_YEAR & parsed.broken.keys():
        is_open |= parsed.broken[rule] & is_earlier
    if not is_open.any():
        return parsed
    values = np.asarray(parsed.values)
    broken = {rule: mask.copy() for rule, mask in parsed.broken.items()}
    for year in np.unique(latest_years[is_open]):
        rows = is_open & (latest_years == year)
        own = parse_distinct(texts[rows], partial(parse, latest_year=int(year)), column.dtype)
        values[rows] = np.asarray(own.values)
        for rule in {*broken, *own.broken}:
            mask = broken.setdefault(rule, np.zeros(len(texts), dtype=bool))
            mask[rows] = own.broken.get(rule, False)
    return ParsedColumn(values, broken)
