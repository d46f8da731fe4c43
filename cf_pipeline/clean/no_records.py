"""Find rows that are no record: lines of dashes, totals, notes, group rows, rows of units, blank rows.

A record is never one of them for its id alone: a row with a readable key date, or with more than two filled
cells, stays whatever its id looks like (docs/rulings.md#21).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.clean.sources import SOURCE
from cf_pipeline.clean.values.dates import parse_date, parse_iso_dates
from cf_pipeline.clean.values.ids import find_plain_ids
from cf_pipeline.clean.values.parse_distinct import Mask, look_up_distinct, parse_distinct
from cf_pipeline.clean.values.repair import repair_text
from cf_pipeline.contracts.list_contract import DATE_TYPES, ListContract
from cf_pipeline.contracts.words.absence import is_blank_word

LINE = re.compile(r"[-=_*~+|. ]*[-=_*~+|]{3}[-=_*~+|. ]*")
TOTAL = re.compile(
    r"(?:grand |sub[- ]?|overall )?totals?\b.*|count(?: of\b.*|:.*)?|number of (?:rows|records).*",
    re.IGNORECASE,
)
TOTAL_ALONE = re.compile(r"(?:grand |sub[- ]?|overall )?totals?:?|count:?", re.IGNORECASE)
"""No id, whatever else the row holds."""
FOOTER = re.compile(
    r"(?:(?:no )?(?:applied )?filters?|end of (?:report|list|data)|printed|source|report (?:run|produced)|"
    r"generated|run (?:on|by|date)|page \d+|notes?|produced|exported|official|confidential|completion time|"
    r"query ok|\(?\d+ rows?)\b.*",
    re.IGNORECASE,
)
UNIT = re.compile(
    r"[(\[]?(?:text|free text|string|number|numeric|integer|int|bigint|decimal|float|code|coded|identifier|"
    r"id|unique|date|time|datetime2?|date/time|timestamp|bit|boolean|flag|n?(?:var)?char2?|years?|"
    r"days?|months?|weeks?|hours?|yes ?/ ?no|y ?/ ?n|m ?/ ?f|mandatory|optional|required|drop ?down|list|"
    r"[dmy]{1,4}[-/. ][dmy]{1,4}[-/. ][dmy]{1,4}(?: hh:mm(?::ss)?)?)"
    r"(?: ?\(\d+(?:, ?\d+)?\))?[)\]]?",
    re.IGNORECASE,
)
"""What a row of units or of types below the headers holds."""
USUAL_CELL = re.compile(r"[A-Z]{0,3}[0-9]{4,}|[0-9]{4}-[0-9]{2}-[0-9]{2}")
"""An id or a date as most are written, which is none of the other kinds of cells: known first, for speed."""
SMALL_NUMBER = re.compile(r"[(\[]?\d{1,3}[)\]]?")
FEW_CELLS = 2
"""A row with at most this many filled cells may be a note."""
USUAL_SHARE = 0.9
"""Nine in ten ids of one shape: an id of another shape is unlike the list's others."""
LATEST_YEAR = 2100


class Kind(IntEnum):
    """What a cell is, when it is looked at to tell a record from a note."""

    BLANK = 0
    LINE = 1
    UNIT = 2
    NUMBER = 3
    TOTAL = 4
    OTHER = 5


class IdText(IntEnum):
    """What stands in place of an id."""

    OTHER = 0
    FOOTER = 1
    TOTAL = 2
    TOTAL_ALONE = 3


