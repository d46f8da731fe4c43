"""Everything that is held on one child, store by store, to answer a subject access request."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pandas as pd

from cf_pipeline import warehouse
from cf_pipeline.contracts.authorities import authority
from cf_pipeline.contracts.list_contract import CHILD_ID
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.pseudonym import pseudonymise
from cf_pipeline.history.tables.core_tables import core_tables
from cf_pipeline.operations.audit import access_log
from cf_pipeline.operations.privacy.child_rows import ChildError, ingested_rows, read_child_ids
from cf_pipeline.operations.privacy.pseudonym_pairs import PERSON_REF
from cf_pipeline.project import lake_layout
from cf_pipeline.project.id_key import verified_id_key
from cf_pipeline.project.lake_layout import TableKey
from cf_pipeline.project.lake_reader import LakeReader
from cf_pipeline.project.settings import Settings
from cf_pipeline.warehouse.tables.schemas import RESTRICTED

OTHER_TABLES = (
    lake_layout.ISSUES_BY_CHILD,
    lake_layout.CHANGES,
    lake_layout.MEMBERS,
    lake_layout.WORKLIST_ITEMS,
    lake_layout.TIMELINE,
)
Records = dict[str, list[dict[str, Any]]]
"""Store -> its rows of the child, by column; a blank cell is left out."""


def find_records(settings: Settings, slug: str, child_id: str) -> Records:
    """Every row about a child in every store that has one, with the place in the delivered files.

    Args:
        settings: the project's.
        slug: the authority's folder.
        child_id: of the case system, in any way it is written.

    Raises:
        ChildError: the authority or the child is not held.
    """
    (own_id,) = read_child_ids(settings, slug, [child_id])
    delivered, _ = ingested_rows(settings, slug, [own_id])
    if not delivered:
        raise ChildError(f"{slug}: nothing is held on that child in any delivery that is loaded.")
    code, key = authority(slug).authority_code, verified_id_key(settings)
    pseudonym = str(pseudonymise(pd.Series([own_id], dtype="str"), code, key).iloc[0])
    found: Records = {f"delivered files: {name}": _rows(rows) for name, rows in delivered.items()}
    for key_of_table in _lake_keys():
        rows = LakeReader(settings).find(key_of_table, slug)
        if rows is not None:
            found[f"lake: {'/'.join(key_of_table)}"] = _rows(_own_rows(rows, own_id, pseudonym))
    for name, contract in RESTRICTED.contracts.items():
        if PERSON_REF in contract.column_names:
            where = {"authority_code": code, PERSON_REF: pseudonym}
            rows = warehouse.read_table(settings.warehouse_url, name, where=where, schema=RESTRICTED)
            found[f"warehouse: {RESTRICTED.name}.{name}"] = _rows(rows)
    log = access_log(settings.data)
    entries = log.entries() if log.path.exists() else ()
    found["log of accesses"] = [dict(entry) for entry in entries if pseudonym in json.dumps(entry)]
    return {store: rows for store, rows in found.items() if rows}


def _lake_keys() -> Iterator[TableKey]:
    yield from (lake_layout.clean_list(name) for name in list_contracts())
    yield from (lake_layout.core_table(name) for name in core_tables())
    yield from OTHER_TABLES


def _own_rows(rows: pd.DataFrame, child_id: str, pseudonym: str) -> pd.DataFrame:
    is_own = pd.Series(False, index=rows.index)
    for column, value in ((CHILD_ID, child_id), (PERSON_REF, pseudonym)):
        if column in rows:
            is_own |= rows[column].astype("str").eq(value).fillna(False).astype(bool)
    return rows[is_own]


def _rows(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as plain values, dates as ISO text."""
    records: list[dict[str, Any]] = json.loads(rows.to_json(orient="records", date_format="iso"))
    return [{name: value for name, value in row.items() if value is not None} for row in records]
