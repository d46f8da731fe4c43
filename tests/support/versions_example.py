"""Versions of a small warehouse: each tells itself from the others by its number of contacts."""

from __future__ import annotations

from pathlib import Path

import psycopg

from cf_pipeline.warehouse import publish_schemas, read_table
from cf_pipeline.warehouse.tables.schemas import PUBLISHED, RESTRICTED
from tests.integration.test_kept_authorities import loads


def publish(url: str, version: int) -> None:
    """A version whose number of contacts tells it from every other."""
    publish_schemas(url, loads(version, {"camden": 10 * version, "city-of-london": 3}))


def shown_numbers(url: str) -> tuple[int, int]:
    """The versions of the figures and of the records."""
    figures, records = (read_table(url, "publication", schema=each) for each in (PUBLISHED, RESTRICTED))
    return int(figures["version"].iloc[0]), int(records["version"].iloc[0])


def folder_of(url: str) -> Path:
    return Path(url.removeprefix("duckdb:///")).parent


def kept_names(url: str) -> list[str]:
    """The folders, or the schemas, of versions that are not shown."""
    if url.startswith("duckdb"):
        return sorted(path.name for path in (folder_of(url) / "versions").iterdir())
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        names = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname ~ '_(version|withdrawn)_'")
        return sorted(name for (name,) in names)
