"""What two publications have in common when only the key for child ids is another one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from cf_pipeline.warehouse import read_table, read_tables
from cf_pipeline.warehouse.tables.schemas import RESTRICTED

TOKEN = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")
LAYERS = ("core", "kpi", "worklists")
OF_A_RUN = ("run_id", "figures_hash", "sources_hash", "rows_hash", "published_at", "inputs_hash", "version")
NUMBERS = ("member_no", "item_no", "change_no")
"""Numbers of rows that stand in the order of pseudonyms."""
HISTORIES = ("kpi_member", "worklist", "worklist_item", "child_timeline", "change_since", "person")
Tables = dict[str, pd.DataFrame]


def published(url: str) -> Tables:
    """Every table of figures and of records as far as it does not name its run, with ids for pseudonyms.

    The pseudonym of a child becomes the child's id; others, of workers and adopters, become one text.
    """
    records = {name: read_table(url, name, schema=RESTRICTED) for name in HISTORIES}
    ids = dict(zip(records["person"]["person_ref"], records["person"]["child_id"], strict=True))
    tables = {**read_tables(url), **records}
    return {name: _sorted(_with_ids(rows, ids)) for name, rows in tables.items() if name != "publication"}


def sizes_of_histories(url: str) -> dict[str, list[int]]:
    """How many rows each pseudonym has in each table of records, children and others alike, in order."""
    sizes = {}
    for name in HISTORIES:
        rows = read_table(url, name, schema=RESTRICTED)
        for column in {"person_ref", "worker"} & set(rows):
            sizes[f"{name}.{column}"] = sorted(rows[column].value_counts().tolist())
    return sizes


def stored_pseudonyms(lake: Path) -> set[str]:
    """Every pseudonym in the tables of a lake."""
    return {
        token
        for layer in LAYERS
        for file in (lake / layer).rglob("*.parquet")
        for token in TOKEN.findall(pd.read_parquet(file).to_csv())
    }


def differences(before: Tables, after: Tables, names: Iterable[str] = ()) -> list[str]:
    """The tables (all without names) that are not the same, row by row."""
    return [name for name in names or before if not before[name].equals(after[name])]


def _with_ids(rows: pd.DataFrame, ids: dict[str, str]) -> pd.DataFrame:
    rows = rows.drop(columns=[name for name in (*OF_A_RUN, *NUMBERS) if name in rows])
    texts = rows.select_dtypes(["str", "object", "category"]).columns
    return rows.assign(
        **{
            name: [
                TOKEN.sub(lambda found: ids.get(found[0], "somebody"), text)
                if isinstance(text, str)
                else text
                for text in rows[name]
            ]
            for name in texts
        }
    )


def _sorted(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.sort_values(list(rows), ignore_index=True) if len(rows.columns) else rows
