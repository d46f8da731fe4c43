"""The words for what stands in a record: codes, lists, columns, teams and workers."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

import pandas as pd

from cf_pipeline.contracts.code_labels import code_labels
from cf_pipeline.contracts.lists import list_contracts

LISTS = "lists"
"""In the place of a set of codes: the code is the name of a delivered list."""
NO_TEAM, NO_WORKER = "no team", "no worker"
_LETTERS_OF_WORKER = 8
"""So much of a worker's pseudonym is shown: enough to tell the workers of a council apart."""


def text_of(value: Any) -> str:
    """A cell's text; '' where it is missing."""
    return "" if value is None or pd.isna(value) else str(value)


def code_text(code: Any, code_set: str | None) -> str:
    """The label of a code for readers; a code that the set does not have, and a text, as it is."""
    text = text_of(code)
    if code_set is None or not text:
        return text
    return list_title(text) if code_set == LISTS else code_labels(code_set).get(text, text)


def event_text(event: str, code: Any) -> str:
    """The label of the code that stands with an event of a timeline."""
    return code_text(code, _event_codes().get(event))


def list_title(name: Any) -> str:
    """The title of a delivered list, as in 'Contacts'; another text as it is."""
    text = text_of(name)
    return list_contracts()[text].title if text in list_contracts() else text.replace("_", " ")


def column_title(list_name: str, column: str) -> str:
    """The header of a column of a delivered list; another name with spaces."""
    contract = list_contracts().get(list_name)
    if contract is None or column not in contract.column_names:
        return column.replace("_", " ")
    return contract.column(column).header


def team_text(team: Any) -> str:
    """A team, or that there is none."""
    return text_of(team) or NO_TEAM


def worker_text(worker: Any, name: Any = None) -> str:
    """A worker's name where the council's mapping lists it, else the beginning of the pseudonym."""
    pseudonym = text_of(worker)
    if not pseudonym:
        return NO_WORKER
    return text_of(name) or f"worker {pseudonym[:_LETTERS_OF_WORKER]}"


@cache
def read_data(name: str) -> dict[str, Any]:
    """What one of the package's TOML files holds."""
    path = resources.files("cf_pipeline.dashboard.pages.records.rows") / "data" / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _event_codes() -> dict[str, str]:
    return read_data("events")
