"""The rules that find a code in a wording, in order. Each takes a code book and a repaired text.

The order matters. Labels come before tokens ('No, residence not known' begins with the code NO), tokens
before ordinal letters ('a) 1A'), and looser rules come last. A looser rule never ignores a denial: 'no longer
a child in need' is not a child in need.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from cf_pipeline.clean.codes.code_book import GENERIC_WORDS, ORDINAL, STOP_WORDS, CodeBook
from cf_pipeline.clean.codes.codes_in_text import (
    BRACKETED,
    LAST,
    LEADING,
    LEADING_WITH_DIGIT,
    WITH_SUFFIX,
    is_set_apart,
    number_in_front,
    remove_prefix,
)
from cf_pipeline.clean.codes.denials import DENIAL_WORDS, contains_denial, misses_denial
from cf_pipeline.clean.codes.keywords import deciding_words
from cf_pipeline.clean.codes.label_search import (
    code_by_words,
    code_of_closest_label,
    code_of_longest_label,
    correct_spelling,
)
from cf_pipeline.clean.codes.normalise import fold, normalise_words

NUMBERED = re.compile(r"^\(?\d{1,2}[).:-]* *[-:)]+ *|^\d{1,2} +(?=\D)")
IN_BRACKETS = re.compile(r"[\[(][^\])]*[\])]?")
ANYWHERE = re.compile(r"\b([A-Z]{1,3}\d{1,2}[A-Z]?|\d[A-Z]|[A-Z]{4})\b")
LETTERS_APART = re.compile(r"^(?:[A-Za-z][ .]){1,3}[A-Za-z]?\.?$")
PARTS = re.compile(r" +- *| *- +| *[:;/|>,(\[\])]+ *")
EXCEPTIONS = re.compile(
    r"\((?:not|except|excl|other than|apart from)[^)]*\)?"
    r"|\b(?:not (?:under|subject to|from|long|with)|except|excluding|excl|(?:other|rather) than|apart from)"
    r"\b.*",
    re.IGNORECASE,
)
NEGATED = re.compile(
    r"\b(?:not|excluding|except|(?:other|rather) than|apart from)\b((?:[ -]+\w+){1,3})", re.IGNORECASE
)
"""What an exception takes out, as far as three words."""
SEVERAL_CODES = re.compile(r"\(?[A-Za-z]{0,2}\d+[A-Za-z]? *[/,&+] *[A-Za-z]{0,2}\d")
"""Several codes in front of words: none of them is the wording's."""
CP_WORDS = {"neglect": "NEG", "physical": "PHY", "sexual": "SAB", "emotional": "EMO", "emotion": "EMO"}
OTHER_GROUPS = frozenset(
    ["black", "asian", "african", "caribbean", "indian", "pakistani", "bangladeshi", "chinese", "arab"]
)
CP_FLAGS = re.compile(r"[YN]{4}")


def label_disagrees(book: CodeBook, text: str, code: str) -> bool:
    """Whether the words beside a code are a label of a code of another group."""
    rest = LEADING.sub("", LEADING_WITH_DIGIT.sub("", remove_prefix(book, text)))
    words = normalise_words(book.code_set, EXCEPTIONS.sub(" ", BRACKETED.sub(" ", rest)))
    other = (
        _match_deciding_words(book, rest)
        or book.labels.get(words)
        or code_of_longest_label(book, [label for label in book.phrases if " " in label.text], words)
    )
    if other is None or other == code:
        return False
    own_labels = [label.text for label in book.phrases if label.code == code]
    has_own_label = any(f" {label} " in f" {words} " for label in own_labels)
    return book.groups[other] != book.groups[code] and not has_own_label


def contradicts_exception(book: CodeBook, text: str, code: str) -> bool:
    """Whether the text takes out what the code means: 'apprenticeship (not full time)' is none full time."""
    labels = [label for label in book.phrases if label.code == code]
    for clause in NEGATED.findall(text):
        words = set(normalise_words(book.code_set, clause).split()) - STOP_WORDS - DENIAL_WORDS
        has_denial = any(words & label.words and label.words & DENIAL_WORDS for label in labels)
        if words and not has_denial and any(words <= label.words for label in labels):
            return True
    return False


