"""Every byte that a project stores, packed or not: to show that something is nowhere."""

from __future__ import annotations

import io
import os
import subprocess
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb
import pandas as pd
import psycopg

from cf_pipeline.project.results.result_file import read_result


def stored_contents(folder: Path, postgres: str | None = None) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every file below a folder, as it lies and unpacked; and of a server's tables."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        content = path.read_bytes()
        yield name, content
        yield from ((f"{name} unpacked", part) for part in _unpacked(path, content))
    if postgres is not None:
        yield from _server_tables(postgres)


def _server_tables(address: str) -> Iterator[tuple[str, bytes]]:
    """The rows of every table of a server, of the versions that are kept too."""
    with psycopg.connect(address) as connection:
        names = connection.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables "
            "WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        assert ("restricted.person",) in names
        for (name,) in names:
            with connection.cursor().copy(f"COPY {name} TO STDOUT") as rows:
                yield name, b"".join(map(bytes, rows))


def find_texts(contents: Iterable[tuple[str, bytes]], texts: Iterable[str]) -> dict[str, int]:
    """Name of what holds any of the texts -> how many of them, in UTF-8 or UTF-16.

    `grep` looks for all texts at once; UTF-16 of plain letters is the same with a zero after each.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".texts") as patterns:
        patterns.write("\n".join(texts))
        patterns.flush()
        counts = {
            name: len(_grep(patterns.name, content) | _grep(patterns.name, content.replace(b"\0", b"")))
            for name, content in contents
        }
    return {name: count for name, count in counts.items() if count}


def _grep(patterns: str, content: bytes) -> set[bytes]:
    command = ["grep", "--text", "--only-matching", "--fixed-strings", "--file", patterns]
    done = subprocess.run(
        command, input=content, capture_output=True, env={**os.environ, "LC_ALL": "C"}, check=False
    )
    assert done.returncode in (0, 1), done.stderr
    return set(done.stdout.splitlines())


def _unpacked(path: Path, content: bytes) -> Iterator[bytes]:
    if path.suffix == ".parquet":
        yield pd.read_parquet(path).to_csv().encode()
    elif path.suffix in (".result", ".register"):
        result = read_result(path.name, content)
        for table in () if result is None else result.tables.values():
            yield table.to_pandas().to_csv().encode()
    elif ".duckdb" in path.name:
        yield from _tables(path)
    elif zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from (archive.read(name) for name in archive.namelist())


def _tables(path: Path) -> Iterator[bytes]:
    with duckdb.connect(path, read_only=True) as connection:
        names = connection.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal"
        ).fetchall()
        for schema, table in names:
            yield connection.table(f"{schema}.{table}").df().to_csv().encode()
