"""Spellings of codes to canonical codes: rules in order, the first that hits decides.

The order matters. Labels come before tokens ('No, residence not known' starts with the code NO), tokens
before letters ('a) 1A'), and looser rules come last. A wrong code is worse than a visible gap: what no rule
settles stays unmatched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz import fuzz

from cf_pipeline.clean.code_book import ORDINAL, CodeBook, code_book, fold
from cf_pipeline.clean.nulls import NOT_KNOWN, is_nothing
from cf_pipeline.clean.repair import repaired
from cf_pipeline.contracts.codes import codes_of

NUMBERED = re.compile(r"^\(?\d{1,2}[).:-]* *[-:)]+ *|^\d{1,2} +(?=\D)")
LEADING = re.compile(r"^[\[(]?([A-Za-z]{1,4}\d{0,2}[A-Za-z]?|\d{1,2}[A-Za-z]?)[\])]?(?=( *[-:.)\]>])| |$)")
BRACKETED = re.compile(r"[\[(]([A-Za-z0-9]{1,5})[\])]")
ANYWHERE = re.compile(r"\b([A-Z]{1,3}\d{1,2}[A-Z]?|\d[A-Z]|[A-Z]{4})\b")
WITH_SUFFIX = re.compile(r"^S?([A-Z]{1,2}\d{1,2})(?:IN|OUT|[A-Za-z]{1,2})?(?=\b|\d)")
EXCEPTIONS = re.compile(
    r"\((?:not|except|excl)[^)]*\)?|\b(?:not (?:under|subject to|from|long|with)|except|excluding)\b.*", re.I
)
FILLING = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "or",
        "and",
        "in",
        "to",
        "for",
        "by",
        "with",
        "on",
        "at",
        "is",
        "was",
        "has",
        "be",
        "under",
        "from",
        "any",
        "as",
        "its",
    ]
)
CP_WORDS = {"neglect": "NEG", "physical": "PHY", "sexual": "SAB", "emotional": "EMO", "emotion": "EMO"}
OTHER_GROUPS = frozenset(
    ["black", "asian", "african", "caribbean", "indian", "pakistani", "bangladeshi", "chinese", "arab"]
)
CP_FLAGS = re.compile(r"[YN]{4}")
CLOSE, CLEARLY, SHORTEST_GUESS = 86, 4, 5
SHORTEST_LABEL = 4


@dataclass(frozen=True)
class Match:
    """A code (None when unmatched), the rule that gave it, and whether code and label disagree."""

    code: str | None
    rule: str
    conflict: bool = False


def match_code(code_set: str, text: str) -> Match:
    """The canonical code of a spelling. `rule` is 'null', 'unmatched' or the name of the rule that hit."""
    text = repaired(text)
    book = code_book(code_set)
    folded = fold(text)
    known = book.codes.get(folded) or book.official.get(folded)
    if known:
        return Match(known, "official")
    if is_nothing(text) and folded not in book.labels:
        return Match(None, "null")
    for rule, find in RULES:
        code = find(book, text, folded, code_set)
        if code:
            return Match(code, rule, rule == "token" and _label_disagrees(code_set, book, text, code))
    if text.casefold() in NOT_KNOWN or not folded:
        return Match(None, "null")
    return Match(None, "unmatched")


def _by_label(book: CodeBook, text: str, folded: str, code_set: str) -> str | None:
    for words in (folded, fold(ORDINAL.sub("", text)), fold(NUMBERED.sub("", text))):
        if words in book.labels:
            return book.labels[words]
        if words in book.official and words != folded:
            return book.official[words]
    return None


def _by_token(book: CodeBook, text: str, folded: str, code_set: str) -> str | None:
    inner = ORDINAL.sub("", text)
    leading = LEADING.match(inner)
    if leading and _is_token(leading[1], separated=bool(leading[2]) or leading[0] == inner):
        code = book.tokens.get(leading[1].lower())
        if code:
            return code
    suffixed = WITH_SUFFIX.match(inner)
    if suffixed and suffixed[1].lower() in book.tokens:
        return book.tokens[suffixed[1].lower()]
    for pattern in (BRACKETED, ANYWHERE):
        codes = {
            book.tokens[token.lower()] for token in pattern.findall(text) if token.lower() in book.tokens
        }
        if len(codes) == 1:
            return next(iter(codes))
    return None


def _is_token(token: str, *, separated: bool) -> bool:
    """A code with a digit, or letters set apart as a code is ('U: ...', 'WBRI White'), not a word."""
    if token.isdigit():
        return separated
    return any(letter.isdigit() for letter in token) or separated or (token.isupper() and len(token) != 2)


def _by_ordinal(book: CodeBook, text: str, folded: str, code_set: str) -> str | None:
    match = ORDINAL.match(text)
    return book.ordinals.get(match[1].lower()) if match else None


def _by_parts(book: CodeBook, text: str, folded: str, code_set: str) -> str | None:
    """Facts joined in one cell: abuse categories, ethnic groups, accommodation with its suitability."""
    if code_set == "cp_category":
        if CP_FLAGS.fullmatch(text):
            flagged = [
                code for code, flag in zip(("NEG", "PHY", "SAB", "EMO"), text, strict=True) if flag == "Y"
            ]
            return {0: None, 1: flagged[0] if flagged else None}.get(len(flagged), "MUL")
        named = {code for word, code in CP_WORDS.items() if word in folded}
        return next(iter(named)) if len(named) == 1 else ("MUL" if named else None)
    if code_set == "ethnicity" and ("mixed" in folded or _white_and_another(folded)):
        mixed = {label: code for label, code in book.labels.items() if code.startswith("M")}
        return _contained(mixed, folded) or "MOTH"
    if code_set == "accommodation_type" and re.fullmatch(r"[A-Za-z][12]", text):
        return book.codes.get(text[0].lower())
    return None


def _white_and_another(folded: str) -> bool:
    words = set(folded.split())
    return "white" in words and "other" not in words and not OTHER_GROUPS.isdisjoint(words)


def _by_contained_label(book: CodeBook, text: str, folded: str, code_set: str) -> str | None:
    return _contained(book.labels, fold(EXCEPTIONS.sub(" ", text)))


def _contained(labels: dict[str, str], folded: str) -> str | None:
    """The code of the longest label found whole within the words; None when two of a length disagree."""
    padded = f" {folded} "
    within = {label for label in labels if len(label) >= SHORTEST_LABEL and f" {label} " in padded}
    longest = max(map(len, within), default=0)
    codes = {labels[label] for label in within if len(label) == longest}
    return next(iter(codes)) if len(codes) == 1 else None


def _by_words(book: CodeBook, text: str, folded: str, code_set: str) -> str | None:
    """Every significant word of one label present, or every word given found in one code's labels only."""
    words = set(fold(EXCEPTIONS.sub(" ", text)).split()) - FILLING
    covered: dict[int, set[str]] = {}
    within: set[str] = set()
    for label, code in book.labels.items():
        wanted = set(label.split()) - FILLING
        if len(wanted) > 1 and wanted <= words:
            covered.setdefault(len(wanted), set()).add(code)
        if len(words) > 1 and words <= wanted:
            within.add(code)
    if covered:
        most = covered[max(covered)]
        return next(iter(most)) if len(most) == 1 else None
    return next(iter(within)) if len(within) == 1 else None