def _match_label(book: CodeBook, text: str) -> str | None:
    """The code whose label is the whole text."""
    return book.labels.get(normalise_words(book.code_set, text))


def _match_listed_label(book: CodeBook, text: str) -> str | None:
    """The code whose label is the text without the letter or number of a list in front."""
    folded = fold(text)
    for part in (ORDINAL.sub("", text), NUMBERED.sub("", text)):
        words = normalise_words(book.code_set, part)
        if words in book.labels:
            return book.labels[words]
        plain = fold(part)
        if plain in book.official and plain != folded:
            return book.official[plain]
    return None


def _match_token(book: CodeBook, text: str) -> str | None:
    """The code written at the start, in brackets, standing alone, or at the end of the text."""
    inner = remove_prefix(book, text)
    return (
        number_in_front(book, text)
        or _code_at_start(book, inner)
        or _only_code_of(book, BRACKETED.findall(text))
        or _only_code_of(book, ANYWHERE.findall(text))
        or _only_code_of(book, filter(_is_code_like, LAST.findall(text)))
    )


def _code_at_start(book: CodeBook, text: str) -> str | None:
    starts = [
        match[1]
        for pattern in (LEADING_WITH_DIGIT, LEADING)
        if (match := pattern.match(text)) and (pattern is not LEADING or _is_token(match))
    ]
    if LETTERS_APART.match(text):
        starts.append(re.sub(r"[ .]", "", text))
    if (suffixed := WITH_SUFFIX.match(text)) and not SEVERAL_CODES.match(text):
        starts.append(suffixed[1])
    return next((book.tokens[token.lower()] for token in starts if token.lower() in book.tokens), None)


def _only_code_of(book: CodeBook, tokens: Iterable[str]) -> str | None:
    """The code of the tokens; None when there is none or they mean different codes."""
    codes = {book.tokens[token.lower()] for token in tokens if token.lower() in book.tokens}
    return next(iter(codes)) if len(codes) == 1 else None


def _is_code_like(token: str) -> bool:
    """Whether a token holds a digit, or is one or four capital letters."""
    return any(letter.isdigit() for letter in token) or (token.isupper() and len(token) in (1, 4))


def _is_token(leading: re.Match[str]) -> bool:
    """Whether it is a code: holds a digit, is set apart ('U: ...') or in capitals ('WBRI White')."""
    token, is_apart = leading[1], is_set_apart(leading)
    if token.isdigit():
        return is_apart
    return any(letter.isdigit() for letter in token) or is_apart or (token.isupper() and len(token) != 2)


def _match_ordinal(book: CodeBook, text: str) -> str | None:
    """The code of the letter in front of the text ('a) ...')."""
    match = ORDINAL.match(text)
    return book.ordinals.get(match[1].lower()) if match else None


def _match_joined_facts(book: CodeBook, text: str) -> str | None:
    """The code of joined facts: several abuse categories or ethnic groups, accommodation with suitability."""
    words = normalise_words(book.code_set, text)
    if book.code_set == "cp_category":
        if CP_FLAGS.fullmatch(text):
            flagged = [
                code for code, flag in zip(("NEG", "PHY", "SAB", "EMO"), text, strict=True) if flag == "Y"
            ]
            return {0: None, 1: flagged[0] if flagged else None}.get(len(flagged), "MUL")
        if contains_denial(book.code_set, words):
            return None
        named = {code for word, code in CP_WORDS.items() if word in words}
        return next(iter(named)) if len(named) == 1 else ("MUL" if named else None)
    if book.code_set == "ethnicity" and ("mixed" in words.split() or _white_and_another(words)):
        mixed = [label for label in book.phrases if label.code.startswith("M")]
        return code_of_longest_label(book, mixed, words) or code_by_words(book, mixed, words) or "MOTH"
    if book.code_set == "accommodation_type" and re.fullmatch(r"[A-Za-z][12]", text):
        return book.codes.get(text[0].lower())
    return None


def _white_and_another(words: str) -> bool:
    named = set(words.split())
    return "white" in named and "other" not in named and not OTHER_GROUPS.isdisjoint(named)


DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
"""Removed first, because its parts are no codes: 'Seen on 3/4/2019' is not source 4."""


