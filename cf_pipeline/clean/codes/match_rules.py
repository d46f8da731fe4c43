"""The rules that find a code in a spelling, in order; each takes a code book and a repaired text.

The order matters. Labels come before tokens ('No, residence not known' starts with the code NO), tokens
before letters ('a) 1A'), and looser rules come last. None of the looser rules may overlook a denial:
'no longer a child in need' is not a child in need.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from cf_pipeline.clean.codes.code_book import FILLING, GENERIC, ORDINAL, CodeBook, Label
from cf_pipeline.clean.codes.normalise import fold, words_of

NUMBERED = re.compile(r"^\(?\d{1,2}[).:-]* *[-:)]+ *|^\d{1,2} +(?=\D)")
LEADING = re.compile(r"^[\[(]?([A-Za-z]{1,4}\d{0,2}[A-Za-z]?|\d{1,2}[A-Za-z]?)[\])]?(?=( *[-:.)\]>])| |$)")
BRACKETED = re.compile(r"[\[(]([A-Za-z0-9]{1,5})[\])]")
IN_BRACKETS = re.compile(r"[\[(][^\])]*[\])]?")
ANYWHERE = re.compile(r"\b([A-Z]{1,3}\d{1,2}[A-Z]?|\d[A-Z]|[A-Z]{4})\b")
LAST = re.compile(r"[-:/] *([A-Za-z]{1,4}\d{0,2}[A-Za-z]?)$")
WITH_SUFFIX = re.compile(r"^S?([A-Z]{1,2}\d{1,2})(?:IN|OUT|[A-Za-z]{1,2})?(?=\b|\d)")
LETTERS_APART = re.compile(r"^(?:[A-Za-z][ .]){1,3}[A-Za-z]?\.?$")
PARTS = re.compile(r" +- *| *- +| *[:;/|>,(\[\])]+ *")
EXCEPTIONS = re.compile(
    r"\((?:not|except|excl)[^)]*\)?|\b(?:not (?:under|subject to|from|long|with)|except|excluding)\b.*", re.I
)
DENIALS = frozenset({"not", "no", "non", "never", "without", "neither", "nor", "longer", "semi"})
ENDINGS = frozenset(
    {"former", "formerly", "previous", "previously", "ex", "ended", "ceased", "closed", "discharged"}
)
ENDINGS_MATTER = frozenset({"case_status", "legal_status", "placement_type", "care_leaver_eligibility"})
CP_WORDS = {"neglect": "NEG", "physical": "PHY", "sexual": "SAB", "emotional": "EMO", "emotion": "EMO"}
OTHER_GROUPS = frozenset(
    ["black", "asian", "african", "caribbean", "indian", "pakistani", "bangladeshi", "chinese", "arab"]
)
CP_FLAGS = re.compile(r"[YN]{4}")
CLOSE, CLEARLY, SHORTEST_GUESS = 86, 4, 5
SHORTEST_LABEL = 4


def denies(code_set: str, words: str) -> bool:
    """Whether comparable words deny something, or say that it has ended where that matters."""
    return not _denials(code_set).isdisjoint(words.split())


def _denials(code_set: str) -> frozenset[str]:
    return DENIALS | ENDINGS if code_set in ENDINGS_MATTER else DENIALS


def label_disagrees(book: CodeBook, text: str, code: str) -> bool:
    """Whether the words beside a code are the words of a code of another group."""
    rest = LEADING.sub("", ORDINAL.sub("", text))
    words = words_of(book.code_set, EXCEPTIONS.sub(" ", BRACKETED.sub(" ", rest)))
    other = book.labels.get(words) or _contained(
        book, [label for label in book.phrases if " " in label.text], words
    )
    if other is None or other == code:
        return False
    own = [label.text for label in book.phrases if label.code == code]
    return book.groups[other] != book.groups[code] and not any(f" {one} " in f" {words} " for one in own)


def _by_label(book: CodeBook, text: str) -> str | None:
    folded = fold(text)
    for part in (text, ORDINAL.sub("", text), NUMBERED.sub("", text)):
        words = words_of(book.code_set, part)
        if words in book.labels:
            return book.labels[words]
        plain = fold(part)
        if plain in book.official and plain != folded:
            return book.official[plain]
    return None


def _by_token(book: CodeBook, text: str) -> str | None:
    inner = ORDINAL.sub("", text)
    leading = LEADING.match(inner)
    if leading and _is_token(leading[1], separated=bool(leading[2]) or leading[0] == inner):
        code = book.tokens.get(leading[1].lower())
        if code:
            return code
    if LETTERS_APART.match(inner) and (code := book.tokens.get(re.sub(r"[ .]", "", inner).lower())):
        return code
    suffixed = WITH_SUFFIX.match(inner)
    if suffixed and suffixed[1].lower() in book.tokens:
        return book.tokens[suffixed[1].lower()]
    for pattern in (BRACKETED, ANYWHERE, LAST):
        found = {token for token in pattern.findall(text) if pattern is not LAST or _is_code_like(token)}
        codes = {book.tokens[token.lower()] for token in found if token.lower() in book.tokens}
        if len(codes) == 1:
            return next(iter(codes))
    return None


def _is_code_like(token: str) -> bool:
    return any(letter.isdigit() for letter in token) or (token.isupper() and len(token) in (1, 4))


def _is_token(token: str, *, separated: bool) -> bool:
    """A code with a digit, or letters set apart as a code is ('U: ...', 'WBRI White'), not a word."""
    if token.isdigit():
        return separated
    return any(letter.isdigit() for letter in token) or separated or (token.isupper() and len(token) != 2)


def _by_ordinal(book: CodeBook, text: str) -> str | None:
    match = ORDINAL.match(text)
    return book.ordinals.get(match[1].lower()) if match else None


def _by_parts(book: CodeBook, text: str) -> str | None:
    """Facts joined in one cell: abuse categories, ethnic groups, accommodation with its suitability."""
    words = words_of(book.code_set, text)
    if book.code_set == "cp_category":
        if CP_FLAGS.fullmatch(text):
            flagged = [
                code for code, flag in zip(("NEG", "PHY", "SAB", "EMO"), text, strict=True) if flag == "Y"
            ]
            return {0: None, 1: flagged[0] if flagged else None}.get(len(flagged), "MUL")
        if denies(book.code_set, words):
            return None
        named = {code for word, code in CP_WORDS.items() if word in words}
        return next(iter(named)) if len(named) == 1 else ("MUL" if named else None)
    if book.code_set == "ethnicity" and ("mixed" in words.split() or _white_and_another(words)):
        mixed = [label for label in book.phrases if label.code.startswith("M")]
        return _contained(book, mixed, words) or _covered(book, mixed, words) or "MOTH"
    if book.code_set == "accommodation_type" and re.fullmatch(r"[A-Za-z][12]", text):
        return book.codes.get(text[0].lower())
    return None


def _white_and_another(words: str) -> bool:
    named = set(words.split())
    return "white" in named and "other" not in named and not OTHER_GROUPS.isdisjoint(named)


DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
"""Its parts are no codes: 'Seen on 3/4/2019' is not source 4."""


def _by_segment(book: CodeBook, text: str) -> str | None:
    """A label set apart by punctuation: 'Label (Code)', 'Area - Label', 'Label - a note'."""
    found: dict[str, int] = {}
    for part in PARTS.split(DATE.sub(" ", text)):
        words = words_of(book.code_set, part)
        code = book.labels.get(words) or (book.tokens.get(part.lower()) if _is_code_like(part) else None)
        if code and not set(words.split()) <= GENERIC:
            found[code] = max(found.get(code, 0), len(words))
    outside = words_of(book.code_set, IN_BRACKETS.sub(" ", EXCEPTIONS.sub(" ", text)))
    if len(found) == 1 and not _overlooks(book, outside, set().union(*_words_of_code(book, found))):
        return next(iter(found))
    return None


def _words_of_code(book: CodeBook, codes: Iterable[str]) -> Iterable[set[str]]:
    return (set(label.text.split()) for label in book.phrases if label.code in codes)


def _by_contained_label(book: CodeBook, text: str) -> str | None:
    whole, excepted = _with_and_without_exceptions(book, text)
    return _contained(book, book.phrases, whole) or _contained(book, book.phrases, excepted)


def _with_and_without_exceptions(book: CodeBook, text: str) -> tuple[str, str]:
    whole = words_of(book.code_set, text)
    excepted = words_of(book.code_set, EXCEPTIONS.sub(" ", text))
    return corrected(book, whole), corrected(book, excepted)


def _overlooks(book: CodeBook, words: str, label: Iterable[str]) -> bool:
    """Whether the words deny or end something that the label does not."""
    return not (_denials(book.code_set) & set(words.split())) <= set(label)


@lru_cache(maxsize=20_000)
def _corrected(vocabulary: frozenset[str], words: str) -> str:
    return " ".join(_corrected_word(vocabulary, word) for word in words.split())


def corrected(book: CodeBook, words: str) -> str:
    """The words with those unknown to the set replaced by the one known word they all but spell."""
    return _corrected(book.vocabulary, words)


@lru_cache(maxsize=100_000)
def _corrected_word(vocabulary: frozenset[str], word: str) -> str:
    if len(word) < SHORTEST_GUESS or not word.isalpha() or word in vocabulary or word in DENIALS | ENDINGS:
        return word
    same_start = [known for known in vocabulary if known[0] == word[0] and len(known) >= SHORTEST_GUESS]
    close = process.extract(word, same_start, scorer=fuzz.ratio, score_cutoff=CLOSE, limit=2)
    swapped = [known for known in same_start if OSA.distance(word, known, score_cutoff=1) == 1]
    found = {known for known, *_ in close} or set(swapped)
    return found.pop() if len(found) == 1 else word


def _contained(book: CodeBook, labels: Iterable[Label], words: str) -> str | None:
    """The code of the longest label found whole within the words; None when two of a length disagree."""
    padded = f" {words} "
    within = [
        label
        for label in labels
        if len(label.text) >= SHORTEST_LABEL
        and f" {label.text} " in padded
        and not label.is_generic
        and not _overlooks(book, words, label.text.split())
    ]
    longest = max((len(label.text) for label in within), default=0)
    codes = {label.code for label in within if len(label.text) == longest}
    return next(iter(codes)) if len(codes) == 1 else None


def _by_words(book: CodeBook, text: str) -> str | None:
    """Every significant word of one label present, or every word given found in one code's labels only."""
    whole, excepted = _with_and_without_exceptions(book, text)
    return _covered(book, book.phrases, whole) or _covered(book, book.phrases, excepted)


