"""Erased people: known by a keyed hash of their id alone, and how their rows are kept from being loaded.

A hash is made with one key after another (`keys`), so that a new key needs no id: the hash so far is hashed
again with it, and each earlier key alone tells nothing any more.

Belongs here: the hashes, and which rows of a read file are an erased person's. Does not belong here: where
the register lies (`project/privacy/erasures`).
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.clean.columns import parse_column
from cf_pipeline.contracts.list_contract import PROVENANCE, ListContract
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.mapping import CouncilMapping
from cf_pipeline.ingest.file_lists import FileLists
from cf_pipeline.ingest.findings import Finding

ERASED = "erased_child"
"""The rule of a row that is not loaded because its child was erased."""


@dataclass(frozen=True)
class ErasedPeople:
    """The children of one authority that were erased: `hashes` made with `keys`, one after the other."""

    authority_code: str = ""
    hashes: frozenset[str] = frozenset()
    keys: tuple[bytes, ...] = ()

    def hash_id(self, child_id: str) -> str:
        """The hash of an id as cleaning gives it, in hexadecimal digits."""
        return hash_again(f"{self.authority_code}\x1f{child_id}", self.keys)

    def with_child(self, child_id: str) -> ErasedPeople:
        """These and one more."""
        return replace(self, hashes=self.hashes | {self.hash_id(child_id)})

    def with_key(self, key: bytes) -> ErasedPeople:
        """The same people under one more key."""
        hashes = frozenset(hash_again(each, [key]) for each in self.hashes)
        return replace(self, hashes=hashes, keys=(*self.keys, key))

    def contain(self, ids: pd.Series) -> npt.NDArray[np.bool_]:
        """Which of some ids are of erased children; each different id is hashed once."""
        codes, distinct = pd.factorize(ids)
        is_erased = [self.hash_id(str(each)) in self.hashes for each in distinct]
        return np.array([*is_erased, False], dtype=bool)[codes]


def hash_again(text: str, keys: Sequence[bytes]) -> str:
    """The HMAC-SHA256 (hex) of a text with the first key, of that with the second, and so on."""
    for key in keys:
        text = hmac.digest(key, text.encode(), "sha256").hex()
    return text


def find_child_rows(
    contract: ListContract, rows: pd.DataFrame, people: ErasedPeople, mapping: CouncilMapping
) -> npt.NDArray[np.bool_]:
    """Which rows of a list, as text, are those of some people.

    Args:
        contract: the list.
        rows: its ingested text with provenance.
        people: who.
        mapping: the council's own words: they may fill ids with zeros.
    """
    if not people.hashes or not contract.is_about_children or rows.empty:
        return np.zeros(len(rows), dtype=bool)
    return people.contain(read_ids(contract, rows, mapping))


def read_ids(contract: ListContract, rows: pd.DataFrame, mapping: CouncilMapping) -> pd.Series[str]:
    """The id of each row of a list, as cleaning gives it; missing where there is none."""
    texts = rows[contract.person].astype("str")
    parsed = parse_column(contract.column(contract.person), texts, rows["as_at"], mapping)
    return pd.Series(parsed.values, index=rows.index, dtype="str")


def withhold_rows(read: FileLists, people: ErasedPeople, mapping: CouncilMapping) -> FileLists:
    """What was read of a file as if it had no rows of erased people, with a finding for each of them.

    Args:
        read: the lists of a file, as frames.
        people: who was erased.
        mapping: the council's own words.
    """
    if not people.hashes:
        return read
    frames, entries, findings = [], list(read.entries), list(read.findings)
    of_lists = [number for number, entry in enumerate(entries) if entry.list]
    for number, (name, rows) in zip(of_lists, read.frames, strict=True):
        assert isinstance(rows, pd.DataFrame)  # noqa: S101 - only what comes from a store is no frame
        contract = list_contracts()[name]
        is_erased = find_child_rows(contract, rows, people, mapping)
        places = list(rows.loc[is_erased, list(PROVENANCE)].itertuples())
        lost = {(place.sheet, place.excel_row) for place in places}
        findings = [each for each in findings if (each.sheet, each.excel_row) not in lost]
        findings += [_finding(name, contract.person, place) for place in places]
        kept = _without_rows(rows, is_erased) if places else rows
        entries[number] = replace(entries[number], rows_read=len(kept))
        frames.append((name, kept))
    return replace(read, frames=frames, entries=entries, findings=findings)


def _finding(name: str, column: str, place: Any) -> Finding:
    return Finding(
        name,
        ERASED,
        str(place.delivery_id),
        pd.Timestamp(place.as_at),
        str(place.file),
        "" if pd.isna(place.sheet) else str(place.sheet),
        int(place.excel_row),
        column,
    )


def _without_rows(rows: pd.DataFrame, is_erased: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """The other rows; no text stays as a category that only the erased ones had."""
    kept = rows[~is_erased].reset_index(drop=True)
    categories = kept.select_dtypes("category").columns
    return kept.assign(**{name: kept[name].cat.remove_unused_categories() for name in categories})
