"""Quarantine rows that are no record, or a record without a person's id; each with the rule that decides."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.clean.rules.catalogue import RULES
from cf_pipeline.clean.values.dates import parse_date, parse_iso_dates
from cf_pipeline.clean.values.ids import is_plain_id, parse_id, parse_plain_ids
from cf_pipeline.clean.values.parse_distinct import Mask, parse_distinct
from cf_pipeline.clean.values.repair import repair_text
from cf_pipeline.contracts.header_words import is_header_of
from cf_pipeline.contracts.list_contract import PROVENANCE, ListContract
from cf_pipeline.contracts.words.absence import is_blank_word

TOTAL = re.compile(
    r"(?:grand |sub[- ]?|overall )?totals?\b.*|count(?: of\b.*|:.*)?|number of (?:rows|records).*",
    re.IGNORECASE,
)
FOOTER = re.compile(
    r"(?:applied filters|filters?|end of (?:report|list|data)|printed|source|report (?:run|produced)|"
    r"generated|run (?:on|by|date)|page \d+|notes?|produced|exported|official|confidential)\b.*",
    re.IGNORECASE,
)
FEW_CELLS = 2
"""A row without an id and with at most this many filled cells is a note, unless one is its key date."""
LATEST_YEAR = 2100
QUARANTINE_RULES = [code for code, rule in RULES.items() if rule.is_quarantine]


def find_quarantine_rules(
    contract: ListContract, rows: pd.DataFrame, findings: pd.DataFrame | None = None
) -> npt.NDArray[np.object_]:
    """For each ingested row of a list the rule that quarantines it; None for a record.

    `blank_row`, `total_row`, `footer_row`, `repeated_header`: not a record (docs/rulings.md#21).
    `no_child_id`, `id_digits_lost`: a record without a usable id. `findings` of reading quarantine further
    rows, such as those of another authority.
    """
    person = rows[contract.person]
    rules = np.full(len(rows), None, dtype=object)
    ids = parse_distinct(person, parse_id, "str", partial(_rule_of_id_text, contract), parse_plain_ids)
    has_no_id = np.asarray(pd.isna(ids.values))
    rules[has_no_id] = "no_child_id"
    rules[np.flatnonzero(has_no_id)[_is_note(contract, rows[has_no_id])]] = "footer_row"
    rules[np.flatnonzero(has_no_id)[_is_total(contract, rows[has_no_id])]] = "total_row"
    rules[np.flatnonzero(has_no_id)[_is_blank(contract, rows[has_no_id])]] = "blank_row"
    for rule, is_broken in ids.broken.items():
        if rule in QUARANTINE_RULES:
            rules[is_broken] = rule
    _add_rules_of_findings(contract, rows, findings, rules)
    return rules


def _add_rules_of_findings(
    contract: ListContract,
    rows: pd.DataFrame,
    findings: pd.DataFrame | None,
    rules: npt.NDArray[np.object_],
) -> None:
    """Set in `rules` those by which a finding quarantines a row.

    A rule found in the row's cells comes first: a totals row of another authority is a totals row. Only
    `no_child_id` gives way.
    """
    if findings is None or findings.empty:
        return
    own = findings[findings["list"].eq(contract.name) & findings["rule"].isin(QUARANTINE_RULES)]
    place = ["delivery_id", "file", "sheet", "excel_row"]
    if len(own):
        places = rows[place].fillna({"sheet": ""})
        by_place = own[[*place, "rule"]].fillna({"sheet": ""}).drop_duplicates(place)
        found = places.merge(by_place, on=place, how="left")["rule"].to_numpy(dtype=object)
        is_set = pd.notna(found) & np.isin(rules.astype(str), ["None", "no_child_id"])
        rules[is_set] = found[is_set]


def _rule_of_id_text(contract: ListContract, text: str) -> str | None:
    """The rule of a row whose cell for the id holds a header, a total or a footer."""
    if is_plain_id(text):
        return None
    text = repair_text(text)
    if is_header_of(contract, contract.person, text):
        return "repeated_header"
    if TOTAL.fullmatch(text):
        return "total_row"
    return "footer_row" if FOOTER.fullmatch(text) else None


def _is_note(contract: ListContract, rows: pd.DataFrame) -> Mask:
    """Which rows have at most `FEW_CELLS` filled cells and no readable key date."""
    is_short = rows[contract.column_names].notna().sum(axis=1).to_numpy() <= FEW_CELLS
    if contract.key_date is None:
        return is_short
    dates = parse_distinct(
        rows[contract.key_date],
        lambda text: parse_date(text, LATEST_YEAR),
        "datetime64[us]",
        bulk_parser=parse_iso_dates,
    )
    return is_short & np.asarray(pd.isna(dates.values))


def _is_total(contract: ListContract, rows: pd.DataFrame) -> Mask:
    """Which rows have a cell that is the words of a totals row."""
    is_total = np.zeros(len(rows), dtype=bool)
    for column in contract.column_names if len(rows) else []:
        is_total |= _holds(rows[column], lambda text: TOTAL.fullmatch(text) is not None)
    return is_total


def _is_blank(contract: ListContract, rows: pd.DataFrame) -> Mask:
    """Which rows have only cells that are empty or a word for an empty cell ('None', '-')."""
    is_filled = np.zeros(len(rows), dtype=bool)
    for column in contract.column_names if len(rows) else []:
        is_filled |= _holds(rows[column], lambda text: not is_blank_word(text))
    return ~is_filled


def _holds(texts: pd.Series[str], test: Callable[[str], bool]) -> Mask:
    """Which texts pass the test once repaired; a missing one does not."""
    found = parse_distinct(texts, lambda text: (None, "holds" if test(repair_text(text)) else None), "str")
    return found.broken.get("holds", np.zeros(len(texts), dtype=bool))


def quarantine_rows(
    contract: ListContract, rows: pd.DataFrame, rules: npt.NDArray[np.object_]
) -> pd.DataFrame:
    """The rows that a rule quarantines: provenance, list, rule and reason; no cell of theirs."""
    is_quarantined = pd.notna(rules)
    rule = pd.Series(rules[is_quarantined], index=rows.index[is_quarantined], dtype="str")
    places = pd.DataFrame(rows.loc[is_quarantined, list(PROVENANCE)])
    header = contract.column(contract.person).header
    reasons = {code: RULES[code].message.format(column=header) for code in QUARANTINE_RULES}
    return places.assign(list=contract.name, rule=rule, reason=rule.map(reasons).astype("str"))