def _covered(book: CodeBook, labels: Iterable[Label], text: str) -> str | None:
    words = set(text.split()) - FILLING
    covered: dict[int, set[str]] = {}
    within: set[str] = set()
    for label in labels:
        wanted = label.words
        if (
            len(wanted) > 1
            and wanted <= words
            and not label.is_generic
            and not _overlooks(book, text, label.text.split())
        ):
            covered.setdefault(len(wanted), set()).add(label.code)
        if len(words) > 1 and words <= wanted and not denies(book.code_set, text):
            within.add(label.code)
    if covered:
        most = covered[max(covered)]
        return next(iter(most)) if len(most) == 1 else None
    return next(iter(within)) if len(within) == 1 else None


def _by_first_words(book: CodeBook, text: str) -> str | None:
    """A label of words that say little alone, where the text begins with it: 'Other - see notes'."""
    words = words_of(book.code_set, EXCEPTIONS.sub(" ", text))
    written = fold(text)
    for label in book.phrases:
        if label.text == "no" and not written.startswith("no "):
            continue  # 'NFA' is no further action, but it does not begin with a no
        if f"{words} ".startswith(f"{label.text} ") and not _overlooks(book, words, label.text.split()):
            return label.code
    return None


def _by_close_spelling(book: CodeBook, text: str) -> str | None:
    for part in dict.fromkeys((text, NUMBERED.sub("", text), IN_BRACKETS.sub(" ", text))):
        code = _close(book, words_of(book.code_set, part))
        if code:
            return code
    return None


