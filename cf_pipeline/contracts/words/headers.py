"""Spellings of headers: what makes two of them equal, and every one that a list has. Standard library only.

The parser process imports this: it tells a delimiter by the headers between which it stands.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib import resources

_BRACKETED = re.compile(r"[(\[{][^()\[\]{}]*[)\]}]")
_TABLE = re.compile(r"^\s*(ssd_)?[a-z_]+\.(?=[a-z]+_)", re.IGNORECASE)
"""The table before a field's name, as in `ssd_person.pers_person_id`."""
_LEADING_NUMBER = re.compile(r"^\s*\d{1,2}\s*[.):-]\s*(?=\D)")
_NOT_LETTER_OR_DIGIT = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=8192)
def squash(text: str) -> str:
    """Letters and digits only, lower case: headers, sheet names and aliases are compared by it."""
    return _NOT_LETTER_OR_DIGIT.sub("", unicodedata.normalize("NFKC", text).casefold())


@lru_cache(maxsize=8192)
def squash_without_extras(text: str) -> str:
    """Squashed without bracketed parts ('(Y/N)', '(dd/mm/yyyy)'), a leading '7. ' or a table's name."""
    return squash(_TABLE.sub("", _LEADING_NUMBER.sub("", _BRACKETED.sub(" ", text))))


@cache
def known_headers() -> frozenset[str]:
    """Every header of every list without its extras, squashed, read from the lists' TOML files."""
    folder = resources.files("cf_pipeline.contracts") / "lists"
    records = [
        tomllib.loads(path.read_text(encoding="utf-8"))
        for path in folder.iterdir()
        if path.name.endswith(".toml")
    ]
    return frozenset(
        squash_without_extras(text)
        for record in records
        for column in record["columns"]
        for text in (column["header"], column["name"], *column.get("aliases", ()))
    )
