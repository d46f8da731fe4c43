"""Merge all deliveries of one authority into the core tables: one history a list, without children's ids."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.lookup import lookup
from cf_pipeline.contracts.tables.no_rows import no_rows
from cf_pipeline.history.derived.add import add_birth_dates, add_derived_columns
from cf_pipeline.history.derived.caseload import count_caseloads, list_open_cases
from cf_pipeline.history.merge.adoption import (
    ADOPTION_LISTS,
    adoption_columns,
    adoption_days,
    find_placed_children,
)
from cf_pipeline.history.merge.carry_forward import LatestRows, carry_forward
from cf_pipeline.history.merge.changes import find_changes
from cf_pipeline.history.merge.delivered_rows import DeliveredRows, key_delivered_rows
from cf_pipeline.history.merge.issues import find_merge_issues
from cf_pipeline.history.merge.keys import shows_newest_alone
from cf_pipeline.history.merge.person import merge_people
from cf_pipeline.history.merge.row_ledger import count_rows
from cf_pipeline.history.merge.status import (
    ReasonsToVanish,
    deliveries_of_list,
    no_status,
    record_status,
)
from cf_pipeline.history.merge.versions import is_latest
from cf_pipeline.history.tables.core_tables import CASE_LISTS, STATE_COLUMNS, core_columns, states_table
from cf_pipeline.history.tables.derived_columns import CATEGORY
from cf_pipeline.history.text_categories import find_text_categories

NO_STATUS = no_status(pd.RangeIndex(0))
"""The status of no records."""


@dataclass(frozen=True)
class Core:
    """The core tables of one authority, and what merging found.

    `tables`: those of `core_tables.core_tables`, by name. `issues`: columns of `clean.issues.ISSUES`.
    `changes`: what the newest delivery changed (`changes.CHANGES`).
    """

    tables: dict[str, pd.DataFrame]
    issues: pd.DataFrame
    changes: pd.DataFrame


@dataclass(frozen=True)
class History:
    """The core tables of one authority, and the latest rows of each list with what was carried forward."""

    tables: dict[str, pd.DataFrame]
    latest: dict[str, LatestRows]


class _MergedVersions(NamedTuple):
    """What the deliveries cover; by list which rows are the newest of their record, and the latest rows."""

    covers: pd.DataFrame
    is_newest: dict[str, npt.NDArray[np.bool_]]
    latest: dict[str, LatestRows]


def merge_deliveries(
    clean: dict[str, pd.DataFrame],
    quarantine: pd.DataFrame,
    manifest: pd.DataFrame,
    authority_code: str,
    id_key: bytes,
    as_reported_at: pd.Timestamp | None = None,
    declared_categories: Collection[str] = (),
) -> Core:
    """Merge all deliveries of an authority into one history a list. Their order of arrival does not matter.

    With `as_reported_at` the later deliveries are left out: the result is exactly the merge of the deliveries
    with an as-at date up to and including that day (docs/history.md, "As reported then, as known now").

    Args:
        clean: cleaned rows by list.
        quarantine: quarantined rows, for the row ledger.
        manifest: what was received.
        authority_code: GSS code, part of every pseudonym.
        id_key: the key of the pseudonyms, 32 bytes or more.
        as_reported_at: the last as-at date to include; every delivery when missing.
        declared_categories: texts (teams, organisations) that are published however rare they are.

    Returns:
        Core, its tables as `merge_delivered_rows` describes them.

    Raises:
        ValueError: the key is shorter than 32 bytes.
    """
    delivered_rows = key_delivered_rows(clean, quarantine, manifest, authority_code, id_key)
    if as_reported_at is not None:
        delivered_rows = delivered_rows.as_reported(as_reported_at)
    merged = merge_delivered_rows(delivered_rows, declared_categories)
    tables, versions = merged.tables, delivered_rows.versions
    return Core(
        tables,
        find_merge_issues(tables, versions, merged.latest),
        find_changes(tables, versions, tables["coverage"], delivered_rows.ranks),
    )


def merge_delivered_rows(delivered_rows: DeliveredRows, declared_categories: Collection[str] = ()) -> History:
    """Merge keyed rows into one history a list.

    Returns:
        History. In its list tables person_ref replaces the child's id, which only `person` keeps; a worker is
        a keyed pseudonym too. `open_cases` and `caseloads` join the lists that have a worker. In `row_ledger`
        rows_read = rows_core + rows_quarantined + rows_superseded, per file and list.
    """
    merged = _merge_versions(delivered_rows)
    latest_rows = {name: of_list.rows for name, of_list in merged.latest.items()}
    columns = {name: list(core_columns(name)) for name in list_contracts()}
    rows = {name: versions.rows for name, versions in delivered_rows.versions.items()}
    others = {
        "row_ledger": count_rows(delivered_rows, merged.is_newest, latest_rows),
        "text_categories": find_text_categories(rows, declared_categories),
    }
    return History(_tables(delivered_rows, merged, columns) | others, merged.latest)


def merge_columns_read(
    delivered_rows: DeliveredRows, columns_read: Mapping[str, Collection[str]]
) -> dict[str, pd.DataFrame]:
    """The tables of `merge_delivered_rows` of which only some delivered columns are read.

    `row_ledger`, `text_categories` and the lists that are not in `columns_read` are left out.

    Args:
        delivered_rows: the input of the merge.
        columns_read: list -> the delivered columns that are read; derived columns are always there.
    """
    columns = {
        name: [
            column
            for column in core_columns(name)
            if column in read or column not in list_contracts()[name].column_names
        ]
        for name, read in columns_read.items()
    }
    return _tables(delivered_rows, _merge_versions(delivered_rows), columns)


def _tables(
    delivered_rows: DeliveredRows, history: _MergedVersions, columns: Mapping[str, list[str]]
) -> dict[str, pd.DataFrame]:
    """The lists with some of their columns, the tables made from them, and what describes the deliveries."""
    rows = {name: versions.rows for name, versions in delivered_rows.versions.items()}
    latest_rows = {name: of_list.rows for name, of_list in history.latest.items()}
    derived = add_derived_columns(latest_rows | {"person": merge_people(latest_rows)}, history.covers)
    tables = {name: _to_core_columns(name, derived[name], own) for name, own in columns.items()}
    states = {
        states_table(name): _states(rows[name], state_columns, latest_rows[name])
        for name, state_columns in STATE_COLUMNS.items()
    }
    cases = list_open_cases({name: rows[name] for name in CASE_LISTS}, derived["person"])
    others = {
        "person": derived["person"],
        "open_cases": cases,
        "caseloads": count_caseloads(cases),
        "deliveries": delivered_rows.deliveries,
        "coverage": history.covers,
        "held_lists": delivered_rows.held_lists,
    }
    return tables | states | others


def find_issues(
    clean: dict[str, pd.DataFrame],
    quarantine: pd.DataFrame,
    manifest: pd.DataFrame,
    authority_code: str,
    id_key: bytes,
) -> pd.DataFrame:
    """The issues of `merge_deliveries` without its tables, in about half the time."""
    delivered_rows = key_delivered_rows(clean, quarantine, manifest, authority_code, id_key)
    latest = _merge_versions(delivered_rows).latest
    rows = {name: of_list.rows for name, of_list in latest.items()}
    lists = add_birth_dates(rows, merge_people(rows))
    tables = {name: of_list.sort_values("record_key", ignore_index=True) for name, of_list in lists.items()}
    return find_merge_issues(tables, delivered_rows.versions, latest)


def _merge_versions(delivered_rows: DeliveredRows) -> _MergedVersions:
    contracts, ranks = list_contracts(), delivered_rows.ranks
    rows = {name: versions.rows for name, versions in delivered_rows.versions.items()}
    newest_alone = [name for name in rows if shows_newest_alone(contracts[name], rows[name])]
    covers = delivered_rows.coverage
    covers = covers.assign(is_newest_alone=covers["list"].isin(newest_alone).astype("boolean"))
    no_covers = covers.iloc[:0]
    covers_by_list = dict.fromkeys(rows, no_covers) | {
        str(name): of_list for name, of_list in covers.groupby("list")
    }
    is_newest = {name: is_latest(contracts[name], rows[name], covers_by_list[name], ranks) for name in rows}
    reasons = _reasons_to_vanish(rows, is_newest)
    latest = {
        name: _latest_rows(contracts[name], rows[name], is_newest[name], covers_by_list[name], ranks, reasons)
        for name in rows
    }
    return _MergedVersions(covers, is_newest, latest)


def _reasons_to_vanish(
    rows: dict[str, pd.DataFrame], is_newest: dict[str, npt.NDArray[np.bool_]]
) -> ReasonsToVanish:
    """The adopted children and those placed for adoption, by the newest version of every record."""
    newest = {name: rows[name][adoption_columns(name)][is_newest[name]] for name in ADOPTION_LISTS}
    placed = find_placed_children(newest)
    shown: dict[str, set[int]] = {child: set() for child in placed}
    for versions in rows.values() if placed else ():
        positions = np.flatnonzero(versions["person_ref"].isin(placed))
        ranks = versions["rank"].to_numpy()[positions]
        for child, rank in zip(versions["person_ref"].array.take(positions), ranks, strict=True):
            shown[child].add(int(rank))
    return ReasonsToVanish(adoption_days(newest), shown)


def _latest_rows(
    contract: ListContract,
    rows: pd.DataFrame,
    is_newest: npt.NDArray[np.bool_],
    covers: pd.DataFrame,
    ranks: pd.Series,
    reasons: ReasonsToVanish,
) -> LatestRows:
    """The latest version of each record, with earlier values carried forward and its status."""
    if rows.empty:
        return LatestRows(contract, rows.assign(**NO_STATUS), {}, None)
    columns_by_delivery = {
        str(delivery_id): frozenset(columns.split(";"))
        for delivery_id, columns in zip(covers["delivery_id"], covers["columns_supplied"], strict=True)
    }
    filled = carry_forward(contract, rows, is_newest, columns_by_delivery)
    status = record_status(contract, filled.rows, deliveries_of_list(covers, ranks, rows), reasons)
    return replace(filled, rows=pd.concat([filled.rows, status], axis="columns"))


def _to_core_columns(name: str, rows: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Some columns of a core table in the order of the keys, those of few texts as categories."""
    if rows.empty:
        return _empty_core_table(name, tuple(columns))
    order, dtypes = rows["record_no"].to_numpy().argsort(), core_columns(name)
    arrays = {column: rows[column].array for column in columns}
    others = {
        column: array.astype(dtypes[column])
        for column, array in arrays.items()
        if array.dtype != dtypes[column]
    }
    return pd.DataFrame(
        {column: array.take(order) for column, array in (arrays | others).items()}, copy=False
    )


def _empty_core_table(name: str, columns: tuple[str, ...]) -> pd.DataFrame:
    dtypes = core_columns(name)
    texts = {column: "str" if dtypes[column] == CATEGORY else dtypes[column] for column in columns}
    return no_rows(texts).astype({column: CATEGORY for column in columns if dtypes[column] == CATEGORY})


def _states(rows: pd.DataFrame, columns: tuple[str, ...], latest: pd.DataFrame) -> pd.DataFrame:
    """The states of a list as every delivery shows them: record_key, delivery_id, as_at and the columns.

    What was shown of a record before its date was corrected stands under the key that it has since.
    """
    names = ["record_key", "delivery_id", "as_at", *columns]
    if latest["rekeyed_to"].isna().all():
        return rows[names].take(np.lexsort((rows["rank"], rows["record_no"]))).reset_index(drop=True)
    rekeyed = latest.set_index("record_key")["rekeyed_to"].dropna()
    key = rows["record_key"]
    while (is_corrected := key.isin(rekeyed.index)).any():
        key = key.mask(is_corrected, lookup(key, rekeyed))
    ordered = rows.assign(record_key=key).sort_values(["record_key", "rank"], ignore_index=True)
    return ordered[names]
