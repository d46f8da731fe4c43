"""Rows that are no record, or a record nobody can be tied to: set aside, counted, named by rule."""

from __future__ import annotations

import re
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.clean.rules.catalogue import RULES
from cf_pipeline.clean.values.dates import parse_date, parse_iso_dates
from cf_pipeline.clean.values.nulls import is_blank_word
from cf_pipeline.clean.values.parse_distinct import Mask, parse_distinct
from cf_pipeline.clean.values.repair import repair_text
from cf_pipeline.clean.values.scalars import PLAIN_ID, parse_id, parse_plain_ids
from cf_pipeline.contracts.list_contract import PROVENANCE, ListContract
from cf_pipeline.ingest.tables.match_headers import is_header_of

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
"""A row without an id and with no more cells than this is a note, unless one of them is its key date."""
LATEST_YEAR = 2100
SET_ASIDE = [code for code, rule in RULES.items() if rule.is_quarantine]


def quarantine_rule(
    contract: ListContract, rows: pd.DataFrame, findings: pd.DataFrame | None = None
) -> npt.NDArray[np.object_]:
    """For each ingested row of a list the rule that sets it aside, or None: it is a record.

    `blank_row`, `total_row`, `footer_row`, `repeated_header`: not a record.
    `no_child_id`, `id_digits_lost`: a record that cannot be tied to anybody.
    `findings` of reading name further rows, by rules that set aside.
    """
    person = rows[contract.person]
    found = np.full(len(rows), None, dtype=object)
    ids = parse_distinct(person, parse_id, "str", partial(_kind_of_id, contract), parse_plain_ids)
    without_id = np.asarray(pd.isna(ids.values))
    found[without_id] = "no_child_id"
    found[np.flatnonzero(without_id)[_is_note(contract, rows[without_id])]] = "footer_row"
    found[np.flatnonzero(without_id)[_says_total(contract, rows[without_id])]] = "total_row"
    found[np.flatnonzero(without_id)[_says_nothing(contract, rows[without_id])]] = "blank_row"
    for rule, mask in ids.broken.items():
        if rule in SET_ASIDE:
            found[mask] = rule
    _set_noticed(contract, rows, findings, found)
    return found


def _set_noticed(
    contract: ListContract,
    rows: pd.DataFrame,
    findings: pd.DataFrame | None,
    found: npt.NDArray[np.object_],
) -> None:
    """The rules by which reading itself set rows aside; a totals row of another authority is a totals row."""
    if findings is None or findings.empty:
        return
    noticed = findings[findings["list"].eq(contract.name) & findings["rule"].isin(SET_ASIDE)]
    place = ["delivery_id", "file", "sheet", "excel_row"]
    if len(noticed):
        where = rows[place].fillna({"sheet": ""})
        named = noticed[[*place, "rule"]].fillna({"sheet": ""}).drop_duplicates(place)
        rule = where.merge(named, on=place, how="left")["rule"].to_numpy(dtype=object)
        take = pd.notna(rule) & np.isin(found.astype(str), ["None", "no_child_id"])
        found[take] = rule[take]


def _kind_of_id(contract: ListContract, text: str) -> str | None:
    if PLAIN_ID.fullmatch(text):
        return None
    text = repair_text(text)
    if is_header_of(contract, contract.person, text):
        return "repeated_header"
    if TOTAL.fullmatch(text):
        return "total_row"
    return "footer_row" if FOOTER.fullmatch(text) else None


def _is_note(contract: ListContract, rows: pd.DataFrame) -> Mask:
    filled = rows[contract.column_names].notna().sum(axis=1).to_numpy() <= FEW_CELLS
    if contract.key_date is None:
        return filled
    dates = parse_distinct(
        rows[contract.key_date],
        lambda text: parse_date(text, LATEST_YEAR),
        "datetime64[us]",
        bulk_parser=parse_iso_dates,
    )
    return filled & np.asarray(pd.isna(dates.values))


def _says_total(contract: ListContract, rows: pd.DataFrame) -> Mask:
    said = np.zeros(len(rows), dtype=bool)
    for column in contract.column_names if len(rows) else []:
        found = parse_distinct(
            rows[column], lambda text: (None, "t" if TOTAL.fullmatch(repair_text(text)) else None), "str"
        )
        said |= found.broken.get("t", False)
    return said


def _says_nothing(contract: ListContract, rows: pd.DataFrame) -> Mask:
    """Rows whose every cell is empty or a word for nothing ('None', '-')."""
    nothing = np.ones(len(rows), dtype=bool)
    for column in contract.column_names if len(rows) else []:
        found = parse_distinct(
            rows[column], lambda text: (None, None if is_blank_word(repair_text(text)) else "said"), "str"
        )
        nothing &= ~found.broken.get("said", np.zeros(len(rows), dtype=bool))
    return nothing


def set_aside(
    contract: ListContract, rows: pd.DataFrame, rules: npt.NDArray[np.object_], reasons: dict[str, str]
) -> pd.DataFrame:
    """The rows with a rule as quarantine: provenance, rule and reason, no cell."""
    aside = pd.notna(rules)
    rule = pd.Series(rules[aside], index=rows.index[aside], dtype="str")
    where = pd.DataFrame(rows.loc[aside, list(PROVENANCE)])
    header = contract.column(contract.person).header
    said = {code: reason.format(column=header) for code, reason in reasons.items()}
    return where.assign(list=contract.name, rule=rule, reason=rule.map(said).astype("str"))
