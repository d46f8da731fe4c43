"""Two facts in one cell: 'Y2' is other accommodation, unsuitable; 'U4OUT' a placement outside the area.

The coded column takes its own fact; the second is moved to the column made for it, where that is blank, and
an issue says so. A column that says something itself is never overwritten.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cf_pipeline.clean.codes.match import CodeMatcher, matcher
from cf_pipeline.clean.issues import Issues
from cf_pipeline.clean.values.parse_distinct import parse_distinct
from cf_pipeline.clean.values.repair import repair_text
from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.mapping import NO_MAPPING, CouncilMapping


@dataclass(frozen=True)
class Pair:
    """A column whose cells may hold the fact of another, and the pattern whose groups hold it."""

    column: str
    paired: str
    second: re.Pattern[str]


PAIRS = (
    Pair(
        "accommodation_type",
        "accommodation_suitability",
        re.compile(r"^\(?[A-Z]\)?([12])\b|[-(:/] *((?:not |un)?suitable)\b", re.I),
    ),
    Pair(
        "placement_type",
        "placement_location",
        re.compile(r"^[A-Z]\d ?(IN|OUT)\b|\b(in|out)side (?:the )?(?:LA|local authority|borough)\b", re.I),
    ),
    Pair("rhi_offered", "rhi_accepted", re.compile(r"\b(accepted|declined|refused)\b", re.I)),
    Pair("is_seen", "is_seen_alone", re.compile(r"\b((?:not )?seen alone)\b", re.I)),
)


def split_two_facts(
    contract: ListContract,
    text: pd.DataFrame,
    typed: pd.DataFrame,
    issues: Issues,
    mapping: CouncilMapping = NO_MAPPING,
) -> pd.DataFrame:
    """The typed rows with second facts moved to blank columns; issues gain a `two_facts_split` each."""
    for pair in PAIRS:
        if {pair.column, pair.paired} <= set(contract.column_names):
            code_set = contract.column(pair.paired).code_set or ""
            second = _second_facts(pair, text[pair.column], matcher(code_set, mapping))
            moved = second.notna() & typed[pair.paired].isna() & _is_blank(code_set, text[pair.paired])
            issues.add("two_facts_split", text, np.asarray(moved), pair.paired)
            typed = typed.assign(**{pair.paired: typed[pair.paired].mask(moved, second)})
    return typed


def _second_facts(pair: Pair, texts: pd.Series[str], codes: CodeMatcher) -> pd.Series[str]:
    def second(text: str) -> tuple[str | None, str | None]:
        found = pair.second.search(repair_text(text))
        said = next((group for group in found.groups() if group), "") if found else ""
        return (codes.match(said).code if said else None), None

    return pd.Series(parse_distinct(texts, second, "str").values, index=texts.index)


def _is_blank(code_set: str, texts: pd.Series[str]) -> pd.Series[bool]:
    """Which cells say nothing; one that says something unreadable is not blank."""

    def says(text: str) -> tuple[str | None, str | None]:
        return (None if matcher(code_set).match(text).rule == "null" else "said"), None

    return pd.Series(parse_distinct(texts, says, "str").values, index=texts.index).isna()