def find_no_records(
    contract: ListContract, rows: pd.DataFrame, ids: pd.Series[str]
) -> npt.NDArray[np.object_]:
    """For each row the rule by which it is no record (`footer_row`, `total_row`, `blank_row`), else None.

    Args:
        contract: the list.
        rows: its ingested text.
        ids: the ids read in `rows`, missing where there is none.
    """
    rules = np.full(len(rows), None, dtype=object)
    id_texts = rows[contract.person]
    has_key_date = np.zeros(len(rows), dtype=bool)
    if contract.key_date is not None:
        has_key_date = _holds_date(rows[contract.key_date])
    words = _words_for_ids(id_texts)
    candidates = np.flatnonzero(~has_key_date | np.isin(words, [IdText.TOTAL_ALONE, IdText.FOOTER]))
    if not len(candidates):
        return rules
    kinds = _kinds_of_cells(contract, rows.iloc[candidates])
    filled = (kinds != Kind.BLANK).sum(axis=1)
    is_note = np.zeros(len(rows), dtype=bool)
    is_note[candidates] = (filled <= FEW_CELLS) & ~has_key_date[candidates]
    is_unlike = _is_unlike_others(rows, ids, is_note)
    if (filled == 1).any():
        is_unlike[candidates] |= (filled == 1) & _stands_in_an_empty_list(rows, ids, is_note)[candidates]
    is_note &= ids.isna().to_numpy() | is_unlike
    tests = CandidateRows(
        kinds,
        filled,
        has_date=_any_date(contract, rows.iloc[candidates]),
        has_key_date=has_key_date[candidates],
        lacks_id=ids.isna().to_numpy()[candidates],
        words=words[candidates],
    )
    rules[candidates] = _rules_of_candidates(contract, tests, is_note[candidates])
    return rules


@dataclass(frozen=True)
class CandidateRows:
    """Rows that may be no record: the kinds of their cells, and what they have of a record."""

    kinds: npt.NDArray[np.int8]
    filled: npt.NDArray[np.int_]
    has_date: Mask
    has_key_date: Mask
    lacks_id: Mask
    words: npt.NDArray[np.int8]


def _rules_of_candidates(
    contract: ListContract, rows: CandidateRows, is_note: Mask
) -> npt.NDArray[np.object_]:
    """The rule of each row, None for a record; the last of several decides."""
    rules = np.full(len(is_note), None, dtype=object)
    is_total_alone = rows.words == IdText.TOTAL_ALONE
    is_total = is_total_alone | (rows.words == IdText.TOTAL)
    is_line = np.isin(rows.kinds, [Kind.BLANK, Kind.LINE]).all(axis=1)
    has_total = (rows.kinds == Kind.TOTAL).any(axis=1)
    rules[(rows.words == IdText.FOOTER) & ((rows.filled <= FEW_CELLS) | ~rows.has_date)] = "footer_row"
    rules[is_note | (_is_row_of_units(contract, rows.kinds) & ~rows.has_key_date)] = "footer_row"
    rules[(rows.lacks_id & ~rows.has_key_date & has_total) | (is_total & ~rows.has_date)] = "total_row"
    rules[is_total_alone] = "total_row"
    rules[is_line & (rows.kinds == Kind.LINE).any(axis=1)] = "footer_row"
    rules[rows.filled == 0] = "blank_row"
    return rules


def _is_footer_text(text: str) -> bool:
    """Whether a text in place of an id is the words of a footer; 'NOTE-12' may be an id, 'Note: x' not."""
    return FOOTER.fullmatch(text) is not None and (" " in text or ":" in text)


def shapes_of_ids(ids: pd.Series[str]) -> pd.Series[str]:
    """The ids with A for each letter and 9 for each digit."""
    return ids.str.replace(r"\d", "9", regex=True).str.replace(r"[^\W\d_]", "A", regex=True)


def _kinds_of_cells(contract: ListContract, rows: pd.DataFrame) -> npt.NDArray[np.int8]:
    """For each row and column of the list the `Kind` of the cell."""
    kinds = np.zeros((len(rows), len(contract.columns)), dtype=np.int8)
    for position, name in enumerate(contract.column_names):
        kinds[:, position] = look_up_distinct(rows[name], _kind_of_text, Kind.BLANK)
    return kinds


def _kind_of_text(text: str) -> Kind:
    if USUAL_CELL.fullmatch(text):
        return Kind.OTHER
    text = repair_text(text)
    if LINE.fullmatch(text):
        return Kind.LINE
    if is_blank_word(text):
        return Kind.BLANK
    if UNIT.fullmatch(text):
        return Kind.UNIT
    if SMALL_NUMBER.fullmatch(text):
        return Kind.NUMBER
    return Kind.TOTAL if TOTAL.fullmatch(text) else Kind.OTHER


