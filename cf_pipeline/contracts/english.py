"""Small rules of English: number words, lists, singular and plural."""

from __future__ import annotations

from collections.abc import Iterable

NUMBER_WORDS = {1: "one", 2: "two", 3: "three", 4: "four"}


def join_words(items: Iterable[object]) -> str:
    """'80', '80 and 90', '80, 90 and 77'."""
    words = [str(item) for item in items]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def count_of(count: object, singular: str, plural: str) -> str:
    """'1 contact', '0 contacts', '77 contacts'."""
    return f"{count} {singular if count == 1 else plural}"


def sentence(text: str) -> str:
    """The text with a capital first letter and one full stop at its end."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
