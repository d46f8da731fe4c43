"""A hundred publications under four readers: each read is quick, whole and of one version."""

from __future__ import annotations

import multiprocessing
import os
import time
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from cf_pipeline.warehouse import publish_schemas, read_table, read_tables
from cf_pipeline.warehouse.load import Load
from cf_pipeline.warehouse.tables.schemas import PUBLISHED, RESTRICTED
from tests.faults.matrix import count, row
from tests.faults.server import Server
from tests.support import publication_example as example

READERS = 4
PAUSE_SECONDS = 0.05
"""Between two reads of one reader: the publisher needs a processor too."""
LONGEST_READ_SECONDS = 1.0
"""On a quiet machine: one with half of its processors idle before the first publication."""


def read_on(url: str, rows: int, is_over: Event, found: Queue[tuple[float, int, str]]) -> None:
    """Read the publication until it is over; puts (worst seconds, reads, the first fault or nothing)."""
    worst, reads, fault = 0.0, 0, ""
    while not is_over.is_set() and not fault:
        began = time.monotonic()
        try:
            tables = read_tables(url)
        except Exception as error:
            fault = f"refused: {error}"
            break
        worst, reads = max(worst, time.monotonic() - began), reads + 1
        versions = tables["publication"]["version"].tolist()
        figures = tables["fact_kpi_quarterly"]
        runs = set(figures["run_id"]) | set(tables["fact_kpi_forecast"]["run_id"])
        if not versions or len(figures) != rows:
            fault = f"empty: versions {versions}, {len(figures)} of {rows} figures"
        elif runs != {f"run-{versions[0]}"}:
            fault = f"mixed: version {versions}, figures of {sorted(runs)}"
        else:
            fault = _fault_of_records(url, versions[0])
        is_over.wait(PAUSE_SECONDS)
    found.put((worst, reads, fault))


def _fault_of_records(url: str, version: int) -> str:
    """What is wrong with the records behind figures of a version: replaced first, they are never older."""
    try:
        records = read_table(url, "publication", schema=RESTRICTED)["version"].tolist()
    except Exception as error:
        return f"records refused: {error}"
    return "" if records and records[0] >= version else f"figures of version {version}, records of {records}"


def loads(version: int) -> list[Load]:
    """The records and the figures of a version, in the order in which they are replaced."""
    figures = example.tables(version, f"run-{version}")
    records = {name: contract.empty() for name, contract in RESTRICTED.contracts.items()}
    records["publication"] = figures["publication"][["version", "run_id", "published_at"]]
    return [Load(RESTRICTED, (), lambda _: records), Load(PUBLISHED, (), lambda _: figures)]


@pytest.mark.parametrize("database", ["DuckDB", "PostgreSQL"])
def test_readers_of_a_hundred_publications(
    tmp_path: Path, request: pytest.FixtureRequest, database: str
) -> None:
    if database == "DuckDB":
        url = f"duckdb:///{tmp_path}/warehouse/published.duckdb"
    else:
        server: Server = request.getfixturevalue("server")
        url = server.url
    is_quiet = os.getloadavg()[0] < (os.cpu_count() or 1) / 2
    publish_schemas(url, loads(1))
    rows = len(example.tables(1, "run-1")["fact_kpi_quarterly"])
    context = multiprocessing.get_context("spawn")
    is_over, found = context.Event(), context.Queue()
    readers = [
        context.Process(target=read_on, args=(url, rows, is_over, found), daemon=True) for _ in range(READERS)
    ]
    for reader in readers:
        reader.start()
    with row(f"publications of {database} under {READERS} readers") as made:
        for version in range(2, 2 + count(100, 10)):
            publish_schemas(url, loads(version))
            alive = sum(reader.is_alive() for reader in readers)
            made.add(f"version {version}", [] if alive == READERS else ["a reader has stopped"])
        is_over.set()
        ends = [found.get(timeout=60) for _ in readers]
        made.faults += [fault for _, _, fault in ends if fault]
        worst = max(seconds for seconds, _, _ in ends)
        reads = sum(reads for _, reads, _ in ends)
        made.figures = [
            f"{reads} reads, {sum(bool(fault) for *_, fault in ends)} empty, mixed or refused",
            f"the worst took {worst:.2f} s" + ("" if is_quiet else " (on a busy machine)"),
        ]
        if is_quiet and worst >= LONGEST_READ_SECONDS:
            made.faults.append(f"a read took {worst:.2f} s")
