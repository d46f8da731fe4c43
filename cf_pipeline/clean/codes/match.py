"""Spellings of codes to canonical codes: layers in order, the first that hits decides.

The council's own words win over all. Then the official code and string, the national alias table, the rules
of `code_rules`, the rules once more with the aliases among the labels, and, where it is switched on, a guess
from key words, which is flagged. A wrong code is worse than a visible gap: what nothing settles stays
unmatched.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from cf_pipeline.clean.codes.code_book import Aliases, code_book, national_aliases
from cf_pipeline.clean.codes.keywords import INFERRED_ONLY_ON_REQUEST, code_by_keyword
from cf_pipeline.clean.codes.match_rules import LAST_RULES, RULES, label_disagrees
from cf_pipeline.clean.codes.normalise import fold, words_of
from cf_pipeline.clean.values.nulls import NOT_KNOWN_WORDS, is_blank_word
from cf_pipeline.clean.values.repair import repair_text
from cf_pipeline.contracts.mapping import NO_MAPPING, CouncilMapping

NOT_MAPPED = re.compile(r"^Code '(.+)' is not mapped$", re.IGNORECASE)
"""What a case system's report says of a code it does not know; the code may still be one of ours."""


@dataclass(frozen=True)
class Match:
    """A code (None when unmatched), what gave it, and whether code and label disagree.

    `rule` is 'council', 'official', 'alias', the name of a rule, 'inferred', 'null' or 'unmatched'.
    """

    code: str | None
    rule: str
    conflict: bool = False


@dataclass(frozen=True)
class CodeMatcher:
    """What is known of one code set, for one council; made once and asked for each distinct text.

    `council` and `aliases` hold a wording and its code; `infer` switches the key words on.
    """

    code_set: str
    council: Aliases = ()
    aliases: Aliases = ()
    infer: bool = False

    def match(self, text: str) -> Match:
        """The canonical code of a spelling."""
        text = NOT_MAPPED.sub(r"\1", repair_text(text))
        return self._known(text) or self._by_rule(text) or self._unsettled(text)

    def _known(self, text: str) -> Match | None:
        """What is settled word for word, and what says nothing."""
        folded = fold(text)
        book = code_book(self.code_set)
        layers = (
            ("council", _folded(self.council)),
            ("official", book.codes),
            ("official", book.official),
            ("alias", _folded(self.aliases)),
        )
        for layer, words in layers:
            if folded in words:
                return Match(words[folded], layer)
        is_null = is_blank_word(text) and words_of(self.code_set, text) not in book.labels
        return Match(None, "null") if is_null else None

    def _by_rule(self, text: str) -> Match | None:
        book = code_book(self.code_set)
        wider = code_book(self.code_set, self.aliases)
        passes = ((book, RULES), (wider, RULES if self.aliases else ()), (wider, LAST_RULES))
        for words, rules in passes:
            for rule, find in rules:
                code = find(words, text)
                if code:
                    return Match(code, rule, rule == "token" and label_disagrees(book, text, code))
        return None

    def _unsettled(self, text: str) -> Match:
        if text.casefold() in NOT_KNOWN_WORDS:
            return Match(None, "null")
        guess = code_by_keyword(self.code_set, text) if self.infer else None
        return Match(guess, "inferred") if guess else Match(None, "unmatched")


def match_code(code_set: str, text: str) -> Match:
    """The canonical code of a spelling, by the rules, the shipped aliases and key words."""
    return matcher(code_set).match(text)


def matcher(code_set: str, mapping: CouncilMapping = NO_MAPPING) -> CodeMatcher:
    """How a council's spellings of a set are read: its own words, ours, and key words where allowed."""
    return CodeMatcher(
        code_set,
        council=_pairs(mapping.codes.get(code_set, {})),
        aliases=national_aliases(code_set),
        infer=code_set not in INFERRED_ONLY_ON_REQUEST or code_set in mapping.infer_codes,
    )


def rules_alone(code_set: str) -> CodeMatcher:
    """The rules with no table of aliases and no key words."""
    return CodeMatcher(code_set)


def _pairs(words: Mapping[str, str]) -> Aliases:
    return tuple(sorted(words.items()))


@cache
def _folded(aliases: Aliases) -> dict[str, str]:
    return {folded: code for words, code in aliases if (folded := fold(words))}