def _match_deciding_words(book: CodeBook, text: str) -> str | None:
    """The code of words that decide whatever else the text says: short breaks under section 20 are no V2."""
    words = normalise_words(book.code_set, EXCEPTIONS.sub(" ", text))
    if contains_denial(book.code_set, words):
        return None
    return next(
        (code for pattern, code in deciding_words().get(book.code_set, ()) if pattern.search(words)), None
    )


def _match_segment(book: CodeBook, text: str) -> str | None:
    """The code of a label set apart by punctuation: 'Label (Code)', 'Area - Label', 'Label - a note'."""
    found: dict[str, int] = {}
    for part in PARTS.split(DATE.sub(" ", text)):
        words = normalise_words(book.code_set, part)
        code = book.labels.get(words) or (book.tokens.get(part.lower()) if _is_code_like(part) else None)
        if code and not set(words.split()) <= GENERIC_WORDS:
            found[code] = max(found.get(code, 0), len(words))
    outside = normalise_words(book.code_set, IN_BRACKETS.sub(" ", EXCEPTIONS.sub(" ", text)))
    if len(found) == 1 and not misses_denial(
        book.code_set, outside, set().union(*_words_of_code(book, found))
    ):
        return next(iter(found))
    return None


def _words_of_code(book: CodeBook, codes: Iterable[str]) -> Iterable[set[str]]:
    return (set(label.text.split()) for label in book.phrases if label.code in codes)


def _match_contained_label(book: CodeBook, text: str) -> str | None:
    """The code of the longest label within the text; if there is none, within the text without exceptions."""
    full, reduced = _with_and_without_exceptions(book, text)
    return code_of_longest_label(book, book.phrases, full) or code_of_longest_label(
        book, book.phrases, reduced
    )


def _with_and_without_exceptions(book: CodeBook, text: str) -> tuple[str, str]:
    """The text's corrected words, with and without its exceptions ('not under ...', 'excluding ...')."""
    full = normalise_words(book.code_set, text)
    reduced = normalise_words(book.code_set, EXCEPTIONS.sub(" ", text))
    return correct_spelling(book, full), correct_spelling(book, reduced)


def _match_words(book: CodeBook, text: str) -> str | None:
    """The code of a label whose words the text holds in any order, or that holds the words of the text."""
    full, reduced = _with_and_without_exceptions(book, text)
    return code_by_words(book, book.phrases, full) or code_by_words(book, book.phrases, reduced)


def _match_first_words(book: CodeBook, text: str) -> str | None:
    """The code of a label, even of general words, with which the text begins: 'Other - see notes'."""
    words = normalise_words(book.code_set, EXCEPTIONS.sub(" ", text))
    written = fold(text)
    for label in book.phrases:
        if label.text == "no" and not written.startswith("no "):
            continue  # 'NFA' is normalised to 'no further action', but does not begin with a no
        if f"{words} ".startswith(f"{label.text} ") and not misses_denial(
            book.code_set, words, label.text.split()
        ):
            return label.code
    return None


def _match_close_spelling(book: CodeBook, text: str) -> str | None:
    """The code whose label is spelt most like the text, or like the text without its number or brackets."""
    for part in dict.fromkeys((text, NUMBERED.sub("", text), IN_BRACKETS.sub(" ", text))):
        code = code_of_closest_label(book, normalise_words(book.code_set, part))
        if code:
            return code
    return None


MatchRule = Callable[[CodeBook, str], str | None]
CODE_RULES: tuple[tuple[str, MatchRule], ...] = (("label", _match_label), ("token", _match_token))
"""Tried first: the whole text as a label, then a code written in it."""
WORD_RULES: tuple[tuple[str, MatchRule], ...] = (
    ("deciding", _match_deciding_words),
    ("label", _match_listed_label),
    ("ordinal", _match_ordinal),
    ("parts", _match_joined_facts),
    ("segment", _match_segment),
    ("contained", _match_contained_label),
    ("words", _match_words),
)
"""Tried in this order where no unknown code is written; the module's docstring gives the reason."""
FALLBACK_RULES: tuple[tuple[str, MatchRule], ...] = (
    ("close", _match_close_spelling),
    ("first", _match_first_words),
)
"""Tried when no rule matches, with or without aliases."""
