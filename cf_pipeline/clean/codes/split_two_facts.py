"""Split two facts in one cell: 'Y2' is other accommodation, unsuitable; 'U4OUT' a placement outside the area.

The coded column keeps its own fact. The second fact moves to its own column where that is blank, with the
issue `two_facts_split`. A cell that is not blank is never overwritten.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cf_pipeline.clean.codes.match import CodeMatcher, code_matcher
from cf_pipeline.clean.issues import IssueCollector
from cf_pipeline.clean.values.parse_distinct import parse_distinct
from cf_pipeline.clean.values.repair import repair_text
from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.mapping import NO_MAPPING, CouncilMapping


@dataclass(frozen=True)
class ColumnPair:
    """A column whose cells may hold the fact of another column, and the pattern whose groups find it."""

    column: str
    other_column: str
    pattern: re.Pattern[str]


COLUMN_PAIRS = (
    ColumnPair(
        "accommodation_type",
        "accommodation_suitability",
        re.compile(r"^\(?[A-Z]\)?([12])\b|[-(:/] *((?:not |un)?suitable)\b", re.I),
    ),
    ColumnPair(
        "placement_type",
        "placement_location",
        re.compile(r"^[A-Z]\d ?(IN|OUT)\b|\b(in|out)side (?:the )?(?:LA|local authority|borough)\b", re.I),
    ),
    ColumnPair("rhi_offered", "rhi_accepted", re.compile(r"\b(accepted|declined|refused)\b", re.I)),
    ColumnPair("is_seen", "is_seen_alone", re.compile(r"\b((?:not )?seen alone)\b", re.I)),
)


def split_two_facts(
    contract: ListContract,
    text: pd.DataFrame,
    rows: pd.DataFrame,
    issues: IssueCollector,
    mapping: CouncilMapping = NO_MAPPING,
) -> pd.DataFrame:
    """The typed rows with second facts moved to blank cells; `issues` gets a `two_facts_split` for each.

    Args:
        contract: the list's contract.
        text: its ingested records.
        rows: the same records, typed.
        issues: collects the issues.
        mapping: the council's own words.
    """
    for pair in COLUMN_PAIRS:
        if {pair.column, pair.other_column} <= set(contract.column_names):
            code_set = contract.column(pair.other_column).code_set or ""
            second = _second_facts(pair, text[pair.column], code_matcher(code_set, mapping))
            if second.isna().all():
                continue
            target = rows[pair.other_column]
            is_moved = second.notna() & target.isna() & _is_blank(code_set, text[pair.other_column])
            issues.add("two_facts_split", text, np.asarray(is_moved), pair.other_column)
            rows = rows.assign(**{pair.other_column: target.mask(is_moved, second)})
    return rows


def _second_facts(pair: ColumnPair, texts: pd.Series[str], codes: CodeMatcher) -> pd.Series[str]:
    """The code of the other column's fact in each text, missing where there is none."""

    def parse_second(text: str) -> tuple[str | None, str | None]:
        match = pair.pattern.search(repair_text(text))
        fact = next((group for group in match.groups() if group), "") if match else ""
        return (codes.match(fact).code if fact else None), None

    return pd.Series(parse_distinct(texts, parse_second, "str").values, index=texts.index)


def _is_blank(code_set: str, texts: pd.Series[str]) -> pd.Series[bool]:
    """Which cells are blank; one with an unmatched wording is not."""

    def parse_filled(text: str) -> tuple[str | None, str | None]:
        return (None if code_matcher(code_set).match(text).rule == "null" else "filled"), None

    return pd.Series(parse_distinct(texts, parse_filled, "str").values, index=texts.index).isna()
