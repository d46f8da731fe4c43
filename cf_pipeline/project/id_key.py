"""The key of the pseudonyms: that it is there, and the one with which the stored records were made.

With another key the same child has another `person_ref`: histories fall apart and counts of different
children are wrong. So a fingerprint of the key stands beside the lake (an HMAC of a fixed text, from which
the key cannot be found), and every command that makes or reads a `person_ref` asks for the key here.

Does not belong here: where the key comes from (`settings`), how a pseudonym is made (`history/pseudonym.py`).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from cf_pipeline.contracts.authorities import authority
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.errors import PlainError
from cf_pipeline.history.pseudonym import pseudonymise_people
from cf_pipeline.project import lake_layout
from cf_pipeline.project.lake_layout import lake_folder
from cf_pipeline.project.lake_reader import LakeReader
from cf_pipeline.project.operations.lake_address import check_lake_answers
from cf_pipeline.project.privacy.key_change import is_key_changing, is_key_replaced
from cf_pipeline.project.private_files import write_private
from cf_pipeline.project.settings import SECRET, Settings

if TYPE_CHECKING:
    from upath import UPath

FEW = 20
"""As many people of an authority are asked first whether the key made their pseudonyms."""
FILE = "id_key.fingerprint"
FINGERPRINT = re.compile(rb"[0-9a-f]{64}")
FIXED_TEXT = b"cf-pipeline: fingerprint of the key for child ids"


class IdKeyError(PlainError):
    """The key is missing or is another one than that of the stored records."""


def verified_id_key(settings: Settings) -> bytes:
    """The key that turns a child's id into a person_ref, checked against the lake's fingerprint.

    A lake without a fingerprint, or with a damaged one, gets one: an empty lake that of this key, a lake with
    people only when this key gives their pseudonyms.

    Raises:
        IdKeyError: the lake has records, and the key is missing or another one.
        KeyChangeUnderWayError: the key is being changed.
        LakeAddressError: the lake is an object store that does not answer.
        SettingsError: there is neither a key nor a record.
    """
    if settings.id_key is None:
        check_key_not_lost(settings)
    key = settings.required_id_key()
    is_key_changing(settings.data, key)
    check_lake_answers(settings.lake)
    path = fingerprint_path(settings)
    expected = fingerprint(key)
    known = path.read_bytes().strip() if path.exists() else b""
    if FINGERPRINT.fullmatch(known):
        is_same = hmac.compare_digest(known, expected.encode())
    else:  # none yet, or a damaged one
        is_same = _is_key_of_lake(settings, key)
        if is_same:
            _write(path, expected)
    if not is_same:
        raise IdKeyError(
            f"The key for child ids is not the one with which {settings.lake} was made. {_remedy(settings)}"
        )
    return key


def check_key_not_lost(settings: Settings) -> None:
    """Refuse to go on, or to make a new key, when the lake holds records of a key that is gone.

    Raises:
        IdKeyError: the lake has a fingerprint or people.
    """
    check_lake_answers(settings.lake)
    if fingerprint_path(settings).exists() or LakeReader(settings).authorities_with(lake_layout.PERSON):
        raise IdKeyError(
            f"The key for child ids is lost, and {settings.lake} holds records made with it. "
            f"{_remedy(settings)}"
        )


def check_people(people: pd.DataFrame, settings: Settings) -> None:
    """Refuse to replace the restricted records of a warehouse that another key made.

    Args:
        people: `restricted.person` as the warehouse has it now; it may be empty.
        settings: with the key.

    Raises:
        IdKeyError: none of an authority's people has the pseudonym that this key gives.
        KeyChangeUnderWayError: the records are being replaced by those of another key.
    """
    key = settings.required_id_key()
    if is_key_replaced(settings.data, key):
        return  # what is published is of the old key until this publication
    for code, rows in people.groupby("authority_code"):
        if not _has_pseudonyms(rows, str(code), key):
            raise IdKeyError(
                f"The restricted records of the warehouse {settings.warehouse_shown} were made with another "
                f"key for child ids: nothing was published. {_remedy(settings)}"
            )


def fingerprint(key: bytes) -> str:
    """What is stored of a key: it tells keys apart, and the key cannot be found from it."""
    return hmac.new(key, FIXED_TEXT, hashlib.sha256).hexdigest()


def fingerprint_path(settings: Settings) -> UPath:
    """The file beside the lake's tables."""
    return lake_folder(settings.lake) / FILE


def _write(path: UPath, text: str) -> None:
    if isinstance(path, Path):
        write_private(path, text + "\n")
    else:
        path.write_text(text + "\n")


def _is_key_of_lake(settings: Settings, key: bytes) -> bool:
    """Whether the key gives the pseudonyms of every authority that has people in the lake."""
    return all(_has_pseudonyms(people, code, key) for code, people in _people_of_lake(settings))


def _people_of_lake(settings: Settings) -> Iterator[tuple[str, pd.DataFrame]]:
    reader = LakeReader(settings)
    for slug in reader.authorities_with(lake_layout.PERSON):
        yield authority(slug).authority_code, reader.read(lake_layout.PERSON, slug)


def _has_pseudonyms(people: pd.DataFrame, authority_code: str, key: bytes) -> bool:
    """Whether the key gives one of the people's pseudonyms at least; true of no people."""
    known = people.dropna(subset=["child_id"])
    return known.empty or any(
        pseudonymise_people(some["child_id"], contract, authority_code, key).eq(some["person_ref"]).any()
        for some in (known.head(FEW), known)  # a few are enough, unless the key is another
        for contract in list_contracts().values()
    )


def _remedy(settings: Settings) -> str:
    return (
        f"Put your copy of the key back as {settings.key_file} (mode 0600) or in {SECRET}, the "
        "new one where it was changed, and run again. "
        "Without a copy, move the lake and the warehouse away and run again: every pseudonym is then new."
    )