def _by_close_spelling(book: CodeBook, text: str, folded: str, code_set: str) -> str | None:
    if len(folded) < SHORTEST_GUESS:
        return None
    best: dict[str, float] = {}
    for label, code in book.labels.items():
        if len(label) >= SHORTEST_GUESS:
            best[code] = max(best.get(code, 0.0), fuzz.ratio(folded, label))
    ranked = sorted(best.items(), key=lambda item: -item[1])
    if not ranked or ranked[0][1] < CLOSE:
        return None
    return ranked[0][0] if len(ranked) == 1 or ranked[0][1] - ranked[1][1] >= CLEARLY else None


def _label_disagrees(code_set: str, book: CodeBook, text: str, code: str) -> bool:
    """Whether the words beside a code are the words of a code of another group."""
    rest = LEADING.sub("", ORDINAL.sub("", text))
    words = fold(EXCEPTIONS.sub(" ", BRACKETED.sub(" ", rest)))
    phrases = {label: other for label, other in book.labels.items() if " " in label}
    other = book.labels.get(words) or _contained(phrases, words)
    if other is None or other == code:
        return False
    groups = {one.code: one.group or one.code for one in codes_of(code_set)}
    own = {label for label, owner in book.labels.items() if owner == code}
    return groups[other] != groups[code] and not any(f" {label} " in f" {words} " for label in own)


RULES = (
    ("label", _by_label),
    ("token", _by_token),
    ("ordinal", _by_ordinal),
    ("parts", _by_parts),
    ("contained", _by_contained_label),
    ("words", _by_words),
    ("close", _by_close_spelling),
)
"""In this order; see the module's docstring for why."""
