"""Erased people and purged cases: known by a keyed hash of an id alone, and how their rows are not loaded.

An erased person is loaded from no list, ever. A purged case is a person's in one list that ended longer ago
than the retention of the list: its rows are not loaded, and those of a new case of the same person are.

A hash is made with one key after another (`keys`), so that a new key needs no id: the hash so far is hashed
again with it, and each earlier key alone tells nothing any more.

Belongs here: the hashes, and which rows of a read file are those of such people and cases. Does not belong
here: where the register lies (`project/privacy/erasures`), and which cases are purged (`operations/privacy`).
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.contracts.list_contract import AS_AT, PROVENANCE, ListContract
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.mapping import CouncilMapping
from cf_pipeline.history.case_days import FIRST, LAST, PERSON, read_case_days, read_ids
from cf_pipeline.ingest.file_lists import FileLists
from cf_pipeline.ingest.findings import Finding

ERASED = "erased_child"
"""The rule of a row that is not loaded because its child was erased."""
PURGED = "past_retention"
"""The rule of a list of which rows are not loaded because their cases were purged."""


class Purge(NamedTuple):
    """When a case was purged: it ended before `cut_off`; `as_at` is that of the newest delivery by then."""

    cut_off: pd.Timestamp
    as_at: pd.Timestamp


@dataclass(frozen=True)
class ErasedPeople:
    """The children of one authority that were erased, and the cases that were purged.

    `hashes`: of ids; `purges`: hash of list and id -> when. Both are made with `keys`, one after the other.
    """

    authority_code: str = ""
    hashes: frozenset[str] = frozenset()
    keys: tuple[bytes, ...] = ()
    purges: Mapping[str, Purge] = field(default_factory=dict)

    @property
    def is_nobody(self) -> bool:
        """Whether nobody was erased and nothing purged."""
        return not self.hashes and not self.purges

    def hash_id(self, child_id: str) -> str:
        """The hash of an id as cleaning gives it, in hexadecimal digits."""
        return hash_again(f"{self.authority_code}\x1f{child_id}", self.keys)

    def hash_case(self, list_name: str, person_id: str) -> str:
        """The hash of a person's case in a list, in hexadecimal digits."""
        return hash_again(f"{self.authority_code}\x1f{list_name}\x1f{person_id}", self.keys)

    def with_child(self, child_id: str) -> ErasedPeople:
        """These and one more."""
        return replace(self, hashes=self.hashes | {self.hash_id(child_id)})

    def with_purge(self, list_name: str, person_ids: Iterable[str], purge: Purge) -> ErasedPeople:
        """These and the cases of some people in a list."""
        cases = dict.fromkeys((self.hash_case(list_name, each) for each in person_ids), purge)
        return replace(self, purges={**self.purges, **cases})

    def with_key(self, key: bytes) -> ErasedPeople:
        """The same people and cases under one more key."""
        hashes = frozenset(hash_again(each, [key]) for each in self.hashes)
        purges = {hash_again(each, [key]): purge for each, purge in self.purges.items()}
        return replace(self, hashes=hashes, keys=(*self.keys, key), purges=purges)

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


def find_purged_rows(
    contract: ListContract, rows: pd.DataFrame, people: ErasedPeople, mapping: CouncilMapping
) -> npt.NDArray[np.bool_]:
    """Which rows of a list, as text, are those of purged cases.

    Every row of what was delivered by then; of a later delivery those that are over before the cut-off date.
    A new case, or one that a later delivery shows open again, is loaded: no child is hidden.

    Args:
        contract: the list.
        rows: its ingested text with provenance.
        people: whose cases.
        mapping: the council's own words.
    """
    if not people.purges or rows.empty:
        return np.zeros(len(rows), dtype=bool)
    days = read_case_days(contract, rows, mapping)
    codes, distinct = pd.factorize(days[PERSON])
    found = [people.purges.get(people.hash_case(contract.name, str(each))) for each in distinct]
    cut_off, newest = (
        pd.DatetimeIndex([*days_of_purge, pd.NaT]).to_numpy(dtype="datetime64[us]")[codes]
        for days_of_purge in (
            [purge and purge.cut_off for purge in found],
            [purge and purge.as_at for purge in found],
        )
    )
    first, last, as_at = (days[name].to_numpy(dtype="datetime64[us]") for name in (FIRST, LAST, AS_AT))
    is_purged: npt.NDArray[np.bool_] = (last < cut_off) | ((as_at <= newest) & (first < cut_off))
    return is_purged


def find_withheld_rows(
    contract: ListContract, rows: pd.DataFrame, people: ErasedPeople, mapping: CouncilMapping
) -> npt.NDArray[np.bool_]:
    """Which rows of a list, as text, are those of some people or of purged cases: as of the two above."""
    is_own = find_child_rows(contract, rows, people, mapping)
    return is_own | find_purged_rows(contract, rows, people, mapping)


def withhold_rows(read: FileLists, people: ErasedPeople, mapping: CouncilMapping) -> FileLists:
    """What was read of a file as if it had no rows of erased people and purged cases.

    There is a finding for each row of an erased person, and one for each list of a sheet with purged cases.

    Args:
        read: the lists of a file, as frames.
        people: who was erased, and which cases were purged.
        mapping: the council's own words.
    """
    if people.is_nobody:
        return read
    frames, entries, findings = [], list(read.entries), list(read.findings)
    of_lists = [number for number, entry in enumerate(entries) if entry.list]
    for number, (name, rows) in zip(of_lists, read.frames, strict=True):
        assert isinstance(rows, pd.DataFrame)  # noqa: S101 - only what comes from a store is no frame
        contract = list_contracts()[name]
        is_erased = find_child_rows(contract, rows, people, mapping)
        is_purged = find_purged_rows(contract, rows, people, mapping) & ~is_erased
        places = rows.loc[is_erased | is_purged, list(PROVENANCE)]
        lost = set(zip(places["sheet"].fillna(""), places["excel_row"], strict=True))
        findings = [each for each in findings if (each.sheet, each.excel_row) not in lost]
        findings += _findings(contract, rows[is_erased], rows[is_purged])
        kept = _without_rows(rows, is_erased | is_purged) if len(places) else rows
        entries[number] = replace(entries[number], rows_read=len(kept))
        frames.append((name, kept))
    return replace(read, frames=frames, entries=entries, findings=findings)


def _findings(contract: ListContract, erased_rows: pd.DataFrame, purged_rows: pd.DataFrame) -> list[Finding]:
    """A finding for each row of erased people, and one without a row for each sheet with purged cases."""
    sheets = purged_rows.drop_duplicates("sheet")
    numbers = erased_rows["excel_row"].astype("int64").tolist()
    rows = [
        _finding(contract, ERASED, place, row)
        for place, row in zip(erased_rows.itertuples(), numbers, strict=True)
    ]
    return rows + [_finding(contract, PURGED, place, None) for place in sheets.itertuples()]


def _finding(contract: ListContract, rule: str, place: Any, excel_row: int | None) -> Finding:
    return Finding(
        contract.name,
        rule,
        str(place.delivery_id),
        pd.Timestamp(place.as_at),
        str(place.file),
        "" if pd.isna(place.sheet) else str(place.sheet),
        excel_row,
        contract.person,
    )


def _without_rows(rows: pd.DataFrame, is_erased: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """The other rows; no text stays as a category that only the erased ones had."""
    kept = rows[~is_erased].reset_index(drop=True)
    categories = kept.select_dtypes("category").columns
    return kept.assign(**{name: kept[name].cat.remove_unused_categories() for name in categories})
