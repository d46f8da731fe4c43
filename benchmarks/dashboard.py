"""Measures the dashboard over a published warehouse: start, new and seen pages, memory, many readers.

    .venv/bin/python -m benchmarks.dashboard DATA                the data folder of a published project
    .venv/bin/python -m benchmarks.dashboard DATA --readers 20   also so many readers, while it is published
    .venv/bin/python -m benchmarks.dashboard DATA --councils 33  a warehouse of so many councils

A page is new when the server that shows it has just started and has shown one other page with charts. CPU
seconds are those of the server. The warehouse is a copy in a folder of its own.

Bars (exit status 1 when one is missed): 1.5 s to start, 0.2 s and 0.1 s a chart for a new page, 0.02 s for
one that was seen, 350 MB, and for readers no error and a median of 0.15 s; of many councils twice that.
Results: docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.cost import PYTHON, ROOT
from benchmarks.figure import Figure
from benchmarks.load import load_with_product, read_published, repeat_councils, split_by_authority
from benchmarks.project import ID_KEY

START_BAR, PAGE_BAR, CHART_BAR, SEEN_BAR, MEMORY_BAR, MEDIAN_BAR = 1.5, 0.2, 0.1, 0.02, 350.0, 0.15
"""Seconds, and megabytes."""
SECONDS, PUBLICATIONS, TIMES = 60, 3, 3
SECONDS_OF_READING = 2.0
"""That a reader looks at a page before the next."""
TICKS = os.sysconf("SC_CLK_TCK")
COUNCIL = "city-of-london"
PAGES = (
    "",
    "/area/contacts-and-referrals",
    "/kpi/contacts_count",
    "/kpi/cla_stock?breakdown=age_band",
    "/compare",
    "/search?q=visit",
    "/data-quality",
    "/today",
    "/today/care_visits",
    "/caseload",
    "/changes",
)
EARLIER_PAGE = "/kpi/referrals_count"
"""Has charts: the first picture of a process takes half a second more, once."""
FILE = "/static/dashboard.css"


class Server:
    """`cf-pipeline serve` as a process of its own."""

    def __init__(self, settings: dict[str, str]) -> None:
        """Start it and wait until it answers."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        command = [PYTHON, "-m", "cf_pipeline.cli.main", "serve", "--address", f"127.0.0.1:{self.port}"]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **settings}, stdout=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if self.get(FILE)[0] == 200:
                    break
            except OSError:
                time.sleep(0.02)
        self.start_seconds = self.cpu_seconds()

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a page."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode("utf-8")
        finally:
            connection.close()

    def cpu_seconds(self) -> float:
        """Of the server since it began."""
        fields = (
            Path(f"/proc/{self._process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        )
        return (int(fields[11]) + int(fields[12])) / TICKS

    def peak_mb(self) -> float:
        """Of the server's memory so far."""
        lines = Path(f"/proc/{self._process.pid}/status").read_text(encoding="utf-8").splitlines()
        (line,) = (line for line in lines if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(30)


@contextmanager
def running(settings: dict[str, str]) -> Iterator[Server]:
    """A server until the block ends."""
    server = Server(settings)
    try:
        yield server
    finally:
        server.stop()


def measure_pages(settings: dict[str, str], factor: float) -> list[Figure]:
    """Start, and each page when it is new and when it was seen; bars times `factor`."""
    starts, figures, peak = [], [], 0.0
    for page in PAGES:
        new, seen = [], []
        for _ in range(TIMES):
            with running(settings) as server:
                starts.append(server.start_seconds)
                server.get(f"/{COUNCIL}{EARLIER_PAGE}")
                new.append(_cost_of(server, page))
                seen.append(min(_cost_of(server, page)[0] for _ in range(5)))
                peak = max(peak, server.peak_mb())
        charts = new[0][1]
        bar = factor * (PAGE_BAR + CHART_BAR * charts)
        named = page or "overview"
        seconds = statistics.median(cost for cost, _ in new)
        figures.append(Figure("dashboard", f"{named}, new", seconds, "s", bar, f"{charts} charts"))
        is_kept = page in PAGES[:7]
        figures.append(
            Figure("dashboard", f"{named}, seen", min(seen), "s", factor * SEEN_BAR if is_kept else bar)
        )
    start = Figure("dashboard", "start", statistics.median(starts), "s", factor * START_BAR)
    with running(settings) as server:
        for page in PAGES:
            server.get(f"/{COUNCIL}{page}")
        peak = max(peak, server.peak_mb())
    return [start, *figures, Figure("dashboard", "memory", peak, "MB", factor * MEMORY_BAR)]


def _cost_of(server: Server, page: str) -> tuple[float, int]:
    """CPU seconds of a page, and its charts."""
    before = server.cpu_seconds()
    status, text = server.get(f"/{COUNCIL}{page}")
    if status != 200:
        raise SystemExit(f"{page}: {status}")
    return server.cpu_seconds() - before, text.count("<svg ")


def measure_readers(settings: dict[str, str], count: int, seconds: float) -> list[Figure]:
    """Many readers at once, while the lake is published again and again."""
    ends, faults, waits = time.monotonic() + seconds, [], []
    with running(settings) as server:

        def read(number: int) -> None:
            for page in itertools.islice(itertools.cycle(PAGES), number, None):
                if time.monotonic() >= ends:
                    return
                begins = time.monotonic()
                try:
                    status, _ = server.get(f"/{COUNCIL}{page}")
                except OSError as error:
                    status = type(error).__name__
                waits.append(time.monotonic() - begins)
                if status != 200:
                    faults.append((page, status))
                time.sleep(SECONDS_OF_READING)

        readers = [threading.Thread(target=read, args=(number,)) for number in range(count)]
        for reader in readers:
            reader.start()
        publications = 0
        for _ in range(PUBLICATIONS):
            time.sleep(seconds / (2 * PUBLICATIONS))
            publish = [PYTHON, "-m", "cf_pipeline.cli.main", "publish"]
            done = subprocess.run(
                publish, cwd=ROOT, env={**os.environ, **settings}, capture_output=True, check=False
            )
            publications += done.returncode in (0, 2)
        for reader in readers:
            reader.join()
        peak = server.peak_mb()
    detail = f"{len(waits):,} pages, {publications} publications, {count} readers, {seconds:.0f} s"
    if faults:
        sys.stderr.write(f"{faults[:5]}\n")
    return [
        Figure("readers", "errors", len(faults) + (publications < PUBLICATIONS), "", 0, detail),
        Figure("readers", "median wait", statistics.median(waits), "s", MEDIAN_BAR),
        Figure("readers", "longest wait", max(waits), "s"),
        Figure("readers", "memory", peak, "MB", MEMORY_BAR),
    ]


def main(arguments: Sequence[str]) -> int:
    """Print the figures; returns 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path, metavar="DATA")
    parser.add_argument("--readers", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--councils", type=int, default=0)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="cf-benchmark-") as temporary:
        data = Path(temporary) / "data"
        settings = {"CF_DATA": str(data), "CF_RAW": str(Path(temporary) / "raw"), "CF_ID_KEY": ID_KEY}
        if options.councils:
            tables = repeat_councils(read_published(options.data), options.councils)
            file = data / "warehouse" / "published.duckdb"
            load_with_product(f"duckdb:///{file}", tables, split_by_authority(tables))
            del tables
        else:
            shutil.copytree(options.data, data)
        figures = measure_pages(settings, 2.0 if options.councils else 1.0)
        if options.readers:
            figures += measure_readers(settings, options.readers, options.seconds)
    print("\n".join(figure.line() for figure in figures))
    return 0 if all(figure.reaches_bar for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
