"""What a history rests on: every distinct row of every delivery, known by its record, and what was received.

Nothing of it depends on a later delivery. So it is made once, and leaving the later deliveries out gives what
was known at a date, to the last digit: each of many dates costs only what a newer delivery can change.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.coverage import coverage, deliveries
from cf_pipeline.history.merge.versions import Versions, versions
from cf_pipeline.history.pseudonym import list_person_refs, person_refs

WORKER = "allocated_worker"


@dataclass(frozen=True)
class Supplied:
    """The versions of each list, and the deliveries, days covered, quarantined rows and files received."""

    versions: dict[str, Versions]
    deliveries: pd.DataFrame
    coverage: pd.DataFrame
    quarantine: pd.DataFrame
    manifest: pd.DataFrame

    @property
    def ranks(self) -> pd.Series:
        """The order of each delivery_id, oldest 0."""
        return _ranks(self.deliveries)

    def as_reported(self, at: pd.Timestamp) -> Supplied:
        """The part that deliveries with an as-at date up to and including `at` supplied."""
        return Supplied(
            {
                name: Versions(_until(every.rows, at), _until(every.duplicates, at))
                for name, every in self.versions.items()
            },
            _until(self.deliveries, at),
            _until(self.coverage, at),
            _until(self.quarantine, at),
            _until(self.manifest, at),
        )


def supplied(
    clean: dict[str, pd.DataFrame],
    quarantine: pd.DataFrame,
    manifest: pd.DataFrame,
    authority_code: str,
    id_key: bytes,
) -> Supplied:
    """Every row pseudonymised and known by its record; arguments as `merge` describes them."""
    delivered = deliveries(manifest, clean)
    ranks = _ranks(delivered)
    keyed = {
        name: versions(contract, _pseudonymised(clean[name], contract, authority_code, id_key), ranks)
        for name, contract in list_contracts().items()
    }
    return Supplied(keyed, delivered, coverage(manifest, delivered), quarantine, manifest)


def _pseudonymised(
    rows: pd.DataFrame, contract: ListContract, authority_code: str, id_key: bytes
) -> pd.DataFrame:
    """The rows with the child's pseudonym beside the id, and the worker's in place of the name."""
    refs = {"person_ref": list_person_refs(rows[contract.person], contract, authority_code, id_key)}
    if WORKER in rows.columns:
        refs[WORKER] = person_refs(rows[WORKER], f"{authority_code}:{WORKER}", id_key)
    return rows.assign(**refs)


def _ranks(delivered: pd.DataFrame) -> pd.Series:
    return pd.Series(range(len(delivered)), index=delivered["delivery_id"])


def _until(rows: pd.DataFrame, at: pd.Timestamp) -> pd.DataFrame:
    return rows[rows["as_at"] <= at].reset_index(drop=True)
