"""What somebody must decide: wordings that fit no code, how many rows hold each, and our best guess.

A line of the council's `mapping.toml` settles each. A coded column may hold free text about a person, so a
wording is shown only when it is short and holds no date, long number or address; else its place is.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from cf_pipeline.clean.codes.code_book import code_book, national_aliases
from cf_pipeline.clean.codes.keywords import code_by_keyword
from cf_pipeline.clean.codes.match import matcher
from cf_pipeline.clean.codes.normalise import words_of
from cf_pipeline.clean.issues import joined
from cf_pipeline.clean.values.repair import repair_text
from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.mapping import NO_MAPPING, CouncilMapping

TO_DECIDE: dict[str, str] = {
    "list": "str",
    "column": "str",
    "code_set": "str",
    "wording": "str",
    "rows": "Int64",
    "guess": "str",
}
"""Columns of what is to be decided and their dtypes; `guess` is a canonical code, missing without one."""

LONGEST_SHOWN = 60
PERSONAL = re.compile(
    r"\d{6}|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\b\d{1,2}(?:st|nd|rd|th)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep"
    r"|oct|nov|dec)|@|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|\b(?:mr|mrs|ms|miss|dr)\b",
    re.IGNORECASE,
)
GOOD_GUESS = 60


def to_decide(
    contract: ListContract, text: pd.DataFrame, issues: pd.DataFrame, mapping: CouncilMapping = NO_MAPPING
) -> pd.DataFrame:
    """Each distinct unmatched wording of a list, columns of `TO_DECIDE`, the most rows first.

    Args:
        contract: the list.
        text: its ingested records with provenance.
        issues: its issues; those of the rule `code_unmatched` say in which columns to look.
        mapping: the council's own words.
    """
    columns = issues.loc[issues["rule"] == "code_unmatched", "column"].unique()
    found = [_of_column(contract, str(column), text, mapping) for column in columns]
    return joined(found, TO_DECIDE)


def guessed_code(code_set: str, text: str) -> str | None:
    """The code that a wording most likely means, None when nothing comes near; for a person to confirm."""
    guess = code_by_keyword(code_set, text)
    labels = code_book(code_set, national_aliases(code_set)).phrases
    if guess or not labels:
        return guess
    words = words_of(code_set, text)
    _, score, place = process.extractOne(
        words, [label.text for label in labels], scorer=fuzz.token_sort_ratio
    )
    return labels[place].code if score >= GOOD_GUESS else None


def _of_column(
    contract: ListContract, column: str, text: pd.DataFrame, mapping: CouncilMapping
) -> pd.DataFrame:
    code_set = contract.column(column).code_set or ""
    codes = matcher(code_set, mapping)
    written = text[column].dropna().unique()
    cells = text[text[column].isin([one for one in written if codes.match(one).rule == "unmatched"])]
    written_so = cells[column].astype("str")
    wordings = written_so.map({one: repair_text(one) for one in written_so.unique()})
    guesses = {one: guessed_code(code_set, one) for one in wordings.unique()}
    counted = (
        pd.DataFrame({"wording": wordings, "file": cells["file"], "row": cells["excel_row"]})
        .groupby("wording", as_index=False, sort=False)
        .agg(rows=("row", "size"), file=("file", "first"), row=("row", "first"))
        .sort_values(["rows", "wording"], ascending=[False, True])
    )
    is_shown = np.array([_may_be_shown(one) for one in counted["wording"]], dtype=bool)
    place = "(not shown: row " + counted["row"].astype("str") + " of " + counted["file"] + ")"
    return pd.DataFrame(
        {
            "list": contract.name,
            "column": column,
            "code_set": code_set,
            "wording": counted["wording"].where(is_shown, place),
            "rows": counted["rows"],
            "guess": counted["wording"].map(guesses),
        }
    )


def _may_be_shown(wording: str) -> bool:
    return len(wording) <= LONGEST_SHOWN and not PERSONAL.search(wording)
