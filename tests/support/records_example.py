"""Records of children of two authorities and two teams, for every table of `restricted` as its contract is.

A table that is added to the contracts has rows here without a change. Every cell of a row says whose it is:
texts begin with a mark of authority and team, numbers lie in a range of their own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pandas as pd

from cf_pipeline.contracts.tables import TableColumn
from cf_pipeline.warehouse import publish_schemas
from cf_pipeline.warehouse.load import Load
from cf_pipeline.warehouse.tables.schemas import PUBLISHED, RESTRICTED
from tests.support import publication_example as example

CAMDEN, CITY = "E09000007", "E09000001"
TEAM_A, TEAM_B = "Team A", "Team B"
GROUPS: tuple[tuple[str, str | None], ...] = (
    *((CAMDEN, TEAM_A), (CAMDEN, TEAM_B), (CAMDEN, None)),
    *((CITY, TEAM_A), (CITY, TEAM_B), (CITY, None)),
)
"""Authority and team; teams of two authorities share their names."""
CHILDREN = 3
"""Children of each group."""
RANGE = 1_000
"""The numbers of group n lie from n times this."""
FIRST_DAY = pd.Timestamp("2020-01-01")


def mark(group: int) -> str:
    """How the texts of a group begin."""
    return "UVWXYZ"[group] * 2


def records(version: int) -> dict[str, pd.DataFrame]:
    """The tables of `restricted`."""
    tables = {}
    for name, contract in RESTRICTED.contracts.items():
        rows = [] if name == "authority_source" else list(_rows(contract.columns))
        tables[name] = contract.frame(rows if "authority_code" in contract.column_names else [])
    said = example.tables(version, f"run-{version}")["publication"]
    return tables | {"publication": said[["version", "run_id", "published_at"]]}


def publish_records(url: str, version: int = 1) -> None:
    """Publish these records with the figures of the example."""
    figures, rows = example.tables(version, f"run-{version}"), records(version)
    publish_schemas(url, [Load(RESTRICTED, (), lambda _: rows), Load(PUBLISHED, (), lambda _: figures)])


def _rows(columns: tuple[TableColumn, ...]) -> Iterator[dict[str, Any]]:
    is_of_children = "person_ref" in {column.name for column in columns}
    for group, (code, team) in enumerate(GROUPS):
        if not is_of_children and team != TEAM_A:
            continue  # what is told of a whole authority is marked as its first group's
        for child in range(1, CHILDREN + 1):
            known = {"authority_code": code, "team": team, "person_ref": f"{mark(group)}{child}"}
            cells = {column.name: _cell(column, group, child) for column in columns}
            yield cells | {name: cell for name, cell in known.items() if name in cells}


def _cell(column: TableColumn, group: int, child: int) -> Any:
    number = RANGE * group + child
    if column.type in ("string", "category"):
        return f"{mark(group)}{child}{column.name}"[: column.max_length]
    if column.type in ("date", "datetime"):
        return FIRST_DAY + dt.timedelta(days=number)
    return bool(child % 2) if column.type == "boolean" else number
