"""The register of erasures and purges: whose rows are not loaded, by keyed hashes; what they contributed.

One file an authority under `data/erasures`, private and whole: hashes of ids, the amounts that figures keep
(`kpi/lineage/erased_amounts`), and the texts that were published as categories. Their keys are in one more
file there. Neither can be worked out again: back them up with the deliveries.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from cf_pipeline.contracts.authorities import authority
from cf_pipeline.contracts.mapping import CouncilMapping
from cf_pipeline.errors import PlainError
from cf_pipeline.history.erased_people import ErasedPeople, Purge, withhold_rows
from cf_pipeline.ingest.file_lists import FileLists
from cf_pipeline.kpi.lineage.erased_amounts import AMOUNTS
from cf_pipeline.project.privacy.register_files import (
    FOLDER,
    KEYS_FILE,
    authorities_with_erasures,
    register_path,
)
from cf_pipeline.project.private_files import write_private
from cf_pipeline.project.results.result_file import read_result, write_result
from cf_pipeline.results import Result, join_tables, result_key, table_hash, table_of

KEY_BYTES = 32


class ErasuresError(PlainError):
    """The register or its keys cannot be read: nothing is guessed in its place."""


@dataclass(frozen=True)
class Erasures:
    """What one authority erased and purged.

    `people`: who, and which cases. `amounts`: AMOUNTS. `texts`: teams and organisations whose names were
    published when the first of them went, and stay so.
    """

    people: ErasedPeople
    amounts: pd.DataFrame = field(default_factory=AMOUNTS.empty)
    texts: frozenset[str] = frozenset()

    def withhold(self, read: FileLists, mapping: CouncilMapping) -> FileLists:
        """What was read of a file without the rows of these people (`withhold_rows`)."""
        return withhold_rows(read, self.people, mapping)

    @property
    def hash(self) -> str:
        """SHA-256 (hex) over all of it, '' of nobody: with another, deliveries are read and counted again."""
        if self.people.is_nobody:
            return ""
        people = [sorted(self.people.hashes), [list(map(str, case)) for case in _purges(self.people)]]
        return result_key(people, sorted(self.texts), table_hash(table_of(self.amounts)))


def read_erasures(data: Path, slug: str) -> Erasures:
    """The register of an authority; an empty one where nobody was erased.

    Raises:
        ErasuresError: it is there and cannot be read, or its keys are gone.
    """
    code, path = authority(slug).authority_code, register_path(data, slug)
    if not path.exists():
        return Erasures(ErasedPeople(code, keys=()))
    result = read_result(path.name, path.read_bytes())
    keys = _read_keys(data)
    if result is None or len(keys) < int(result.facts["keys"]):
        raise ErasuresError(
            f"{path if result is None else data / FOLDER / KEYS_FILE} cannot be read, and without it erased "
            "children would be loaded again: bring it back from a copy."
        )
    purges = {
        case: Purge(pd.Timestamp(day), pd.Timestamp(as_at)) for case, day, as_at in result.facts["purges"]
    }
    own_keys = keys[: int(result.facts["keys"])]
    people = ErasedPeople(code, frozenset(result.facts["people"]), own_keys, purges)
    amounts = join_tables([result.tables["amounts"]], AMOUNTS.dtypes)
    return Erasures(people, AMOUNTS.cast(amounts), frozenset(result.facts["texts"]))


def write_erasures(data: Path, slug: str, erasures: Erasures) -> None:
    """Put the register of an authority in place, whole (mode 0600)."""
    path = register_path(data, slug)
    facts: dict[str, Any] = {
        "people": sorted(erasures.people.hashes),
        "keys": len(erasures.people.keys),
        "purges": _purges(erasures.people),
        "texts": sorted(erasures.texts),
    }
    write_private(path, write_result(path.name, Result(facts, {"amounts": table_of(erasures.amounts)})))


def ready_people(data: Path, people: ErasedPeople) -> ErasedPeople:
    """The people with the keys of the register; the first key is made with the first erasure."""
    if people.keys:
        return people
    keys = _read_keys(data) or add_key(data)
    return ErasedPeople(people.authority_code, frozenset(), keys)


def add_key(data: Path) -> tuple[bytes, ...]:
    """Make one more key of the register; returns all of them."""
    keys = (*_read_keys(data), secrets.token_bytes(KEY_BYTES))
    write_private(data / FOLDER / KEYS_FILE, json.dumps([key.hex() for key in keys]) + "\n")
    return keys


def renew_keys(data: Path) -> None:
    """Hash every register again with a key that is made now; the keys so far alone tell nothing any more.

    A process that is killed meanwhile leaves registers of fewer keys, which are as good as before.

    Raises:
        ErasuresError: as of `read_erasures`.
    """
    slugs = authorities_with_erasures(data)
    keys = add_key(data) if slugs else ()
    for slug in slugs:
        erasures = read_erasures(data, slug)
        people = erasures.people
        for key in keys[len(people.keys) :]:
            people = people.with_key(key)
        write_erasures(data, slug, replace(erasures, people=people))


def _purges(people: ErasedPeople) -> list[tuple[str, str, str]]:
    """Each purged case as plain values: its hash, the cut-off date and the as-at date, sorted."""
    cases = people.purges.items()
    return sorted((case, f"{purge.cut_off:%Y-%m-%d}", f"{purge.as_at:%Y-%m-%d}") for case, purge in cases)


def _read_keys(data: Path) -> tuple[bytes, ...]:
    path = data / FOLDER / KEYS_FILE
    try:
        return tuple(map(bytes.fromhex, json.loads(path.read_text(encoding="utf-8"))))
    except FileNotFoundError:
        return ()
    except (ValueError, TypeError):
        raise ErasuresError(f"{path} cannot be read: bring it back from a copy.") from None
