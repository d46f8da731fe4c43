"""Match a wording to a canonical code, in layers; the first layer that matches decides (docs/codes.md).

The layers: the council's own words; the official code and string; the national alias table; the rules of
`match_rules`; the rules with the aliases among the labels; where it is switched on, a flagged guess from key
words. What no layer matches stays unmatched, because a wrong code is worse than a visible gap.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from cf_pipeline.clean.codes.code_book import Aliases, CodeBook, code_book, national_aliases
from cf_pipeline.clean.codes.codes_in_text import has_unknown_code
from cf_pipeline.clean.codes.keywords import INFERRED_ONLY_ON_REQUEST, code_by_keyword
from cf_pipeline.clean.codes.match_rules import (
    CODE_RULES,
    FALLBACK_RULES,
    WORD_RULES,
    MatchRule,
    contradicts_exception,
    label_disagrees,
)
from cf_pipeline.clean.codes.normalise import fold, normalise_words
from cf_pipeline.clean.values.repair import repair_text
from cf_pipeline.contracts.mapping import NO_MAPPING, CouncilMapping
from cf_pipeline.contracts.words.absence import (
    is_blank_word,
    is_database_null,
    is_not_known,
    is_spreadsheet_error,
)

WHOLE_RULES = ("label", "token")
"""Rules that take the whole text, or a code in it, for what it says."""
NOT_MAPPED = re.compile(r"^Code '(.+)' is not mapped$", re.IGNORECASE)
"""What a case system's report writes for a code without a mapping; the code may still be a canonical one."""


@dataclass(frozen=True)
class Match:
    """A code (None when unmatched), the layer or rule that matched, and whether code and label disagree.

    `rule` is 'council', 'official', 'alias', the name of a rule, 'inferred', 'null' or 'unmatched'.
    """

    code: str | None
    rule: str
    conflict: bool = False


@dataclass(frozen=True)
class CodeMatcher:
    """Matches the wordings of one code set for one council.

    `council` and `aliases` hold wordings and their codes; `infer` switches the key words on.
    """

    code_set: str
    council: Aliases = ()
    aliases: Aliases = ()
    infer: bool = False

    def match(self, text: str) -> Match:
        """The canonical code of a wording."""
        text = NOT_MAPPED.sub(r"\1", repair_text(text))
        return self._match_exactly(text) or self._match_by_rule(text) or self._guess(text)

    def _match_exactly(self, text: str) -> Match | None:
        """The match of a wording that a table or the contract holds, or of a word for an empty cell."""
        folded = fold(text)
        book = code_book(self.code_set)
        council = _fold_wordings(self.council)
        if folded in council:
            return Match(council[folded], "council")
        if is_database_null(text):  # before the codes: \N of MySQL is no 'N', <NA> of pandas no 'NA'
            return Match(None, "null")
        if is_spreadsheet_error(text):
            return Match(None, "unmatched")
        layers = (
            ("official", book.codes),
            ("official", book.official),
            ("alias", _fold_wordings(self.aliases)),
        )
        for layer, words in layers:
            if folded in words:
                return Match(words[folded], layer)
        is_null = is_blank_word(text) and normalise_words(self.code_set, text) not in book.labels
        return Match(None, "null") if is_null else None

    def _match_by_rule(self, text: str) -> Match | None:
        """The match of the first rule that finds a code: without the aliases, then with them.

        A wording with an unknown code is unmatched, whatever its words.
        """
        book = code_book(self.code_set)
        wider = code_book(self.code_set, self.aliases)
        with_aliases = (*CODE_RULES, *WORD_RULES) if self.aliases else ()
        written = self._match_by(book, CODE_RULES, text)
        if written is None and has_unknown_code(wider, text):
            return Match(None, "unmatched")
        return (
            written
            or self._match_by(book, WORD_RULES, text)
            or self._match_by(wider, with_aliases, text)
            or self._match_by(wider, FALLBACK_RULES, text)
        )

    def _match_by(self, book: CodeBook, rules: Iterable[tuple[str, MatchRule]], text: str) -> Match | None:
        for rule, find_code in rules:
            code = find_code(book, text)
            if code and (rule in WHOLE_RULES or not contradicts_exception(book, text, code)):
                is_conflict = rule == "token" and label_disagrees(code_book(self.code_set), text, code)
                return Match(code, rule, is_conflict)
        return None

    def _guess(self, text: str) -> Match:
        """A guess from key words where that is switched on; else 'null' or 'unmatched'."""
        if is_not_known(text):
            return Match(None, "null")
        guess = code_by_keyword(self.code_set, text) if self.infer else None
        return Match(guess, "inferred") if guess else Match(None, "unmatched")


def match_code(code_set: str, text: str) -> Match:
    """The canonical code of a wording for a council without words of its own."""
    return code_matcher(code_set).match(text)


def code_matcher(code_set: str, mapping: CouncilMapping = NO_MAPPING) -> CodeMatcher:
    """The matcher of a code set for a council: its own words, national aliases, rules and key words."""
    return CodeMatcher(
        code_set,
        council=_wording_pairs(mapping.codes.get(code_set, {})),
        aliases=national_aliases(code_set),
        infer=code_set not in INFERRED_ONLY_ON_REQUEST or code_set in mapping.infer_codes,
    )


def rules_only_matcher(code_set: str) -> CodeMatcher:
    """A matcher by rules alone, without aliases and key words; the benchmark measures it."""
    return CodeMatcher(code_set)


def _wording_pairs(words: Mapping[str, str]) -> Aliases:
    return tuple(sorted(words.items()))


@cache
def _fold_wordings(aliases: Aliases) -> dict[str, str]:
    return {folded: code for words, code in aliases if (folded := fold(words))}
