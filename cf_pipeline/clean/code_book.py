"""The words and tokens by which each code of a set is known: built from the contracts and `data/`.

`data/code_words.csv` lists other wordings of a code, `data/code_tokens.csv` the codes of other code sets
that stand for it. A row whose set is `yes_no` holds for every `yes_no/...` set. Both are for colleagues
to edit.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from cf_pipeline.clean.repair import repaired
from cf_pipeline.contracts.codes import Code, code_sets, codes_of

APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
NOT_WORD = re.compile(r"[^a-z0-9]+")
ORDINAL = re.compile(r"^\(?([a-z]{1,2}\d?)\) *", re.IGNORECASE)
ORDINAL_MEANS_CODE = frozenset(
    {
        "gender", "case_status", "cp_category", "permanence_plan", "care_leaver_eligibility", "in_touch",
        "accommodation_suitability", "placement_location", "disability_flag",
    }
)  # fmt: skip
"""Sets whose official string is a letter and a label. In the others the letters moved between issues."""


@dataclass(frozen=True)
class CodeBook:
    """How the codes of one set are recognised; every key is folded text, every value a canonical code."""

    codes: dict[str, str]
    official: dict[str, str]
    labels: dict[str, str]
    tokens: dict[str, str]
    ordinals: dict[str, str]


def fold(text: str) -> str:
    """Lower-case words and digits with single spaces: '&' is 'and', an apostrophe in a word is nothing."""
    text = APOSTROPHE.sub("", repaired(text).casefold().replace("&", " and "))
    return NOT_WORD.sub(" ", text).strip()


@cache
def code_book(code_set: str) -> CodeBook:
    """The code book of a set; KeyError names a set that does not exist."""
    codes = codes_of(code_set)
    by_letter = code_set in ORDINAL_MEANS_CODE or code_set.startswith("yes_no/")
    return CodeBook(
        codes={fold(code.code): code.code for code in codes},
        official=_unique((fold(code.official), code.code) for code in codes if code.official),
        labels=_labels(code_set, codes),
        tokens={fold(code.code): code.code for code in codes} | _table("code_tokens.csv", code_set),
        ordinals={
            match[1].lower(): code.code
            for code in codes
            if by_letter and (match := ORDINAL.match(code.official))
        },
    )


def unknown_words() -> list[str]:
    """Rows of the tables in `data/` that name a set or code that does not exist (there should be none)."""
    wrong = []
    for name in ("code_words.csv", "code_tokens.csv"):
        for code_set, words, code in _rows(name):
            sets = [known for known in code_sets() if known == code_set or known.startswith(f"{code_set}/")]
            if not sets or any(code not in {known.code for known in codes_of(one)} for one in sets):
                wrong.append(f"{name}: {code_set}, {words}, {code}")
    return wrong


def _labels(code_set: str, codes: Iterable[Code]) -> dict[str, str]:
    """Wordings of one code only: 'Individual' is the start of four sources and so the label of none."""
    official = _unique((fold(_without_code(code)), code.code) for code in codes)
    plain = _unique((fold(code.label), code.code) for code in codes)
    return official | plain | _table("code_words.csv", code_set)


def _without_code(code: Code) -> str:
    text = ORDINAL.sub("", code.official)
    return re.sub(rf"^{re.escape(code.code)}\b *[:-]? *", "", text)


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    claims: dict[str, set[str]] = {}
    for words, code in pairs:
        claims.setdefault(words, set()).add(code)
    return {words: next(iter(codes)) for words, codes in claims.items() if words and len(codes) == 1}


def _table(name: str, code_set: str) -> dict[str, str]:
    family = code_set.partition("/")[0]
    rows = _rows(name)
    general = {fold(words): code for one, words, code in rows if one == family}
    return general | {fold(words): code for one, words, code in rows if one == code_set}


@cache
def _rows(name: str) -> tuple[tuple[str, str, str], ...]:
    path = resources.files("cf_pipeline.clean") / "data" / name
    with path.open(encoding="utf-8") as lines:
        return tuple((row[0], row[1], row[2]) for row in list(csv.reader(lines))[1:])
