"""The core of one authority: every list merged, children pseudonymised, every row accounted for."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cf_pipeline.contracts.lists import PROVENANCE, ListContract, list_contracts
from cf_pipeline.history import findings
from cf_pipeline.history.caseload import caseloads, open_cases
from cf_pipeline.history.coverage import coverage, deliveries, read_rows
from cf_pipeline.history.derived import add_derived
from cf_pipeline.history.person import people
from cf_pipeline.history.pseudonym import list_person_refs, person_refs
from cf_pipeline.history.schema import CASE_LISTS, STATES, core_columns, states_table
from cf_pipeline.history.versions import Versions, carry_unsupplied, vanished, versions

WORKER = "allocated_worker"
LEDGER = ("delivery_id", "as_at", "file", "list")


@dataclass(frozen=True)
class Core:
    """`tables`: one a list, states, joined ones, person, deliveries, coverage, row_ledger; and `issues`."""

    tables: dict[str, pd.DataFrame]
    issues: pd.DataFrame


def merge(
    clean: dict[str, pd.DataFrame],
    quarantine: pd.DataFrame,
    manifest: pd.DataFrame,
    authority_code: str,
    id_key: bytes,
) -> Core:
    """One history a list from all deliveries of an authority, whatever order they came in.

    Args:
        clean: cleaned rows by list.
        quarantine: quarantined rows, for the ledger.
        manifest: what was received.
        authority_code: GSS code, part of every pseudonym.
        id_key: the key of the pseudonyms, 32 bytes or more.

    Returns:
        Core. In its list tables the child's id is replaced by person_ref; only `person` keeps it. A
        worker is a keyed pseudonym too. `open_cases` and `caseloads` join the lists that have a worker.
        `row_ledger` has rows_read = rows_core + rows_quarantined + rows_superseded per file and list.
    """
    contracts = list_contracts()
    clean = {name: _with_worker_refs(rows, authority_code, id_key) for name, rows in clean.items()}
    delivered = deliveries(manifest, clean)
    covers = coverage(manifest, delivered)
    ranks = pd.Series(range(len(delivered)), index=delivered["delivery_id"])
    versioned = {name: versions(contract, clean[name], ranks) for name, contract in contracts.items()}
    latest = {
        name: _latest(contract, versioned[name], covers[covers["list"].eq(name)], ranks)
        for name, contract in contracts.items()
    }
    latest = {name: _with_ref(rows, contracts[name], authority_code, id_key) for name, rows in latest.items()}
    tables = add_derived(latest | {"person": people(latest)}, covers)
    tables = {name: _shaped(name, rows) if name in contracts else rows for name, rows in tables.items()}
    states = {states_table(name): _states(versioned[name].rows, columns) for name, columns in STATES.items()}
    cases = open_cases(
        {
            name: _with_ref(versioned[name].rows, contracts[name], authority_code, id_key)
            for name in CASE_LISTS
        }
    )
    joined = {"open_cases": cases, "caseloads": caseloads(cases)}
    ledger = _ledger(manifest, latest, quarantine, versioned)
    issues = findings.found(tables, versioned)
    others = {"deliveries": delivered, "coverage": covers, "row_ledger": ledger}
    return Core(tables | states | joined | others, issues)


def _latest(
    contract: ListContract, versioned: Versions, covers: pd.DataFrame, ranks: pd.Series
) -> pd.DataFrame:
    rows = versioned.rows
    latest = rows[rows["is_latest"]].reset_index(drop=True)
    supplied = {
        str(delivery_id): set(columns.split(";"))
        for delivery_id, columns in zip(covers["delivery_id"], covers["columns_supplied"], strict=True)
    }
    latest = carry_unsupplied(latest, rows[~rows["is_latest"]], supplied)
    fate = vanished(contract, latest, rows, covers, ranks)
    return latest.assign(status=fate["status"].astype("str"), vanished_date=fate["vanished_date"])


def _with_ref(rows: pd.DataFrame, contract: ListContract, authority_code: str, id_key: bytes) -> pd.DataFrame:
    return rows.assign(person_ref=list_person_refs(rows[contract.person], contract, authority_code, id_key))


def _with_worker_refs(rows: pd.DataFrame, authority_code: str, id_key: bytes) -> pd.DataFrame:
    if WORKER not in rows.columns:
        return rows
    return rows.assign(**{WORKER: person_refs(rows[WORKER], f"{authority_code}:{WORKER}", id_key)})


def _shaped(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    columns = core_columns(name)
    return rows[list(columns)].astype(columns).sort_values(["record_key"], ignore_index=True)


def _states(rows: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    ordered = rows.sort_values(["record_key", "rank"], ignore_index=True)
    return ordered[["record_key", "delivery_id", "as_at", *columns]]


def _ledger(
    manifest: pd.DataFrame,
    latest: dict[str, pd.DataFrame],
    quarantine: pd.DataFrame,
    versioned: dict[str, Versions],
) -> pd.DataFrame:
    """Rows read, and where each went, per file and list."""
    keys = list(LEDGER)
    read = read_rows(manifest).groupby(keys)["rows_read"].sum()
    counted = {"rows_read": read}
    counted["rows_core"] = _count(latest)
    held = quarantine.groupby(keys).size()
    counted["rows_quarantined"] = held
    superseded = {
        name: pd.concat([version.rows[~version.rows["is_latest"]], version.duplicates])
        for name, version in versioned.items()
    }
    counted["rows_superseded"] = _count(superseded)
    ledger = pd.DataFrame(counted).fillna(0).astype("Int64").rename_axis(keys).reset_index()
    types = {name: dtype for name, dtype in PROVENANCE.items() if name in keys} | {"list": "str"}
    return ledger.astype(types)


def _count(tables: dict[str, pd.DataFrame]) -> pd.Series:
    parts = [
        rows[["delivery_id", "as_at", "file"]].assign(list=name) for name, rows in tables.items() if len(rows)
    ]
    return pd.concat(parts).groupby(list(LEDGER)).size() if parts else pd.Series(dtype="int64")
