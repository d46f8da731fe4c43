"""Code books: the wordings by which the codes of a set are recognised, from contracts and tables in `data/`.

Three tables, for colleagues to edit. A row whose set is `yes_no` applies to every `yes_no/...` set.
`code_labels.csv`: words of the published guides, and what yes, no and a digit mean, which differs by column.
`code_tokens.csv`: retired codes, and codes of other code sets, that mean a code of this set.
`code_aliases.csv`: the national alias table, wordings of councils that no rule matches.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources

from cf_pipeline.clean.codes.normalise import fold, normalise_words
from cf_pipeline.contracts.codes import Code, code_sets, codes_of

LABELS, TOKENS, ALIASES = "code_labels.csv", "code_tokens.csv", "code_aliases.csv"
ORDINAL = re.compile(r"^\(?([a-z]{1,2}\d?)\) *", re.IGNORECASE)
ORDINAL_MEANS_CODE = frozenset(
    {
        "gender", "case_status", "cp_category", "permanence_plan", "care_leaver_eligibility", "in_touch",
        "accommodation_suitability", "placement_location", "disability_flag",
    }
)  # fmt: skip
"""Sets in which the letter before the official label means the code. In others it changed between issues."""
STOP_WORDS = frozenset(
    {
        "a", "an", "the", "of", "or", "and", "in", "to", "for", "by", "with", "on", "at", "is", "was", "has",
        "be", "under", "from", "any", "as", "its", "their", "who", "whilst", "eg", "e", "g", "inc", "incl",
        "including", "ie", "i", "s",
    }
)  # fmt: skip
GENERIC_WORDS = frozenset(
    {
        "other", "unknown", "individual", "service", "yes", "no", "in", "out", "not", "known", "any",
        "british", "black", "asian", "neet",
        "placement", "family", "health", "education", "residential", "local", "authority", "parent", "home",
        "independent", "missing", "sentenced", "temporary", "legal", "closed", "disability",
        "illness",
    }
)  # fmt: skip
"""Words too general to decide a code from the middle of a text."""

Aliases = tuple[tuple[str, str], ...]
"""Wordings and their codes; a tuple, so that a code book can be cached by its aliases."""


@dataclass(frozen=True)
class Label:
    """A wording of a code, in normalised words."""

    text: str
    code: str

    @cached_property
    def words(self) -> frozenset[str]:
        """The words without stop words."""
        return frozenset(self.text.split()) - STOP_WORDS

    @cached_property
    def is_generic(self) -> bool:
        """Whether all its words are too general to decide a code from the middle of a text."""
        return bool(self.words) and self.words <= GENERIC_WORDS


@dataclass(frozen=True)
class CodeBook:
    """How the codes of one set are recognised: dictionaries of folded or normalised text -> code.

    `codes`: the codes themselves. `official`: the official strings. `labels`: wordings. `tokens`: codes, also
    retired ones and those of other sets. `ordinals`: the letter before an official label, where it means the
    code. `list_letters`: the letters before official strings ('a) '). `groups`: code -> its group.
    """

    code_set: str
    codes: dict[str, str]
    official: dict[str, str]
    labels: dict[str, str]
    tokens: dict[str, str]
    ordinals: dict[str, str]
    list_letters: frozenset[str]
    groups: dict[str, str]

    @cached_property
    def forms(self) -> frozenset[str]:
        """The forms of its codes, with a letter as A and digits as 9: 'A9' of 'V3'."""
        return frozenset(re.sub(r"\d+", "9", re.sub(r"[a-z]", "A", token)) for token in self.tokens)

    @cached_property
    def phrases(self) -> tuple[Label, ...]:
        """The labels, longest first."""
        longest_first = sorted(self.labels.items(), key=lambda item: -len(item[0]))
        return tuple(Label(text, code) for text, code in longest_first)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """All words of the labels."""
        return frozenset(word for text in self.labels for word in text.split())


@cache
def code_book(code_set: str, aliases: Aliases = ()) -> CodeBook:
    """The code book of a set, with the aliases among its labels.

    Raises:
        KeyError: there is no such code set.
    """
    codes = codes_of(code_set)
    has_ordinals = code_set in ORDINAL_MEANS_CODE or code_set.startswith("yes_no/")
    alias_labels = {normalise_words(code_set, wording): code for wording, code in aliases}
    return CodeBook(
        code_set=code_set,
        codes={fold(code.code): code.code for code in codes},
        official=_unambiguous((fold(code.official), code.code) for code in codes if code.official),
        labels={
            words: code for words, code in (_codes_by_label(code_set, codes) | alias_labels).items() if words
        },
        tokens={fold(code.code): code.code for code in codes} | _codes_by_wording(TOKENS, code_set),
        ordinals={
            match[1].lower(): code.code
            for code in codes
            if has_ordinals and (match := ORDINAL.match(code.official))
        },
        list_letters=frozenset(match[1].lower() for code in codes if (match := ORDINAL.match(code.official))),
        groups={code.code: code.group or code.code for code in codes},
    )


@cache
def national_aliases(code_set: str) -> Aliases:
    """The national aliases of a set: (wording, code)."""
    family = code_set.partition("/")[0]
    rows = [row for row in _read_table(ALIASES) if row[0] in (family, code_set)]
    return tuple((wording, code) for _, wording, code in rows)


def rows_without_code() -> list[str]:
    """Rows of the tables in `data/` that name a set or code that does not exist; a test expects none."""
    wrong = []
    for table in (LABELS, TOKENS, ALIASES):
        for family, wording, code in _read_table(table):
            sets = [code_set for code_set in code_sets() if family in (code_set, code_set.partition("/")[0])]
            if not sets or any(code not in {known.code for known in codes_of(name)} for name in sets):
                wrong.append(f"{table}: {family}, {wording}, {code}")
    return wrong


def _codes_by_label(code_set: str, codes: Iterable[Code]) -> dict[str, str]:
    """Normalised wording -> code, without wordings of several codes ('Individual' begins four sources)."""
    official = _unambiguous(
        (normalise_words(code_set, _label_without_code(code)), code.code) for code in codes
    )
    plain = _unambiguous((normalise_words(code_set, code.label), code.code) for code in codes)
    for_readers = _unambiguous((normalise_words(code_set, code.reader_label), code.code) for code in codes)
    published = {
        normalise_words(code_set, wording): code
        for wording, code in _codes_by_wording(LABELS, code_set).items()
    }
    return for_readers | official | plain | published


def _label_without_code(code: Code) -> str:
    """The official string without its letter and its code."""
    text = ORDINAL.sub("", code.official)
    return re.sub(rf"^{re.escape(code.code)}\b *[:-]? *", "", text)


def _unambiguous(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Wording -> code, without empty wordings and those of several codes."""
    claims: dict[str, set[str]] = {}
    for words, code in pairs:
        claims.setdefault(words, set()).add(code)
    return {words: next(iter(codes)) for words, codes in claims.items() if words and len(codes) == 1}


def _codes_by_wording(table: str, code_set: str) -> dict[str, str]:
    """Folded wording -> code of a table; rows of the set itself win over those of its family."""
    family = code_set.partition("/")[0]
    rows = _read_table(table)
    general = {fold(wording): code for row_set, wording, code in rows if row_set == family}
    return general | {fold(wording): code for row_set, wording, code in rows if row_set == code_set}


@cache
def _read_table(table: str) -> tuple[tuple[str, str, str], ...]:
    """The rows of a table in `data/`: (code set, wording, code)."""
    path = resources.files("cf_pipeline.clean.codes") / "data" / table
    with path.open(encoding="utf-8") as lines:
        return tuple((row[0], row[1], row[2]) for row in list(csv.reader(lines))[1:])
