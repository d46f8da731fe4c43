"""The core of one authority: every list merged, children pseudonymised, every row accounted for."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from cf_pipeline.contracts.lists import PROVENANCE, ListContract, list_contracts
from cf_pipeline.contracts.lookup import lookup
from cf_pipeline.history import findings
from cf_pipeline.history.as_reported import Supplied
from cf_pipeline.history.carried import Carried, carried
from cf_pipeline.history.caseload import caseloads, open_cases
from cf_pipeline.history.coverage import coverage, deliveries, read_rows
from cf_pipeline.history.derived import add_derived
from cf_pipeline.history.fate import delivered as delivered_rows
from cf_pipeline.history.fate import fates
from cf_pipeline.history.person import people
from cf_pipeline.history.pseudonym import list_person_refs, person_refs
from cf_pipeline.history.schema import CASE_LISTS, STATES, core_columns, states_table
from cf_pipeline.history.versions import Versions, versions

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
    as_reported_at: pd.Timestamp | None = None,
) -> Core:
    """One history a list from all deliveries of an authority, whatever order they came in.

    With `as_reported_at` it is the history as it was reported then: exactly what a merge gave when the
    deliveries with an as-at date up to and including that day were all there were. Measuring both, and
    comparing them, says what later deliveries changed: `measure(merge(..., as_reported_at=S).tables, ...)`.

    Args:
        clean: cleaned rows by list.
        quarantine: quarantined rows, for the ledger.
        manifest: what was received.
        authority_code: GSS code, part of every pseudonym.
        id_key: the key of the pseudonyms, 32 bytes or more.
        as_reported_at: the last as-at date to take in; every delivery when missing.

    Returns:
        Core. In its list tables the child's id is replaced by person_ref; only `person` keeps it. A
        worker is a keyed pseudonym too. `open_cases` and `caseloads` join the lists that have a worker.
        `row_ledger` has rows_read = rows_core + rows_quarantined + rows_superseded per file and list.
    """
    contracts = list_contracts()
    if as_reported_at is not None:
        then = Supplied(clean, quarantine, manifest).as_reported(as_reported_at)
        clean, quarantine, manifest = then.clean, then.quarantine, then.manifest
    clean = {name: _with_worker_refs(rows, authority_code, id_key) for name, rows in clean.items()}
    delivered = deliveries(manifest, clean)
    covers = coverage(manifest, delivered)
    ranks = pd.Series(range(len(delivered)), index=delivered["delivery_id"])
    covered = {name: covers[covers["list"].eq(name)] for name in contracts}
    rows = {name: _with_ref(clean[name], contracts[name], authority_code, id_key) for name in contracts}
    versioned = {name: versions(contracts[name], rows[name], covered[name], ranks) for name in contracts}
    known = {name: _latest(contracts[name], each, covered[name], ranks) for name, each in versioned.items()}
    latest = {name: each.rows for name, each in known.items()}
    tables = add_derived(latest | {"person": people(latest)}, covers)
    tables = {name: _shaped(name, rows) if name in contracts else rows for name, rows in tables.items()}
    states = {states_table(name): _states(versioned[name].rows, columns) for name, columns in STATES.items()}
    cases = open_cases({name: versioned[name].rows for name in CASE_LISTS}, tables["person"])
    joined = {"open_cases": cases, "caseloads": caseloads(cases)}
    ledger = _ledger(manifest, latest, quarantine, versioned)
    issues = findings.found(tables, versioned, known)
    others = {"deliveries": delivered, "coverage": covers, "row_ledger": ledger}
    return Core(tables | states | joined | others, issues)


def _latest(contract: ListContract, versioned: Versions, covers: pd.DataFrame, ranks: pd.Series) -> Carried:
    rows = versioned.rows
    latest = rows[rows["is_latest"]].reset_index(drop=True)
    supplied = {
        str(delivery_id): set(columns.split(";"))
        for delivery_id, columns in zip(covers["delivery_id"], covers["columns_supplied"], strict=True)
    }
    known = carried(contract, latest, _before(latest, versioned.older), supplied)
    fate = fates(contract, known.rows, rows, delivered_rows(covers, ranks, rows))
    return replace(known, rows=known.rows.join(fate))


def _before(latest: pd.DataFrame, older: pd.DataFrame) -> pd.DataFrame:
    """The versions of an earlier delivery than the one that counts."""
    counts = latest.set_index("record_key")["rank"]
    return older[older["rank"].lt(lookup(older["record_key"], counts)).fillna(False).astype(bool)]


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
    superseded = {name: pd.concat([version.older, version.duplicates]) for name, version in versioned.items()}
    counted["rows_superseded"] = _count(superseded)
    ledger = pd.DataFrame(counted).fillna(0).astype("Int64").rename_axis(keys).reset_index()
    types = {name: dtype for name, dtype in PROVENANCE.items() if name in keys} | {"list": "str"}
    return ledger.astype(types)


def _count(tables: dict[str, pd.DataFrame]) -> pd.Series:
    parts = [
        rows[["delivery_id", "as_at", "file"]].assign(list=name) for name, rows in tables.items() if len(rows)
    ]
    return pd.concat(parts).groupby(list(LEDGER)).size() if parts else pd.Series(dtype="int64")
