"""Clean the deliveries of an authority, each once, then compare their lists.

What cleaning gives for one list of one delivery depends on nothing else, so it is kept and joined. The rules
between lists and deliveries look at all of them each time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from cf_pipeline.clean.codes.unmatched_codes import WORDINGS, list_unmatched_codes
from cf_pipeline.clean.issues import ISSUES, QUARANTINE
from cf_pipeline.clean.lists import clean_list
from cf_pipeline.clean.rules.rule import AuthorityLists
from cf_pipeline.clean.rules.run_checks import check_lists
from cf_pipeline.clean.sources import usable_rows
from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.mapping import NO_MAPPING, CouncilMapping
from cf_pipeline.contracts.tables.table_contract import TableContract
from cf_pipeline.results import NO_STORE, Result, ResultStore, join_tables, result_key, table_of

Lists = dict[str, pd.DataFrame]
FOUND: dict[str, TableContract] = {"issues": ISSUES, "quarantine": QUARANTINE, "wordings": WORDINGS}
"""What cleaning finds beside the rows; each names its delivery and list."""
NO_KEYS: Mapping[str, str] = {}


@dataclass(frozen=True)
class CleanedLists:
    """The cleaned lists of one authority. Rows read = rows in `lists` + rows in `quarantine`.

    `lists`: list name -> rows with the contract's columns and dtypes, and the provenance. `issues` and
    `quarantine`: columns of `issues.ISSUES` and `issues.QUARANTINE`. `unmatched_codes`: wordings that fit no
    code, columns of `unmatched_codes.TO_DECIDE`.
    """

    lists: Lists
    issues: pd.DataFrame
    quarantine: pd.DataFrame
    unmatched_codes: pd.DataFrame


@dataclass(frozen=True)
class CleanedDeliveries:
    """The deliveries of one authority, cleaned each by itself.

    `lists`, `issues` and `quarantine` are as in `CleanedLists`, by list and within it by delivery; `issues`
    has none of the rules between lists. `wordings`: columns of `unmatched_codes.WORDINGS`.
    """

    lists: Lists
    issues: pd.DataFrame
    quarantine: pd.DataFrame
    wordings: pd.DataFrame


def clean_lists(
    lists: Lists,
    manifest: pd.DataFrame,
    findings: pd.DataFrame | None = None,
    mapping: CouncilMapping = NO_MAPPING,
) -> CleanedLists:
    """Type, code and validate every list. An unreadable cell becomes null with an issue; its row stays.

    Args:
        lists: list name -> ingested text with provenance; a list left out is an empty one.
        manifest: what was received (`ingest.manifest.MANIFEST`).
        findings: what reading the files found (`ingest.findings.FINDINGS`); each becomes an issue.
        mapping: the council's own words.

    Raises:
        ContractError: a cleaned list does not meet its contract.
    """
    return compare_lists(clean_deliveries(lists, manifest, findings, mapping), manifest)


def compare_lists(deliveries: CleanedDeliveries, manifest: pd.DataFrame) -> CleanedLists:
    """The cleaned deliveries with the issues of the rules between lists, files and deliveries."""
    between = check_lists(AuthorityLists(deliveries.lists, manifest))
    return CleanedLists(
        deliveries.lists,
        ISSUES.concat([deliveries.issues, between]),
        deliveries.quarantine,
        list_unmatched_codes(deliveries.wordings),
    )


def clean_deliveries(
    lists: Lists,
    manifest: pd.DataFrame,
    findings: pd.DataFrame | None = None,
    mapping: CouncilMapping = NO_MAPPING,
    keys: Mapping[str, str] = NO_KEYS,
    store: ResultStore = NO_STORE,
) -> CleanedDeliveries:
    """Clean every delivery; one that was cleaned before comes from the store.

    Those to clean are cleaned together, list by list: the work that a column costs whatever its rows is then
    done once.

    Args:
        lists: as for `clean_lists`, and so are `manifest`, `findings` and `mapping`.
        manifest: what was received.
        findings: what reading the files found.
        mapping: the council's own words.
        keys: delivery -> the key of its ingested rows and findings; one without a key is not kept.
        store: what was cleaned before.

    Raises:
        ContractError: a cleaned list does not meet its contract.
        MachineError: a result cannot be written.
    """
    deliveries = _deliveries(lists, manifest)
    own_keys = delivery_keys(keys, manifest, mapping)
    found = {
        delivery_id: store.find(own_keys[delivery_id])
        for delivery_id in deliveries
        if delivery_id in own_keys
    }
    stored = {delivery_id: result for delivery_id, result in found.items() if result is not None}
    others = [delivery_id for delivery_id in deliveries if delivery_id not in stored]
    if stored:
        lists = {name: _of_deliveries(rows, others) for name, rows in lists.items()}
        manifest = _of_deliveries(manifest, others)
        findings = None if findings is None else _of_deliveries(findings, others)
    fresh = _in_order(_clean_together(lists, manifest, findings, mapping), others)
    if not own_keys:
        return fresh
    results = stored | _results_by_delivery(fresh, others)
    for delivery_id in own_keys.keys() & set(others):
        store.keep(own_keys[delivery_id], results[delivery_id])
    if not stored:
        return fresh
    joined = _join([results[delivery_id] for delivery_id in deliveries])  # each list by delivery already
    return replace(_in_order(replace(joined, lists={}), deliveries), lists=joined.lists)


def delivery_keys(keys: Mapping[str, str], manifest: pd.DataFrame, mapping: CouncilMapping) -> dict[str, str]:
    """Delivery -> the key of a cleaned delivery: of its ingested rows, its manifest rows and the mapping.

    Args:
        keys: delivery -> the key of its ingested rows and findings.
        manifest: what was received.
        mapping: the council's own words.
    """
    rows_by_delivery: dict[str, list[Any]] = {delivery_id: [] for delivery_id in keys}
    rows = json.loads(manifest.to_json(orient="values", date_format="iso")) if keys else []
    for delivery_id, row in zip(manifest["delivery_id"], rows, strict=False):
        if delivery_id in rows_by_delivery:
            rows_by_delivery[delivery_id].append(row)
    columns = list(manifest.columns)
    return {
        delivery_id: result_key("delivery", keys[delivery_id], columns, own, mapping)
        for delivery_id, own in rows_by_delivery.items()
    }


def leave_out(deliveries: CleanedDeliveries, places: pd.DataFrame) -> CleanedDeliveries:
    """The cleaned deliveries without some lists of some of them, as if those had not arrived.

    Args:
        deliveries: the cleaned deliveries.
        places: delivery_id and list of what to leave out.
    """
    by_list = {str(name): list(own["delivery_id"]) for name, own in places.groupby("list")}
    lists = {
        name: rows[~rows["delivery_id"].isin(by_list[name])].reset_index(drop=True)
        if name in by_list
        else rows
        for name, rows in deliveries.lists.items()
    }
    key = ["delivery_id", "list"]
    left_out = pd.MultiIndex.from_frame(places[key])
    found = {
        name: frame[~pd.MultiIndex.from_frame(frame[key].astype("str")).isin(left_out)].reset_index(drop=True)
        for name, frame in ((name, getattr(deliveries, name)) for name in FOUND)
    }
    return CleanedDeliveries(lists, **found)


def _deliveries(lists: Lists, manifest: pd.DataFrame) -> list[str]:
    """Every delivery, in the order of the manifest."""
    ids = [manifest["delivery_id"], *(rows["delivery_id"] for rows in lists.values() if len(rows))]
    return list(dict.fromkeys(str(each) for own in ids for each in own.dropna().unique()))


def _of_deliveries(rows: pd.DataFrame, deliveries: Sequence[str]) -> pd.DataFrame:
    positions = np.flatnonzero(rows["delivery_id"].isin(deliveries))
    first, end = (positions[0], positions[-1] + 1) if len(positions) else (0, 0)
    is_run = end - first == len(positions)  # as the newest delivery's rows are: nothing is copied then
    return (rows.iloc[first:end] if is_run else rows.take(positions)).reset_index(drop=True)


def _clean_together(
    lists: Lists, manifest: pd.DataFrame, findings: pd.DataFrame | None, mapping: CouncilMapping
) -> CleanedDeliveries:
    """Every list of all the deliveries given, cleaned in one piece."""
    contracts = list_contracts()
    rows_by_list = {name: contract.empty() for name, contract in contracts.items()}
    issues, quarantine, wordings = [], [], []
    findings_by_list = _by_list(findings) if findings is not None and len(findings) else {}
    sources_by_list = _by_list(usable_rows(manifest))
    no_sources = manifest.head(0)
    received = set(manifest["list"].dropna()) | {name for name, rows in lists.items() if len(rows)}
    for name in [name for name in contracts if name in received]:
        contract = contracts[name]
        text = lists[name] if name in lists else contract.empty_text()
        sources = sources_by_list.get(name, no_sources)
        cleaned = clean_list(contract, text, manifest, mapping, findings_by_list.get(name), sources)
        rows_by_list[name] = cleaned.rows
        issues.append(cleaned.issues)
        quarantine.append(cleaned.quarantine)
        wordings.append(cleaned.wordings)
    return CleanedDeliveries(
        rows_by_list, ISSUES.concat(issues), QUARANTINE.concat(quarantine), WORDINGS.concat(wordings)
    )


def _by_list(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """List -> its own rows."""
    return {str(name): own for name, own in rows.groupby("list", sort=False)}


def _in_order(parts: CleanedDeliveries, deliveries: Sequence[str]) -> CleanedDeliveries:
    """The same rows by list and within it by delivery, whichever of them were cleaned together."""
    if len(deliveries) < 2:  # lists are cleaned in their order
        return parts
    ranks = {delivery_id: rank for rank, delivery_id in enumerate(deliveries)}
    lists = {name: rank for rank, name in enumerate(list_contracts())}

    def sort_rows(rows: pd.DataFrame) -> pd.DataFrame:
        keys = [rows["delivery_id"].map(ranks).to_numpy()]
        keys += [rows["list"].map(lists).to_numpy()] if "list" in rows else []
        order = np.lexsort(keys)
        return rows if (np.diff(order) == 1).all() else rows.take(order).reset_index(drop=True)

    found = {name: sort_rows(getattr(parts, name)) for name in FOUND}
    return replace(parts, lists={name: sort_rows(rows) for name, rows in parts.lists.items()}, **found)


def _results_by_delivery(parts: CleanedDeliveries, deliveries: Sequence[str]) -> dict[str, Result]:
    """Delivery -> what is kept of it; a list without a row of it is left out."""
    results = {delivery_id: Result({}, {}) for delivery_id in deliveries}
    for name, rows in parts.lists.items():
        for delivery_id, table in _tables_by_delivery(rows).items():
            results[delivery_id].tables[f"list/{name}"] = table
    for name in FOUND:
        for delivery_id, table in _tables_by_delivery(getattr(parts, name)).items():
            results[delivery_id].tables[name] = table
    return results


def _tables_by_delivery(rows: pd.DataFrame) -> dict[str, pa.Table]:
    if rows.empty:
        return {}
    numbers, deliveries = pd.factorize(rows["delivery_id"])
    order = np.argsort(numbers, kind="stable")
    table = table_of(rows.take(order))
    bounds = np.searchsorted(numbers[order], np.arange(len(deliveries) + 1))
    return {
        str(delivery_id): table.slice(start, end - start)
        for delivery_id, (start, end) in zip(deliveries, pairwise(bounds), strict=True)
    }


def _join(results: Sequence[Result]) -> CleanedDeliveries:
    """The results of several deliveries as one, in their order."""

    def join(name: str, contract: ListContract | TableContract) -> pd.DataFrame:
        tables = [result.tables[name] for result in results if name in result.tables]
        return join_tables(tables, contract.dtypes) if tables else contract.empty()

    lists = {name: join(f"list/{name}", contract) for name, contract in list_contracts().items()}
    return CleanedDeliveries(lists, **{name: join(name, contract) for name, contract in FOUND.items()})
