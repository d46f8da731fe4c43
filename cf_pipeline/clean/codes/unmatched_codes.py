"""List the wordings that match no code, with how many rows hold each and the most likely code.

A person decides each by a line in the council's `mapping.toml` (docs/mapping.md). A coded column may hold
free text about a person. So a wording is written out only when it is short and holds no date, long number,
e-mail address, postcode or title of a person; otherwise its place is given.
"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from cf_pipeline.clean.codes.code_book import code_book, national_aliases
from cf_pipeline.clean.codes.keywords import code_by_keyword
from cf_pipeline.clean.codes.match import code_matcher
from cf_pipeline.clean.codes.normalise import normalise_words
from cf_pipeline.clean.values.repair import repair_text
from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.mapping import NO_MAPPING, CouncilMapping
from cf_pipeline.contracts.tables import TableColumn, table_contract

TO_DECIDE = table_contract("clean/to_decide")
"""`guess` is a canonical code, missing without one."""
WORDINGS = replace(
    TO_DECIDE,
    columns=(
        *TO_DECIDE.columns,
        TableColumn("delivery_id", "string", "the delivery"),
        TableColumn("file", "string", "the first file of the delivery that holds it"),
        TableColumn("row", "integer", "its first row there"),
    ),
)
"""The wordings of each delivery by itself; those that may be about a person too."""

LONGEST_WORDING = 60
PERSONAL = re.compile(
    r"\d{6}|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\b\d{1,2}(?:st|nd|rd|th)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep"
    r"|oct|nov|dec)|@|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|\b(?:mr|mrs|ms|miss|dr)\b",
    re.IGNORECASE,
)
LOWEST_GUESS_SCORE = 60


def count_unmatched(
    contract: ListContract, text: pd.DataFrame, issues: pd.DataFrame, mapping: CouncilMapping = NO_MAPPING
) -> pd.DataFrame:
    """Each distinct unmatched wording of a list in each delivery, as it is written; columns of `WORDINGS`.

    Args:
        contract: the list's contract.
        text: its ingested records with provenance.
        issues: its issues; those of the rule `code_unmatched` name the columns.
        mapping: the council's own words.
    """
    is_unmatched = issues["rule"] == "code_unmatched"
    if not is_unmatched.any():
        return WORDINGS.empty()
    columns = issues.loc[is_unmatched, "column"].unique()
    return WORDINGS.concat(_unmatched_of_column(contract, str(column), text, mapping) for column in columns)


def list_unmatched_codes(wordings: pd.DataFrame) -> pd.DataFrame:
    """Each distinct unmatched wording of all deliveries, columns of `TO_DECIDE`; per column, most rows first.

    Args:
        wordings: columns of `WORDINGS`, the deliveries of a list in their order.
    """
    if wordings.empty:
        return TO_DECIDE.empty()
    lists = list_contracts()
    names = list(lists)
    counted = (
        wordings.groupby(["list", "column", "code_set", "wording"], as_index=False, sort=False)
        .agg(rows=("rows", "sum"), guess=("guess", "first"), file=("file", "first"), row=("row", "first"))
        .assign(
            list_position=lambda found: found["list"].map(names.index),
            position=lambda found: [
                lists[name].column_names.index(column)
                for name, column in zip(found["list"], found["column"], strict=True)
            ],
        )
        .sort_values(
            ["list_position", "position", "rows", "wording"],
            ascending=[True, True, False, True],
            ignore_index=True,
        )
    )
    is_shown = np.array([_is_impersonal(wording) for wording in counted["wording"]], dtype=bool)
    place = "(not shown: row " + counted["row"].astype("str") + " of " + counted["file"] + ")"
    return TO_DECIDE.cast(counted.assign(wording=counted["wording"].where(is_shown, place)))


def guess_code(code_set: str, text: str) -> str | None:
    """The code that a wording most likely means, for a person to confirm; None when no label is similar."""
    guess = code_by_keyword(code_set, text)
    labels = code_book(code_set, national_aliases(code_set)).phrases
    if guess or not labels:
        return guess
    words = normalise_words(code_set, text)
    _, score, place = process.extractOne(
        words, [label.text for label in labels], scorer=fuzz.token_sort_ratio
    )
    return labels[place].code if score >= LOWEST_GUESS_SCORE else None


def _unmatched_of_column(
    contract: ListContract, column: str, text: pd.DataFrame, mapping: CouncilMapping
) -> pd.DataFrame:
    code_set = contract.column(column).code_set or ""
    codes = code_matcher(code_set, mapping)
    unmatched = [cell for cell in text[column].dropna().unique() if codes.match(cell).rule == "unmatched"]
    cells = text[text[column].isin(unmatched)]
    wordings = cells[column].astype("str").map({cell: repair_text(cell) for cell in unmatched})
    guesses = {wording: guess_code(code_set, wording) for wording in wordings.unique()}
    places = {"delivery_id": cells["delivery_id"], "file": cells["file"], "row": cells["excel_row"]}
    counted = (
        pd.DataFrame({"wording": wordings, **places})
        .groupby(["delivery_id", "wording"], as_index=False, sort=False)
        .agg(rows=("row", "size"), file=("file", "first"), row=("row", "first"))
    )
    return counted.assign(
        list=contract.name, column=column, code_set=code_set, guess=counted["wording"].map(guesses)
    )


def _is_impersonal(wording: str) -> bool:
    """Whether a wording is short and holds nothing that may point to a person."""
    return len(wording) <= LONGEST_WORDING and not PERSONAL.search(wording)
