"""Find what is written as a code beside words: in front of them, in brackets or at the end.

A code in front of words decides, whatever the words say. What has the form of a code and is none of the set
is an unknown code: the words beside it may then mean anything, so the wording stays unmatched.
"""

from __future__ import annotations

import re

from cf_pipeline.clean.codes.code_book import ORDINAL, CodeBook
from cf_pipeline.clean.codes.normalise import normalise_words

NAMED = re.compile(
    r"^(?:code|type|status|reason|category|source|legal status|placement type) *[:#-]? *(?=\(?[A-Z]{1,2}\d)",
    re.IGNORECASE,
)
"""A word for what follows: 'Code K3 - ...'."""
LEADING = re.compile(r"^[\[(]?([A-Za-z]{1,4}\d{0,2}[A-Za-z]?|\d{1,2}[A-Za-z]?)[\])]?(?=( *[-:.)\]>])| |$)")
LEADING_WITH_DIGIT = re.compile(
    r"^[\[(]?([A-Za-z]{1,2}\d{1,3}[A-Za-z]?|\d{1,2}[A-Za-z])[\])]?"
    r"(?= *[-:.)\]>;|=_~]| |$| *[,/] *(?![A-Za-z]{0,2}\d))"
)
"""A code with a letter and a digit is recognised before more signs than one of letters alone ('M/F')."""
BRACKETED = re.compile(r"[\[(]([A-Za-z0-9]{1,5})[\])]")
LAST = re.compile(r"[-:/] *([A-Za-z]{1,4}\d{0,2}[A-Za-z]?)$")
WITH_SUFFIX = re.compile(r"^S?([A-Z]{1,2}\d{1,2})(?:IN|OUT|[A-Za-z]{1,2})?(?=\b|\d)")
"""A code with local letters around it: 'U4OUT', 'SE11'."""
PLAIN_NUMBER = re.compile(r"^[\[(]?0*(\d{1,3})[\])]?(?= *([-:.)\]>,;/|=_])| |$)")
WITH_LETTER_AND_DIGIT = re.compile(r"[A-Za-z]{1,2}\d{1,3}[A-Za-z]?|\d{1,2}[A-Za-z]")
FEWEST_CAPITALS = 3
"""A word in at least so many capitals before a sign is taken for a code; two are often initials."""


def remove_prefix(book: CodeBook, text: str) -> str:
    """The text without a list letter ('a) ') and without a word for what follows ('Code ')."""
    text = NAMED.sub("", text)
    letter = ORDINAL.match(text)
    if letter is None:
        return text
    has_digit, is_listed = letter[1][-1].isdigit(), letter[1].lower() in book.list_letters
    return ORDINAL.sub("", text) if is_listed or (book.list_letters and not has_digit) else text


def code_form(token: str) -> str:
    """The form of a code: A for a letter, 9 for digits; 'RC10' is 'AA9'."""
    return re.sub(r"\d+", "9", re.sub(r"[a-z]", "A", token.lower()))


def number_in_front(book: CodeBook, text: str) -> str | None:
    """The code that is a number in front of the words; None in sets whose codes are no numbers."""
    number = PLAIN_NUMBER.match(remove_prefix(book, text))
    if number is None or number[1] not in book.tokens:
        return None
    rest = normalise_words(book.code_set, text[text.index(number[1]) + len(number[1]) :])
    # '6 Housing' holds a code, '6 month review' does not
    return book.tokens[number[1]] if number[2] or not rest or rest in book.labels else None


def is_set_apart(leading: re.Match[str]) -> bool:
    """Whether a token in front (a match of `LEADING`) stands alone, in a bracket or before a sign."""
    return bool(leading[2]) or leading[0] == leading.string or leading[0][-1] in ")]"


def has_unknown_code(book: CodeBook, text: str) -> bool:
    """Whether something with the form of a code, and no code of the set, stands beside the words."""
    inner = remove_prefix(book, text)
    return (
        _starts_with_unknown_code(book, inner)
        or _starts_with_unknown_number(book, inner)
        or _starts_with_unknown_letters(book, inner)
        or _has_unknown_code_behind(book, inner)
    )


def _starts_with_unknown_code(book: CodeBook, text: str) -> bool:
    leading = LEADING_WITH_DIGIT.match(text)
    if leading is None or not _is_unknown(book, leading[1]):
        return False
    is_before_a_word = re.match(r" +\w", text[leading.end() :]) and leading[0][-1] not in ")]"
    return not is_before_a_word or code_form(leading[1]) in book.forms


def _starts_with_unknown_number(book: CodeBook, text: str) -> bool:
    number = PLAIN_NUMBER.match(text)
    if "9" not in book.forms or number is None or {number[1], f"0{number[1]}"} & {*book.tokens, *book.labels}:
        return False
    words = normalise_words(book.code_set, text[number.end() :])
    return bool(number[2]) or words in book.labels


def _starts_with_unknown_letters(book: CodeBook, text: str) -> bool:
    leading = LEADING.match(text)
    if leading is None or not is_set_apart(leading) or not leading[1].isalpha() or leading[0] == text:
        return False
    token = leading[1].lower()
    if token in book.tokens or token in book.labels or token in book.vocabulary:
        return False
    if len(token) == 1:
        return "A" in book.forms
    if normalise_words(book.code_set, token) != token:
        return False  # an abbreviation of the sector: LAC, SGO
    return len(token) >= FEWEST_CAPITALS and leading[1].isupper() and code_form(token) in book.forms


def _has_unknown_code_behind(book: CodeBook, text: str) -> bool:
    bracketed = BRACKETED.findall(text)
    last = LAST.findall(text)
    tokens = [token for token in (*bracketed, *last) if _is_unknown(book, token)]
    closes = re.search(r"[\[(]([A-Za-z0-9]{1,5})[\])]\W*$", text)
    return any(code_form(token) in book.forms or (closes and closes[1] == token) for token in tokens)


def _is_unknown(book: CodeBook, token: str) -> bool:
    """Whether a token of letters and digits is neither a code nor a word ('s20' is section 20)."""
    lower = token.lower()
    if (suffixed := WITH_SUFFIX.match(token.upper())) and suffixed[1].lower() in book.tokens:
        return False
    return (
        WITH_LETTER_AND_DIGIT.fullmatch(token) is not None
        and lower not in book.tokens
        and lower not in book.labels
        and lower not in book.vocabulary
        and normalise_words(book.code_set, token) == lower
        and not re.fullmatch(r"s\d{2}", lower)  # a section of an Act
    )
