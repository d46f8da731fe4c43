"""What a council has to decide: headers and wordings that fit nothing, and the line that settles each.

The line goes into `raw/<authority>/mapping.toml` under the table named beside it.
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
"""How a header or wording starts that may be about a person and is named by its place instead."""
LOOK_IT_UP = "# look the wording up in the file"


def propose_mappings(headers: pd.DataFrame, codes: pd.DataFrame) -> pd.DataFrame:
    """The rows of the sheet "To decide", most rows first, in the columns of `PROPOSALS`.

    A wording is one row a code set, however many lists and deliveries use it: one line settles it. Without
    a guess the line is a comment to fill in, so that pasting it as it is changes nothing.

    Args:
        headers: what fits no column (`ingest.tables.unmatched_headers.UNMATCHED`).
        codes: wordings that fit no code (`clean.codes.unmatched_codes.TO_DECIDE`).
    """
    found = pd.concat([_headers(headers), _codes(codes)], ignore_index=True)
    ordered = found.sort_values(["rows", "kind", "table", "wording"], ascending=[False, True, True, True])
    return PROPOSALS.cast(ordered).reset_index(drop=True)


def _headers(headers: pd.DataFrame) -> pd.DataFrame:
    sheets = headers[["list", "header", "file", "sheet"]].drop_duplicates()
    named = sheets["file"] + (", sheet '" + sheets["sheet"] + "'").mask(sheets["sheet"].fillna("").eq(""), "")
    where = named.rename("where").groupby([sheets["list"], sheets["header"]]).agg("; ".join)
    groups = headers.groupby(["list", "header"])
    found = groups.agg(rows=("rows", "sum"), guess=("guess", "first")).join(where).reset_index()
    titles = {
        (contract.name, column.name): column.header
        for contract in list_contracts().values()
        for column in contract.columns
    }
    return found.assign(
        kind="header",
        column="",
        wording=found["header"],
        table="headers." + found["list"],
        line=_lines(found["header"], found["guess"]),
        guess=_guesses(found["guess"], found["list"], titles),
    )


def _codes(codes: pd.DataFrame) -> pd.DataFrame:
    groups = codes.groupby(["code_set", "wording"])
    found = groups.agg(
        rows=("rows", "sum"), guess=("guess", "first"), list=("list", _together), column=("column", _together)
    ).reset_index()
    labels = {(name, code.code): code.label for name, codes_ in code_sets().items() for code in codes_}
    return found.assign(
        kind="code",
        table="codes." + found["code_set"],
        line=_lines(found["wording"], found["guess"]),
        guess=_guesses(found["guess"], found["code_set"], labels),
        where="",
    )


def _lines(wordings: pd.Series[str], guesses: pd.Series[str]) -> list[str]:
    return [_line(wording, guess) for wording, guess in zip(wordings, guesses, strict=True)]


def _line(wording: str, guess: str) -> str:
    if wording.startswith(NOT_SHOWN):
        return LOOK_IT_UP
    return f"{_quoted(wording)} = {_quoted(guess)}" if _known(guess) else f'# {_quoted(wording)} = "..."'


def _known(guess: str) -> bool:
    return not pd.isna(guess) and guess != ""


def _quoted(text: str) -> str:
    """A string as TOML writes it; JSON's way is TOML's, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _guesses(guesses: pd.Series[str], scope: pd.Series[str], words: dict[tuple[str, str], str]) -> list[str]:
    said = []
    for of, guess in zip(scope, guesses, strict=True):
        label = words.get((of, guess))
        said.append(NO_GUESS if not _known(guess) else f"{guess} ({label})" if label else guess)
    return said


def _together(names: pd.Series[str]) -> str:
    return "; ".join(sorted(set(names.dropna())))