def _close(book: CodeBook, words: str) -> str | None:
    if len(words) < SHORTEST_GUESS:
        return None
    labels = [label for label in book.phrases if len(label.text) >= SHORTEST_GUESS]
    ranked = process.extract(
        words, [label.text for label in labels], scorer=fuzz.ratio, score_cutoff=CLOSE - CLEARLY, limit=None
    )
    best: dict[str, float] = {}
    for _, score, place in ranked:
        if not _overlooks(book, words, labels[place].text.split()):
            best.setdefault(labels[place].code, score)
    first, second, *_ = [*best.items(), ("", 0.0), ("", 0.0)]
    return first[0] if first[1] >= CLOSE and first[1] - second[1] >= CLEARLY else None


Find = Callable[[CodeBook, str], str | None]
RULES: tuple[tuple[str, Find], ...] = (
    ("label", _by_label),
    ("token", _by_token),
    ("ordinal", _by_ordinal),
    ("parts", _by_parts),
    ("segment", _by_segment),
    ("contained", _by_contained_label),
    ("words", _by_words),
)
"""In this order; see the module's docstring for why."""
LAST_RULES: tuple[tuple[str, Find], ...] = (("close", _by_close_spelling), ("first", _by_first_words))
"""Only when neither the rules nor the rules with aliases hit."""
