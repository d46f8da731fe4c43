"""Prepare the input of the merge: every distinct row of every delivery with its record key and pseudonyms.

Independent of later deliveries, so it is computed once and filtered by date: the history as it was reported
at many dates does not need the rows keyed again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cf_pipeline.contracts.list_contract import FAMILY_ID
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.coverage import coverage, held_lists, list_deliveries
from cf_pipeline.history.merge.versions import Versions, key_versions
from cf_pipeline.history.pseudonym import people_scope, pseudonymise

FAMILY_SCOPE = "family"
"""Part of every family's pseudonym: a family has the same one in both lists of adoption, and no person's."""
WORKER_SCOPE = "allocated_worker"
"""Part of every worker's pseudonym, so that a worker has the same one in every list and never a child's."""


@dataclass(frozen=True)
class DeliveredRows:
    """The versions of each list, with the deliveries, their coverage, quarantined rows and the manifest.

    `held_lists`: the lists of deliveries that are left out.
    """

    versions: dict[str, Versions]
    deliveries: pd.DataFrame
    coverage: pd.DataFrame
    held_lists: pd.DataFrame
    quarantine: pd.DataFrame
    manifest: pd.DataFrame

    @property
    def ranks(self) -> pd.Series:
        """The order of each delivery_id, oldest 0."""
        return _delivery_ranks(self.deliveries)

    def as_reported(self, date: pd.Timestamp) -> DeliveredRows:
        """What the deliveries with an as-at date up to and including the date hold."""
        contracts = list_contracts()
        return DeliveredRows(
            {name: of_list.reported_by(contracts[name], date) for name, of_list in self.versions.items()},
            _reported_by(self.deliveries, date),
            _reported_by(self.coverage, date),
            _reported_by(self.held_lists, date),
            _reported_by(self.quarantine, date),
            _reported_by(self.manifest, date),
        )


def key_delivered_rows(
    clean: dict[str, pd.DataFrame],
    quarantine: pd.DataFrame,
    manifest: pd.DataFrame,
    authority_code: str,
    id_key: bytes,
) -> DeliveredRows:
    """Give every row its pseudonyms and its record key; arguments as for `core.merge_deliveries`.

    Raises:
        ValueError: the key is shorter than 32 bytes.
    """
    deliveries = list_deliveries(manifest, clean)
    ranks = _delivery_ranks(deliveries)
    rows = add_pseudonyms(clean, authority_code, id_key)
    versions = {
        name: key_versions(contract, rows[name], ranks) for name, contract in list_contracts().items()
    }
    covers, held = coverage(manifest, deliveries), held_lists(manifest, deliveries)
    return DeliveredRows(versions, deliveries, covers, held, quarantine, manifest)


def add_pseudonyms(
    clean: Mapping[str, pd.DataFrame], authority_code: str, id_key: bytes
) -> dict[str, pd.DataFrame]:
    """Cleaned lists with the person's pseudonym as `person_ref`; of family and worker in place of theirs.

    Raises:
        ValueError: the key is shorter than 32 bytes.
    """
    ids: dict[str, dict[tuple[str, str], pd.Series]] = {}
    for name, rows in clean.items():
        contract = list_contracts()[name]
        own = [(people_scope(contract, authority_code), "person_ref", contract.person)]
        own += [(f"{authority_code}:{WORKER_SCOPE}", each, each) for each in contract.names_of_type("worker")]
        own += [(f"{authority_code}:{FAMILY_SCOPE}", FAMILY_ID, FAMILY_ID)] if FAMILY_ID in rows else []
        for scope, column, source in own:
            ids.setdefault(scope, {})[name, column] = rows[source]
    refs: dict[str, dict[str, Any]] = {name: {} for name in clean}
    for scope, columns in ids.items():
        # one person is in many lists: all of them at once, so that each id is hashed once
        found, start = pseudonymise(pd.concat(columns.values(), ignore_index=True), scope, id_key).array, 0
        for (name, column), of_list in columns.items():
            refs[name][column] = found[start : start + len(of_list)]
            start += len(of_list)
    return {name: rows.assign(**refs[name]) for name, rows in clean.items()}


def worker_pseudonyms(digests: pd.Series, authority_code: str, id_key: bytes) -> pd.Series:
    """The pseudonym of each worker, from the digest of the name that cleaning makes."""
    return pseudonymise(digests, f"{authority_code}:{WORKER_SCOPE}", id_key)


def _delivery_ranks(deliveries: pd.DataFrame) -> pd.Series:
    return pd.Series(range(len(deliveries)), index=deliveries["delivery_id"])


def _reported_by(rows: pd.DataFrame, date: pd.Timestamp) -> pd.DataFrame:
    return rows[rows["as_at"] <= date].reset_index(drop=True)
