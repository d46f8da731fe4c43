"""The report's own words, from `data/words.toml`, with their placeholders filled in."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

import pandas as pd

from cf_pipeline.outputs.report.model import Sentence, Sentences


def phrase(group: str, name: str, **values: object) -> str:
    """One text of the file.

    Args:
        group: its table in the file.
        name: its key.
        values: by placeholder.

    Raises:
        KeyError: there is no such text, or a placeholder has no value.
    """
    return str(all_words()[group][name]).format(**values)


def count_phrase(group: str, name: str, count: int, **values: object) -> str:
    """The text about a number of things: that of the key with `_one` about one, else with {count}."""
    return phrase(group, f"{name}_one" if count == 1 else name, count=f"{count:,}", **values)


def phrases(group: str, name: str, **values: object) -> tuple[str, ...]:
    """The texts of a list in the file, as `phrase`."""
    return tuple(str(text).format(**values) for text in all_words()[group][name])


def paragraph(*texts: str) -> Sentences:
    """Texts as sentences of one paragraph each."""
    return Sentences(tuple(Sentence(text) for text in texts))


def points(*texts: str) -> Sentences:
    """Texts as the points of a list."""
    return Sentences(tuple(Sentence(text) for text in texts), is_list=True)


def day(date: Any) -> str:
    """'31 December 2019'; 'not known' for a missing date."""
    if pd.isna(date):
        return phrase("report", "not_known")
    return f"{date.day} {date:%B %Y}"


@cache
def all_words() -> dict[str, dict[str, Any]]:
    """Every text of the file by table and key."""
    path = resources.files("cf_pipeline.outputs.report") / "data" / "words.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
