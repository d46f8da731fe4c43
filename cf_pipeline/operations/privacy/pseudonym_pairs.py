"""The pseudonyms that two keys make of the same ids: which one stands for which."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping

import pandas as pd

from cf_pipeline.contracts.authorities import authority
from cf_pipeline.contracts.list_contract import FAMILY_ID
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.merge.delivered_rows import add_pseudonyms
from cf_pipeline.project.lake_layout import clean_list
from cf_pipeline.project.lake_reader import LakeReader
from cf_pipeline.project.settings import Settings

PSEUDONYM = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")
PERSON_REF = "person_ref"
NO_LONGER_HELD = "no longer held"
"""What stands in the log of accesses in the place of the pseudonym of a child that no delivery holds."""


def find_pseudonym_pairs(settings: Settings, slug: str, old_key: bytes, new_key: bytes) -> dict[str, str]:
    """Each pseudonym of an authority by the old key -> the one by the new key.

    Those of children, adopters, workers and families, from the cleaned tables, which keep the ids.
    """
    reader, code, pairs = LakeReader(settings), authority(slug).authority_code, dict[str, str]()
    found = {name: reader.find(clean_list(name), slug) for name in list_contracts()}
    lists = {name: rows for name, rows in found.items() if rows is not None}
    old, new = (add_pseudonyms(lists, code, key) for key in (old_key, new_key))
    for name, rows in old.items():
        for column in {PERSON_REF, FAMILY_ID, *list_contracts()[name].names_of_type("worker")} & set(rows):
            both = pd.DataFrame({"old": rows[column], "new": new[name][column]}).dropna().drop_duplicates()
            pairs |= dict(zip(both["old"], both["new"], strict=True))
    return pairs


def replace_pseudonyms(rows: pd.DataFrame, pairs: Mapping[str, str]) -> pd.DataFrame:
    """The rows with the other pseudonym for each of `pairs`, wherever it stands; columns of text as text."""
    texts = rows.select_dtypes(["str", "object", "category"]).columns
    return rows.assign(**{name: _replaced(rows[name].astype("str"), pairs) for name in texts})


def line_changer(pairs: Mapping[str, str]) -> Callable[[str], str]:
    """What gives a line of a log with new pseudonyms in the place of old ones, and none that is neither."""
    new = set(pairs.values())
    return lambda line: PSEUDONYM.sub(lambda found: _new_text(found[0], pairs, new), line)


def _new_text(text: str, pairs: Mapping[str, str], new: Collection[str]) -> str:
    return pairs.get(text) or (text if text in new else NO_LONGER_HELD)


def _replaced(texts: pd.Series, pairs: Mapping[str, str]) -> pd.Series:
    """Each different text is looked at once."""
    changed = {
        text: PSEUDONYM.sub(lambda found: pairs.get(found[0], found[0]), text)
        for text in texts.dropna().unique()
    }
    return texts.map(changed).astype("str")
