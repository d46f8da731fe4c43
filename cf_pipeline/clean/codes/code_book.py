"""What the codes of a set are called: built from the contracts and the tables in `data/`.

Three tables, all for colleagues to edit; a row whose set is `yes_no` holds for every `yes_no/...` set:
`code_labels.csv` holds the words of the published guides for a code, and what yes, no and a digit mean in a
column (never the same everywhere); `code_tokens.csv` the codes of other code sets and retired codes that
stand for one; `code_aliases.csv` the national alias table: what councils write that no rule settles.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources

from cf_pipeline.clean.codes.normalise import fold, words_of
from cf_pipeline.contracts.codes import Code, code_sets, codes_of

LABELS, TOKENS, ALIASES = "code_labels.csv", "code_tokens.csv", "code_aliases.csv"
ORDINAL = re.compile(r"^\(?([a-z]{1,2}\d?)\) *", re.IGNORECASE)
ORDINAL_MEANS_CODE = frozenset(
    {
        "gender", "case_status", "cp_category", "permanence_plan", "care_leaver_eligibility", "in_touch",
        "accommodation_suitability", "placement_location", "disability_flag",
    }
)  # fmt: skip
"""Sets whose official string is a letter and a label. In the others the letters moved between issues."""
FILLING = frozenset(
    {
        "a", "an", "the", "of", "or", "and", "in", "to", "for", "by", "with", "on", "at", "is", "was", "has",
        "be", "under", "from", "any", "as", "its", "their", "who", "whilst", "eg", "e", "g", "inc", "incl",
        "including", "ie", "i", "s",
    }
)  # fmt: skip
GENERIC = frozenset(
    {
        "other", "unknown", "individual", "service", "yes", "no", "in", "out", "not", "known", "any",
        "british", "black", "asian", "neet",
        "placement", "family", "health", "education", "residential", "local", "authority", "parent", "home",
        "independent", "missing", "sentenced", "temporary", "legal", "closed", "disability",
        "illness",
    }
)  # fmt: skip
"""Words that say too little to decide from the middle of a text."""

Aliases = tuple[tuple[str, str], ...]
"""Wordings and their codes, hashable so that what is built from them is built once."""


@dataclass(frozen=True)
class Label:
    """A wording of a code in comparable words, and those of them that carry meaning."""

    text: str
    code: str

    @cached_property
    def words(self) -> frozenset[str]:
        """The words that carry meaning."""
        return frozenset(self.text.split()) - FILLING

    @cached_property
    def is_generic(self) -> bool:
        """Whether no word of it decides anything in the middle of a text."""
        return bool(self.words) and self.words <= GENERIC


@dataclass(frozen=True)
class CodeBook:
    """How the codes of one set are recognised; every key is folded or comparable text, values are codes."""

    code_set: str
    codes: dict[str, str]
    official: dict[str, str]
    labels: dict[str, str]
    tokens: dict[str, str]
    ordinals: dict[str, str]
    groups: dict[str, str]

    @cached_property
    def phrases(self) -> tuple[Label, ...]:
        """The labels, longest first."""
        longest_first = sorted(self.labels.items(), key=lambda item: -len(item[0]))
        return tuple(Label(text, code) for text, code in longest_first)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every word of the labels."""
        return frozenset(word for text in self.labels for word in text.split())


@cache
def code_book(code_set: str, aliases: Aliases = ()) -> CodeBook:
    """The code book of a set, with these aliases among its labels; KeyError names a set not known."""
    codes = codes_of(code_set)
    by_letter = code_set in ORDINAL_MEANS_CODE or code_set.startswith("yes_no/")
    own = {words_of(code_set, words): code for words, code in aliases}
    return CodeBook(
        code_set=code_set,
        codes={fold(code.code): code.code for code in codes},
        official=_unique((fold(code.official), code.code) for code in codes if code.official),
        labels={words: code for words, code in (_labels(code_set, codes) | own).items() if words},
        tokens={fold(code.code): code.code for code in codes} | _table(TOKENS, code_set),
        ordinals={
            match[1].lower(): code.code
            for code in codes
            if by_letter and (match := ORDINAL.match(code.official))
        },
        groups={code.code: code.group or code.code for code in codes},
    )


@cache
def national_aliases(code_set: str) -> Aliases:
    """The alias table shipped for a set: (wording, code)."""
    family = code_set.partition("/")[0]
    rows = [row for row in _rows(ALIASES) if row[0] in (family, code_set)]
    return tuple((words, code) for _, words, code in rows)


def unknown_words() -> list[str]:
    """Rows of the tables in `data/` that name a set or code that does not exist (there should be none)."""
    wrong = []
    for name in (LABELS, TOKENS, ALIASES):
        for code_set, words, code in _rows(name):
            sets = [known for known in code_sets() if known == code_set or known.startswith(f"{code_set}/")]
            if not sets or any(code not in {known.code for known in codes_of(one)} for one in sets):
                wrong.append(f"{name}: {code_set}, {words}, {code}")
    return wrong


def _labels(code_set: str, codes: Iterable[Code]) -> dict[str, str]:
    """Wordings of one code only: 'Individual' is the start of four sources and so the label of none."""
    official = _unique((words_of(code_set, _without_code(code)), code.code) for code in codes)
    plain = _unique((words_of(code_set, code.label), code.code) for code in codes)
    said = {words_of(code_set, words): code for words, code in _table(LABELS, code_set).items()}
    return official | plain | said


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
    path = resources.files("cf_pipeline.clean.codes") / "data" / name
    with path.open(encoding="utf-8") as lines:
        return tuple((row[0], row[1], row[2]) for row in list(csv.reader(lines))[1:])
