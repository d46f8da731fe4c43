"""Measures queries of every view on a warehouse of many councils, in DuckDB with one thread.

    .venv/bin/python -m benchmarks.views DATA                the data folder of a project that has published
    .venv/bin/python -m benchmarks.views DATA --councils 33  so many councils, each with the rows of the first

Each view is read twice: every cell of the council with most rows; and of all councils how many cells each
column has, and of numbers and dates the greatest. CPU seconds, the least of several.

Bars (exit status 1 when one is missed): 100 milliseconds for one council, 1 second for all.
Results: docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import ColumnElement, String

from benchmarks.figure import Figure
from benchmarks.load import load_with_product, read_published, repeat_councils, split_by_authority
from benchmarks.naive import cpu_seconds
from cf_pipeline.warehouse.tables.schemas import PUBLISHED

ONE_BAR, ALL_BAR = 100.0, 1000.0
"""Milliseconds."""
COUNCILS, TIMES = 33, 5
LARGEST = "SELECT mode(authority_code) FROM fact_kpi_quarterly"


def measure_views(file: Path, times: int) -> list[Figure]:
    """The figures of every view of a published file."""
    figures = []
    with duckdb.connect(str(file), read_only=True, config={"threads": 1}) as connection:
        connection.execute(f"SET search_path = '{PUBLISHED.name}'")
        row = connection.execute(LARGEST).fetchone()
        council = row[0] if row else None
        for name, query in PUBLISHED.views(PUBLISHED.tables).items():
            cells = ", ".join(_reduced(column) for column in query.selected_columns)
            one = f"SELECT * FROM {name} WHERE authority_code = '{council}'"  # noqa: S608 (our own names)
            every = f"SELECT count(*), {cells} FROM {name}"  # noqa: S608 (our own names)
            figures += [
                _figure(f"{name}, one council", lambda q=one: _read_rows(connection, q), times, ONE_BAR),
                _figure(f"{name}, all", lambda q=every: _read_count(connection, q), times, ALL_BAR),
            ]
    return figures


def _reduced(column: ColumnElement[Any]) -> str:
    count = f'count("{column.name}")'
    return count if isinstance(column.type, String) else f'{count}, max("{column.name}")'


def _read_rows(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return connection.execute(query).to_arrow_table().num_rows


def _read_count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return row[0] if row else 0


def _figure(name: str, read: Callable[[], int], times: int, bar: float) -> Figure:
    rows, least = 0, float("inf")
    for _ in range(times):
        start = cpu_seconds()
        rows = read()
        least = min(least, cpu_seconds() - start)
    return Figure("views", name, 1000 * least, "ms", bar, f"{rows:,} rows")


def main(arguments: Sequence[str]) -> int:
    """Print the figures; returns 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path, metavar="DATA")
    parser.add_argument("--councils", type=int, default=COUNCILS)
    parser.add_argument("--times", type=int, default=TIMES)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    tables = repeat_councils(read_published(options.data), options.councils)
    with tempfile.TemporaryDirectory(prefix="cf-benchmark-") as temporary:
        file = Path(temporary) / "warehouse" / "published.duckdb"
        load_with_product(f"duckdb:///{file}", tables, split_by_authority(tables))
        del tables
        figures = measure_views(file, options.times)
    print(
        json.dumps([asdict(figure) for figure in figures])
        if options.json
        else "\n".join(figure.line() for figure in figures)
    )
    return 0 if all(figure.reaches_bar for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
