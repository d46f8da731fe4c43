"""Proposals for the council's mapping: headers and wordings that fit nothing, and a line for each.

The line goes into `raw/<authority>/mapping.toml`, under the table of the proposal.
"""

from __future__ import annotations

import json

import pandas as pd

from cf_pipeline.contracts.codes import code_sets
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.tables import table_contract

PROPOSALS = table_contract("quality/mapping_proposals")
"""`kind` is 'header' or 'code', `line` the line under `[table]`."""

NO_GUESS = "none: choose"
NOT_SHOWN = "(not shown"
"""Start of the text that replaces a header or wording that may be about a person; it names the place."""
LOOK_IT_UP = "# look the wording up in the file"


def propose_mappings(headers: pd.DataFrame, codes: pd.DataFrame) -> pd.DataFrame:
    """The rows of the sheet "To decide", most rows first, in the columns of `PROPOSALS`.

    A wording has one row a code set, however many lists and deliveries use it, because one line of the
    mapping settles it. Without a guess the line is a comment to fill in: pasted as it is, it changes nothing.

    Args:
        headers: headers that fit no column (`ingest.tables.unmatched_headers.UNMATCHED`).
        codes: wordings that fit no code (`clean.codes.unmatched_codes.TO_DECIDE`).
    """
    proposals = pd.concat([_propose_headers(headers), _propose_codes(codes)], ignore_index=True)
    ordered = proposals.sort_values(["rows", "kind", "table", "wording"], ascending=[False, True, True, True])
    return PROPOSALS.cast(ordered).reset_index(drop=True)


def _propose_headers(headers: pd.DataFrame) -> pd.DataFrame:
    sheets = headers[["list", "header", "file", "sheet"]].drop_duplicates()
    sheet = (", sheet '" + sheets["sheet"] + "'").mask(sheets["sheet"].fillna("").eq(""), "")
    where = (
        (sheets["file"] + sheet).rename("where").groupby([sheets["list"], sheets["header"]]).agg("; ".join)
    )
    groups = headers.groupby(["list", "header"])
    proposals = groups.agg(rows=("rows", "sum"), guess=("guess", _agreed)).join(where).reset_index()
    titles = {
        (contract.name, column.name): column.header
        for contract in list_contracts().values()
        for column in contract.columns
    }
    return proposals.assign(
        kind="header",
        column="",
        wording=proposals["header"],
        table="headers." + proposals["list"],
        line=_lines(proposals["header"], proposals["guess"]),
        guess=_guess_texts(proposals["guess"], proposals["list"], titles),
    )


def _propose_codes(codes: pd.DataFrame) -> pd.DataFrame:
    groups = codes.groupby(["code_set", "wording"])
    proposals = groups.agg(
        rows=("rows", "sum"),
        guess=("guess", "first"),
        list=("list", _join_names),
        column=("column", _join_names),
    ).reset_index()
    labels = {(name, code.code): code.reader_label for name, codes_ in code_sets().items() for code in codes_}
    return proposals.assign(
        kind="code",
        table="codes." + proposals["code_set"],
        line=_lines(proposals["wording"], proposals["guess"]),
        guess=_guess_texts(proposals["guess"], proposals["code_set"], labels),
        where="",
    )


def _lines(wordings: pd.Series[str], guesses: pd.Series[str]) -> list[str]:
    return [_line(wording, guess) for wording, guess in zip(wordings, guesses, strict=True)]


def _line(wording: str, guess: str) -> str:
    if wording.startswith(NOT_SHOWN):
        return LOOK_IT_UP
    return (
        f"{_toml_string(wording)} = {_toml_string(guess)}"
        if _is_given(guess)
        else f'# {_toml_string(wording)} = "..."'
    )


def _is_given(guess: str) -> bool:
    return not pd.isna(guess) and guess != ""


def _toml_string(text: str) -> str:
    """A string of TOML: that of JSON, with DEL escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _guess_texts(
    guesses: pd.Series[str], scopes: pd.Series[str], labels: dict[tuple[str, str], str]
) -> list[str]:
    """Each guess with its label, looked up by list or code set and column or code."""
    texts = []
    for scope, guess in zip(scopes, guesses, strict=True):
        label = labels.get((scope, guess))
        texts.append(NO_GUESS if not _is_given(guess) else f"{guess} ({label})" if label else guess)
    return texts


def _agreed(guesses: pd.Series[str]) -> str:
    """The guess of every file, or none: a line of the mapping holds for all of them."""
    different = set(guesses.fillna(""))
    return different.pop() if len(different) == 1 else ""


def _join_names(names: pd.Series[str]) -> str:
    return "; ".join(sorted(set(names.dropna())))
