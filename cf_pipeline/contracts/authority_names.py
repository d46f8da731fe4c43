"""Which authority a text means: by name, folder, GSS code (old or new) or the department's number.

The department's number is the key that stays: an authority whose boundary or kind changed got another GSS
code and kept its number. `data/authority_codes.csv` has the other codes of each authority, and the former
authorities that were divided or merged, with the authorities that followed. Its dates say when a code was in
force; a code means the same authority in files of any date.

Source: Office for National Statistics, register of geographic codes and code history database.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from cf_pipeline.contracts.authorities import authorities
from cf_pipeline.contracts.words.headers import squash

STYLE_WORDS = r"the|council|corporation|mbc|cc|bc|lb|rb"
MORE_STYLE_WORDS = (
    rf"{STYLE_WORDS}|of|city|county|london borough|royal borough|metropolitan|borough|unitary|district"
)
"""Words around a council's name. As few as possible are removed: the City of London is not London."""
TOO_WIDE = frozenset({"", "london"})
"""What is left of a name and fits no single authority."""
OUTSIDE_ENGLAND = "outside England"
_GSS = re.compile(r"\b([EWSN]\d{8})\b", re.IGNORECASE)
_DECIMALS = re.compile(r"^(\d+)\.0+$")
_NUMBER = re.compile(r"^\W*\d{3}\b\W*|\W*\b\d{3}\W*$")
"""A number of three digits before or after a name: '815 North Yorkshire', 'North Yorkshire (815)'."""
_LISTED = re.compile(r"[/;+|\n]")
_JOINED = re.compile(r"\s+and\s+|\s*&\s*|\s*,\s*", re.IGNORECASE)


@dataclass(frozen=True)
class NamedAuthorities:
    """The authorities that a text means: one, several (a joint row), or none where nothing is known by it.

    slugs: theirs, or OUTSIDE_ENGLAND. is_former: it means an authority that was divided or merged; slugs are
    then those that followed.
    """

    slugs: frozenset[str] = frozenset()
    is_former: bool = False

    @property
    def slug(self) -> str | None:
        """The one authority that is meant; None for several, for a former one and for none."""
        return next(iter(self.slugs)) if len(self.slugs) == 1 and not self.is_former else None

    @property
    def is_known(self) -> bool:
        """Whether the text means any authority."""
        return bool(self.slugs)


NOBODY = NamedAuthorities()


@cache
def other_codes() -> list[dict[str, str]]:
    """The other codes of authorities, and those of former ones: the rows of `data/authority_codes.csv`."""
    path = resources.files("cf_pipeline.contracts") / "data" / "authority_codes.csv"
    with path.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


@lru_cache(maxsize=4096)
def find_authorities(text: str) -> NamedAuthorities:
    """The authorities that a text means, as a whole or, where it joins several, part by part.

    'Bournemouth, Christchurch and Poole' is one authority, 'City of London and Hackney' are two.
    """
    text = _DECIMALS.sub(r"\1", text.strip())
    found = _find_whole(text)
    codes = {code.upper() for code in _GSS.findall(text)}
    if not found.is_known and codes:
        found = _unite([_find_code(code) for code in sorted(codes)])
    for parts in () if found.is_known or codes else _parts(text):
        each = [find_authorities(part) if part else NOBODY for part in parts]
        if all(part.is_known for part in each):
            return _unite(each)
    return found


def _find_whole(text: str) -> NamedAuthorities:
    by_spelling = _by_spelling()
    for form in (text, _NUMBER.sub("", text)):
        spellings = (squash(form), _remove_words(STYLE_WORDS, form), _remove_words(MORE_STYLE_WORDS, form))
        for spelling in spellings:
            if spelling in by_spelling:
                return by_spelling[spelling]
    return NOBODY


def _find_code(code: str) -> NamedAuthorities:
    if not code.startswith("E"):
        return NamedAuthorities(frozenset({OUTSIDE_ENGLAND}))
    return _by_spelling().get(squash(code), NOBODY)


def _unite(parts: list[NamedAuthorities]) -> NamedAuthorities:
    """What all of them mean; nothing when one means nothing."""
    if not all(each.is_known for each in parts):
        return NOBODY
    return NamedAuthorities(
        frozenset().union(*(each.slugs for each in parts)), any(each.is_former for each in parts)
    )


def _parts(text: str) -> Iterator[list[str]]:
    """The ways to read a text as several names: at each mark of a list, else at one joining word."""
    if _LISTED.search(text):
        yield [part.strip() for part in _LISTED.split(text)]
        return
    for joint in _JOINED.finditer(text):
        yield [text[: joint.start()].strip(), text[joint.end() :].strip()]


@cache
def _by_spelling() -> dict[str, NamedAuthorities]:
    """Each spelling, squashed -> whom it means.

    A whole name wins over a shortened one, an authority of today over a former one.
    """
    local = [authority for authority in authorities().values() if authority.kind == "local_authority"]
    found: dict[str, NamedAuthorities] = {}
    for authority in local:
        itself = NamedAuthorities(frozenset({authority.slug}))
        for text in (authority.slug, authority.name, authority.authority_code, authority.dfe_code):
            found.setdefault(squash(text), itself)
    for row in other_codes():
        slugs = frozenset(row["slugs"].split(";"))
        own = {authorities()[slug].dfe_code for slug in slugs}
        meant = NamedAuthorities(slugs, is_former=row["dfe_code"] not in own)
        for text in (row["authority_code"], row["dfe_code"], row["name"]):
            found.setdefault(squash(text), meant)
    for authority in local:
        shortened = _remove_words(MORE_STYLE_WORDS, authority.name)
        found.setdefault(shortened, NamedAuthorities(frozenset({authority.slug})))
    return {spelling: meant for spelling, meant in found.items() if spelling not in TOO_WIDE}


def _remove_words(words: str, text: str) -> str:
    spaced = re.sub(r"[^a-z0-9]+", " ", text.casefold().replace("&", " and "))
    return squash(re.sub(rf"\b(?:{words})\b", " ", spaced))
