"""A PostgreSQL server from Debian's packages, in a folder of its own, that takes connections by TLS."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import closing, suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from tests.support.waiting import wait_for

PACKAGES = Path("/usr/lib/postgresql")
ADMINISTRATOR, PASSWORD = "postgres", "for-tests-only"


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class Cluster:
    """A server of its own: started, killed, started again, and removed."""

    def __init__(self) -> None:
        """Make the server's files, with a certificate, and start it."""
        found = sorted(PACKAGES.glob("*/bin/initdb"))
        if not found:
            pytest.fail("PostgreSQL is not installed: `make test-deploy` installs it.")
        self.binaries = found[-1].parent
        self.folder = Path(tempfile.mkdtemp(prefix="cf-postgresql-"))
        self.port = free_port()
        self._as_server = ["runuser", "-u", ADMINISTRATOR, "--"] if os.geteuid() == 0 else []
        if self._as_server:
            shutil.chown(self.folder, ADMINISTRATOR, ADMINISTRATOR)
        (self.folder / "password").write_text(PASSWORD)
        (self.folder / "password").chmod(0o644)
        self._run(
            str(self.binaries / "initdb"), "-D", str(self.files), "-U", ADMINISTRATOR,
            "--auth=scram-sha-256", f"--pwfile={self.folder / 'password'}", "--no-sync",
        )  # fmt: skip
        self._run(
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=local",
            "-keyout", str(self.files / "server.key"), "-out", str(self.files / "server.crt"),
        )  # fmt: skip
        with (self.files / "postgresql.conf").open("a") as settings:
            settings.write(
                f"port = {self.port}\nlisten_addresses = '127.0.0.1'\nssl = on\n"
                f"unix_socket_directories = '{self.folder}'\nfsync = off\n"
            )
        self.start()

    @property
    def files(self) -> Path:
        """The server's data folder."""
        return self.folder / "data"

    @property
    def environment(self) -> dict[str, str]:
        """For PostgreSQL's own programs, as the administrator."""
        return {
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self.port),
            "PGUSER": ADMINISTRATOR,
            "PGPASSWORD": PASSWORD,
            "PATH": f"{self.binaries}:{os.environ['PATH']}",
        }

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        log = self.folder / "log"
        self._run(str(self.binaries / "pg_ctl"), "-D", str(self.files), "-l", str(log), "start")
        wait_for("PostgreSQL", self.answers, pause=0.2)

    def kill(self) -> None:
        """Kill the server with all of its processes, as a machine that is switched off does."""
        number = int((self.files / "postmaster.pid").read_text().splitlines()[0])
        server = psutil.Process(number)
        processes = [server, *server.children(recursive=True)]
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(processes, timeout=30)

    def stop(self) -> None:
        """Stop the server and remove its files."""
        with suppress(FileNotFoundError, psutil.NoSuchProcess):
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def answers(self) -> bool:
        """Whether the server takes connections."""
        with suppress(psycopg.OperationalError), closing(self.connect()):
            return True
        return False

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A connection of the administrator, each statement by itself."""
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user=ADMINISTRATOR, password=PASSWORD, dbname=database,
            sslmode="require", autocommit=True,
        )  # fmt: skip

    def execute(self, *statements: str, database: str = "postgres") -> None:
        """Run statements as the administrator."""
        with closing(self.connect(database)) as connection:
            for statement in statements:
                connection.execute(statement)

    def url(self, user: str, database: str) -> str:
        """The address of a database for `CF_WAREHOUSE_URL`, over TLS."""
        return f"postgresql+psycopg://{user}:{PASSWORD}@127.0.0.1:{self.port}/{database}?sslmode=require"

    def _run(self, *command: str) -> None:
        """Run one of the server's programs as its user; what it prints is shown where it fails."""
        ended = subprocess.run(
            [*self._as_server, *command],
            check=False,
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert ended.returncode == 0, ended.stderr
