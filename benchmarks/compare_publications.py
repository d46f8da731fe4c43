"""Compares two publications table by table.

    .venv/bin/python -m benchmarks.compare_publications BEFORE AFTER

BEFORE and AFTER are the data folders (`CF_DATA`) of two runs over the same files with the same `CF_ID_KEY`:
of two versions of the product, or of one version with a warm and a cold cache. Every table and view of
`published_v1` and every table of `restricted` is compared row by row. Columns that name a run rather than a
figure are left out (RUN_COLUMNS).

Bar: no table differs; the exit status is 1 when one does.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

import duckdb

FILES = {"published_v1": "published.duckdb", "restricted": "restricted_records.duckdb"}
RUN_COLUMNS = frozenset({"run_id", "published_at", "inputs_hash", "version", "product_version"})
"""Columns that differ between two runs that publish the same figures."""


class TableComparison(NamedTuple):
    """One table or view: its rows before and after, and the rows and columns found on one side only."""

    name: str
    rows_before: int
    rows_after: int
    rows_missing: int
    rows_added: int
    columns_missing: tuple[str, ...]
    columns_added: tuple[str, ...]

    @property
    def is_equal(self) -> bool:
        """Whether no row and no column differs."""
        return not (self.rows_missing or self.rows_added or self.columns_missing or self.columns_added)


def compare_publications(before: Path, after: Path) -> list[TableComparison]:
    """The comparison of every table and view of both data folders, those of `published_v1` first.

    Raises:
        FileNotFoundError: a data folder holds no published warehouse.
    """
    return [
        comparison
        for schema, file in FILES.items()
        for comparison in _compare_schema(schema, before / "warehouse" / file, after / "warehouse" / file)
    ]


def _compare_schema(schema: str, before: Path, after: Path) -> list[TableComparison]:
    for path in (before, after):
        if not path.is_file():
            raise FileNotFoundError(f"{path} is not there: run the pipeline into that data folder first")
    with duckdb.connect() as connection:
        for alias, path in (("before", before), ("after", after)):
            connection.execute(f"attach '{path}' as {alias} (read_only)")
        sides = {alias: _columns_by_table(connection, alias, schema) for alias in ("before", "after")}
        names = sorted(sides["before"] | sides["after"])
        return [
            _compare_table(
                connection, f"{schema}.{name}", sides["before"].get(name, ()), sides["after"].get(name, ())
            )
            for name in names
        ]


def _columns_by_table(
    connection: duckdb.DuckDBPyConnection, alias: str, schema: str
) -> dict[str, tuple[str, ...]]:
    # A table that a view shows under its own name is stored as numbers, which may be others each time.
    found = connection.execute(
        "select table_name, list(column_name order by ordinal_position) from information_schema.columns "
        "where table_catalog = $1 and table_schema = $2 and not exists ("
        "select 1 from information_schema.views where views.table_catalog = $1 "
        "and starts_with(columns.table_name, views.table_name || '_')) group by table_name",
        [alias, schema],
    ).fetchall()
    return {name: tuple(columns) for name, columns in found}


def _compare_table(
    connection: duckdb.DuckDBPyConnection, name: str, before: tuple[str, ...], after: tuple[str, ...]
) -> TableComparison:
    shared = [column for column in before if column in after and column not in RUN_COLUMNS]
    names = ", ".join(f'"{column}"' for column in shared)

    def count(query: str) -> int:
        found = connection.execute(query).fetchone()
        return int(found[0]) if found else 0

    def count_rows(alias: str, columns: tuple[str, ...]) -> int:
        return count(f"select count(*) from {alias}.{name}") if columns else 0  # noqa: S608 - names of a catalogue

    def count_only_in(side: str, other_side: str) -> int:
        if not shared:
            return 0
        rows = f"select {names} from {side}.{name} except all select {names} from {other_side}.{name}"  # noqa: S608
        return count(f"select count(*) from ({rows})")  # noqa: S608

    return TableComparison(
        name,
        count_rows("before", before),
        count_rows("after", after),
        count_only_in("before", "after"),
        count_only_in("after", "before"),
        tuple(column for column in before if column not in after),
        tuple(column for column in after if column not in before),
    )


def main(arguments: list[str]) -> int:
    """Print a line a table; exit status 0 when all are equal, 1 otherwise."""
    if len(arguments) != 2:
        print("Name two data folders: python -m benchmarks.compare_publications BEFORE AFTER")
        return 2
    comparisons = compare_publications(Path(arguments[0]), Path(arguments[1]))
    for found in comparisons:
        verdict = "equal" if found.is_equal else "DIFFERENT"
        print(
            f"{verdict:9} {found.name}: {found.rows_before:,} rows before, {found.rows_after:,} after", end=""
        )
        print(
            f", {found.rows_missing:,} gone, {found.rows_added:,} new" if not found.is_equal else "", end=""
        )
        changed = [f"-{name}" for name in found.columns_missing] + [
            f"+{name}" for name in found.columns_added
        ]
        print(f" {' '.join(changed)}" if changed else "")
    different = sum(not found.is_equal for found in comparisons)
    print(f"{len(comparisons) - different} tables and views equal, {different} different")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
