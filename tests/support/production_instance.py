"""A project whose Dagster and warehouse are in PostgreSQL, by the files of `deploy/`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import dagster as dg

from tests.conftest import ID_KEY
from tests.support.postgresql_cluster import PASSWORD, Cluster, free_port

ROOT = Path(__file__).parents[2]
DAGSTER_YAML = ROOT / "deploy" / "dagster" / "dagster.yaml"
SCRIPTS = Path(sys.executable).parent
PORTS = ("CODE_SERVER_PORT", "WEBSERVER_PORT", "READ_ONLY_WEBSERVER_PORT", "DASHBOARD_PORT")


class ProductionInstance:
    """The folders and the environment of a project; commands and units run with that environment alone."""

    def __init__(self, folder: Path, cluster: Cluster) -> None:
        """Make the databases, the folders and the roles, as docs/operations.md says."""
        self.folder = folder
        self.cluster = cluster
        cluster.execute(
            f"CREATE ROLE dagster LOGIN PASSWORD '{PASSWORD}'",
            f"CREATE ROLE pipeline LOGIN PASSWORD '{PASSWORD}'",
            "CREATE DATABASE dagster OWNER dagster",
            "CREATE DATABASE cf_warehouse",
        )
        self.home.mkdir(parents=True, mode=0o700)
        shutil.copy(DAGSTER_YAML, self.home / "dagster.yaml")
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "CF_RAW": str(self.raw),
            "CF_DATA": str(self.data),
            "CF_ID_KEY": ID_KEY,
            "CF_WAREHOUSE_URL": cluster.url("pipeline", "cf_warehouse"),
            "DAGSTER_HOME": str(self.home),
            "DAGSTER_PG_HOST": "127.0.0.1",
            "DAGSTER_PG_PORT": str(cluster.port),
            "DAGSTER_PG_DATABASE": "dagster",
            "DAGSTER_PG_USER": "dagster",
            "DAGSTER_PG_PASSWORD": PASSWORD,
            "PGTZ": "UTC",
            "DAGSTER_DISABLE_TELEMETRY": "yes",
            "DAGSTER_GRPC_TIMEOUT_SECONDS": "300",
            **{name: str(free_port()) for name in PORTS},
        }
        self.run("init")
        self.run("init-db", CF_WAREHOUSE_URL=cluster.url("postgres", "cf_warehouse"))
        cluster.execute("GRANT cf_writer TO pipeline")

    @property
    def raw(self) -> Path:
        """The drop zone."""
        return self.folder / "raw"

    @property
    def data(self) -> Path:
        """What the pipeline makes."""
        return self.folder / "data"

    @property
    def home(self) -> Path:
        """Dagster's home."""
        return self.data / "dagster"

    def run(self, *arguments: str, status: int = 0, **more: str) -> str:
        """What a command of `cf-pipeline` prints; fails when it ends with another status."""
        ended = subprocess.run(
            [str(SCRIPTS / "cf-pipeline"), *arguments],
            check=False,
            cwd=ROOT,
            env=self.environment | more,
            capture_output=True,
            text=True,
        )
        assert ended.returncode == status, ended.stdout + ended.stderr
        return ended.stdout + ended.stderr

    def open_dagster(self) -> dg.DagsterInstance:
        """Dagster's instance, by its dagster.yaml; its variables become this process's own."""
        os.environ.update(
            {name: text for name, text in self.environment.items() if name.startswith("DAGSTER_")}
        )
        return dg.DagsterInstance.from_config(str(self.home))