def _is_row_of_units(contract: ListContract, kinds: npt.NDArray[np.int8]) -> Mask:
    """Which rows hold words for units alone, or numbers of columns (a number where a date belongs)."""
    is_of_kind = np.isin(kinds, [Kind.BLANK, Kind.UNIT, Kind.NUMBER]).all(axis=1)
    is_date = np.array([column.type in DATE_TYPES for column in contract.columns])
    number_for_date = (kinds[:, is_date] == Kind.NUMBER).any(axis=1)
    units = (kinds == Kind.UNIT).sum(axis=1)
    is_long: Mask = (kinds != Kind.BLANK).sum(axis=1) > FEW_CELLS
    is_units: Mask = is_of_kind & is_long & ((units > 1) | number_for_date)
    return is_units


def _any_date(contract: ListContract, rows: pd.DataFrame) -> Mask:
    """Which rows have a readable date in any column of dates."""
    found = np.zeros(len(rows), dtype=bool)
    for name in contract.names_of_type(*DATE_TYPES):
        found |= _holds_date(rows[name])
    return found


def _words_for_ids(texts: pd.Series[str]) -> npt.NDArray[np.int8]:
    """For each cell of the id the `IdText` in it; other for a missing one and a plain number."""
    return look_up_distinct(texts, _words_of_text, IdText.OTHER, find_plain_ids)


def _words_of_text(text: str) -> IdText:
    text = repair_text(text)
    if TOTAL.fullmatch(text):
        return IdText.TOTAL_ALONE if TOTAL_ALONE.fullmatch(text) else IdText.TOTAL
    return IdText.FOOTER if _is_footer_text(text) else IdText.OTHER


def _holds_date(texts: pd.Series[str]) -> Mask:
    dates = parse_distinct(
        texts, lambda text: parse_date(text, LATEST_YEAR), "datetime64[us]", bulk_parser=parse_iso_dates
    )
    has_date: Mask = np.asarray(pd.notna(dates.values), dtype=bool)
    return has_date


def _is_unlike_others(rows: pd.DataFrame, ids: pd.Series[str], is_note: Mask) -> Mask:
    """Which rows that may be notes have an id unlike the other ids of their sheet.

    Unlike: with another shape than nine in ten of the others or, where they have no shape in common, with a
    space in it. Ids are compared by letters and digits one by one or, where their lengths differ, by what
    stands next to what ('CH-12' and 'CH-123' have one shape).
    """
    is_unlike = np.zeros(len(rows), dtype=bool)
    has_id = ids.notna().to_numpy()
    if not (is_note & has_id).any():
        return is_unlike
    sources = rows.groupby(SOURCE, dropna=False, observed=True).ngroup().to_numpy()
    for source in np.unique(sources[is_note & has_id]):
        in_source = (sources == source) & has_id
        records = in_source & ~is_note
        others = ids[records if records.any() else in_source].drop_duplicates()  # all dates may be unread
        notes = ids[in_source & is_note]
        unlike = notes.str.contains(" ", regex=False)
        for spell_shape in (_collapsed_shapes, shapes_of_ids):  # the stricter comes last and decides
            counts = spell_shape(others).value_counts()
            if len(counts) and counts.iloc[0] >= USUAL_SHARE * len(others):
                unlike = spell_shape(notes) != counts.index[0]
        is_unlike[in_source & is_note] = unlike.to_numpy(dtype=bool)
    return is_unlike


def _stands_in_an_empty_list(rows: pd.DataFrame, ids: pd.Series[str], is_note: Mask) -> Mask:
    """Which rows hold words without a digit where their sheet has no record: 'No records found'."""
    sources = rows.groupby(SOURCE, dropna=False, observed=True).ngroup()
    has_record = pd.Series(~is_note).groupby(sources.to_numpy()).transform("any").to_numpy(dtype=bool)
    is_words = ids.str.contains(" ", regex=False) & ~ids.str.contains(r"\d", regex=True)
    found: Mask = ~has_record & is_words.fillna(False).to_numpy(dtype=bool)
    return found


def _collapsed_shapes(ids: pd.Series[str]) -> pd.Series[str]:
    return shapes_of_ids(ids).str.replace("A+", "A", regex=True).str.replace("9+", "9", regex=True)
