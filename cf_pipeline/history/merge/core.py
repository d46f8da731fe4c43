"""The core of one authority: every list merged, children pseudonymised, every row accounted for."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.lookup import lookup
from cf_pipeline.history.derived.add import add_derived
from cf_pipeline.history.derived.caseload import caseloads, open_cases
from cf_pipeline.history.merge import issues
from cf_pipeline.history.merge.carry_forward import Carried, carried
from cf_pipeline.history.merge.delivered_rows import Supplied, supplied
from cf_pipeline.history.merge.person import people
from cf_pipeline.history.merge.row_ledger import row_ledger
from cf_pipeline.history.merge.status import delivered as delivered_rows
from cf_pipeline.history.merge.status import fates
from cf_pipeline.history.merge.versions import groups_of_several, is_latest
from cf_pipeline.history.tables.core_tables import CASE_LISTS, STATES, core_columns, states_table


@dataclass(frozen=True)
class Core:
    """`tables`: one a list, states, joined ones, person, deliveries, coverage, row_ledger; and `issues`."""

    tables: dict[str, pd.DataFrame]
    issues: pd.DataFrame


@dataclass(frozen=True)
class History:
    """`tables`: those of a `Core`; `known`: the latest rows of each list with what was carried over."""

    tables: dict[str, pd.DataFrame]
    known: dict[str, Carried]


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
        Core, its tables as `history` gives them.
    """
    every = supplied(clean, quarantine, manifest, authority_code, id_key)
    then = every if as_reported_at is None else every.as_reported(as_reported_at)
    merged = history(then)
    return Core(merged.tables, issues.found(merged.tables, then.versions, merged.known))


def history(of: Supplied) -> History:
    """One history a list of what was supplied, every row accounted for.

    Returns:
        History. In its list tables the child's id is replaced by person_ref; only `person` keeps it. A
        worker is a keyed pseudonym too. `open_cases` and `caseloads` join the lists that have a worker.
        `row_ledger` has rows_read = rows_core + rows_quarantined + rows_superseded per file and list.
    """
    contracts, covers, ranks = list_contracts(), of.coverage, of.ranks
    rows = {name: every.rows for name, every in of.versions.items()}
    covered = {name: covers[covers["list"].eq(name)] for name in rows}
    newest = {name: is_latest(contracts[name], rows[name], covered[name], ranks) for name in rows}
    known = {name: _latest(contracts[name], rows[name], newest[name], covered[name], ranks) for name in rows}
    latest = {name: each.rows for name, each in known.items()}
    tables = add_derived(latest | {"person": people(latest)}, covers)
    tables = {name: _shaped(name, each) if name in contracts else each for name, each in tables.items()}
    states = {states_table(name): _states(rows[name], columns) for name, columns in STATES.items()}
    cases = open_cases({name: rows[name] for name in CASE_LISTS}, tables["person"])
    joined = {"open_cases": cases, "caseloads": caseloads(cases)}
    others = {"deliveries": of.deliveries, "coverage": covers, "row_ledger": row_ledger(of, newest, latest)}
    return History(tables | states | joined | others, known)


def _latest(
    contract: ListContract,
    rows: pd.DataFrame,
    newest: pd.Series,
    covers: pd.DataFrame,
    ranks: pd.Series,
) -> Carried:
    """The versions that count with what was known before and what became of each."""
    latest = rows[newest].reset_index(drop=True)
    supplied_columns = {
        str(delivery_id): set(columns.split(";"))
        for delivery_id, columns in zip(covers["delivery_id"], covers["columns_supplied"], strict=True)
    }
    counts = pd.Series(latest["rank"].to_numpy(), index=latest["record_key"])
    is_before = ~newest & rows["rank"].lt(lookup(rows["record_key"], counts)).fillna(False).astype(bool)
    known = carried(contract, latest, rows[is_before], groups_of_several(rows), supplied_columns)
    fate = fates(contract, known.rows, delivered_rows(covers, ranks, rows))
    return replace(known, rows=known.rows.join(fate))


def _shaped(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    columns = core_columns(name)
    return rows[list(columns)].astype(columns).sort_values(["record_key"], ignore_index=True)


def _states(rows: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    ordered = rows.sort_values(["record_key", "rank"], ignore_index=True)
    return ordered[["record_key", "delivery_id", "as_at", *columns]]
