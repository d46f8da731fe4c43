"""How far the name of a sheet or a file names a list: "List 3", "Referrals", "EH Assessments 2019"."""

from __future__ import annotations

import re
from functools import lru_cache

from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.words.headers import squash

SHORTEST_PLURAL = 3
"""Letters of a word from which its last s is a plural's."""
WHOLE_NAME = 100
"""Evidence of a name that is the list's number or name, and nothing else."""
LIST_NUMBER = re.compile(r"(?<![a-z])list[ _-]*0*(\d{1,2})(?!\d)", re.IGNORECASE)


def name_evidence(contract: ListContract, name: str) -> int:
    """How strongly a sheet's or file's name is evidence of a list.

    Returns:
        WHOLE_NAME: the name is the list's number or name; else how many of its words are the list's name, of
        several names the longest; 0: none. "EH Assessments 2019" is early help rather than assessments.
    """
    return _evidence(contract.number, (*contract.sheet_names, contract.name, contract.title), name)


@lru_cache(maxsize=8192)
def _evidence(list_number: int | None, list_names: tuple[str, ...], name: str) -> int:
    numbers = {int(number) for number in LIST_NUMBER.findall(name)}
    if numbers:
        return WHOLE_NAME if numbers == {list_number} else 0
    squashed, words = squash(name), f" {_words(name)} "
    evidence = 0
    for list_name in list_names:
        if squashed == squash(list_name):
            return WHOLE_NAME
        if not LIST_NUMBER.search(list_name) and f" {_words(list_name)} " in words:
            evidence = max(evidence, len(_words(list_name).split()))
    return evidence


def _words(name: str) -> str:
    """The words of a name, without the s of a plural."""
    words = re.findall("[a-z0-9]+", name.casefold().replace("_", " "))
    return " ".join(
        word[:-1] if len(word) > SHORTEST_PLURAL and word.endswith("s") else word for word in words
    )
