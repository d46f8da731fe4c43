"""Backed up, destroyed, restored: both databases, the lake, the key and Dagster's runs are as they were."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cf_pipeline.operations.doctor.finding import ATTENTION, OK
from cf_pipeline.operations.doctor.keeping import check_backup
from cf_pipeline.project.locks import RunLock
from cf_pipeline.project.settings import load_settings
from tests.support.postgresql_cluster import Cluster
from tests.support.production_instance import ROOT, ProductionInstance
from tests.support.small_deliveries import deliver

SCRIPTS = ROOT / "deploy" / "backup"
DATABASES = ("dagster", "cf_warehouse")


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProductionInstance]:
    cluster = Cluster()
    try:
        yield ProductionInstance(tmp_path_factory.mktemp("production"), cluster)
    finally:
        cluster.stop()


def script(instance: ProductionInstance, name: str, folder: Path, status: int = 0, **more: str) -> str:
    """What a script prints; fails when it ends with another status."""
    ended = subprocess.run(
        [str(SCRIPTS / name), str(folder)],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ
        | instance.cluster.environment
        | {"BACKUP_DATA": str(instance.data), "BACKUP_FILES": str(instance.folder), "BACKUP_AS": ""}
        | more,
    )
    assert ended.returncode == status, ended.stdout + ended.stderr
    return ended.stdout + ended.stderr


def rows(cluster: Cluster) -> dict[str, tuple[int, str]]:
    """Database, schema and table -> how many rows it has, and a hash over all of them."""
    found = {}
    for database in DATABASES:
        with closing(cluster.connect(database)) as connection:
            tables = connection.execute(
                "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables "
                "WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
            ).fetchall()
            for (table,) in tables:
                query = f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t"  # noqa: S608
                found[f"{database}.{table}"] = connection.execute(query).fetchone()
    return found


def rights(cluster: Cluster) -> list[tuple[object, ...]]:
    """Who may do what with the warehouse's tables, and the policies of their rows."""
    with closing(cluster.connect("cf_warehouse")) as connection:
        return connection.execute(
            "SELECT grantee, table_schema, table_name, privilege_type "
            "FROM information_schema.table_privileges "
            "WHERE table_schema NOT IN ('pg_catalog', 'information_schema') "
            "UNION ALL SELECT policyname, schemaname, tablename, qual FROM pg_policies ORDER BY 1, 2, 3, 4"
        ).fetchall()


def files(folder: Path) -> dict[str, tuple[str, int, int]]:
    """File -> hash, mode and time to the nanosecond."""
    return {
        str(path.relative_to(folder)): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_mode,
            path.stat().st_mtime_ns,
        )
        for path in folder.rglob("*")
        if path.is_file() and path.name != "last_backup"
    }


def test_what_is_restored_is_what_was_backed_up(instance: ProductionInstance, tmp_path: Path) -> None:
    for name in ("camden", "hackney"):
        deliver(instance.raw, name)
    instance.run("run")
    instance.run("access", "grant", "pipeline", "--every-authority")
    before = rows(instance.cluster), rights(instance.cluster), files(instance.folder)
    assert any(table.startswith("cf_warehouse.restricted.") for table in before[0])
    script(instance, "backup.sh", tmp_path)
    (backup,) = tmp_path.iterdir()
    assert backup.stat().st_mode & 0o077 == 0
    assert (instance.data / "last_backup").read_text().strip().endswith("Z")

    shutil.rmtree(instance.folder)
    instance.cluster.execute(*(f"DROP DATABASE {name} WITH (FORCE)" for name in DATABASES))
    instance.cluster.execute(
        "DROP OWNED BY cf_writer, cf_reader, cf_list_reader, cf_public, pipeline, dagster"
    )
    roles = ("pipeline", "dagster", "cf_writer", "cf_reader", "cf_list_reader", "cf_public")
    instance.cluster.execute(*(f"DROP ROLE {name}" for name in roles))

    script(instance, "restore.sh", backup)
    assert (rows(instance.cluster), rights(instance.cluster), files(instance.folder)) == before
    assert "Nothing new since the last publication" in instance.run("run")


def test_the_doctor_reads_when_the_newest_backup_was(instance: ProductionInstance, tmp_path: Path) -> None:
    def backup_level(now: datetime) -> str:
        own = {name: text for name, text in instance.environment.items() if name.startswith("CF_")}
        return check_backup(load_settings(ROOT, own).backup, now).level

    script(instance, "backup.sh", tmp_path)
    assert backup_level(datetime.now(UTC)) == OK
    assert backup_level(datetime.now(UTC) + timedelta(days=9)) == ATTENTION
    (instance.data / "last_backup").unlink()
    assert backup_level(datetime.now(UTC)) == ATTENTION


def test_a_restore_overwrites_nothing(instance: ProductionInstance, tmp_path: Path) -> None:
    script(instance, "backup.sh", tmp_path)
    (backup,) = tmp_path.iterdir()
    before = files(instance.folder)
    assert "is not empty" in script(instance, "restore.sh", backup, status=1)
    said = script(instance, "restore.sh", backup, status=1, BACKUP_DATA=str(tmp_path / "nowhere"))
    assert "The database dagster is there" in said
    assert files(instance.folder) == before


def test_a_backup_that_is_not_whole_is_not_restored(instance: ProductionInstance, tmp_path: Path) -> None:
    script(instance, "backup.sh", tmp_path)
    (backup,) = tmp_path.iterdir()
    with (backup / "files.tar").open("r+b") as archive:
        archive.seek(2000)
        archive.write(b"damage")
    assert "is not whole" in script(instance, "restore.sh", backup, status=1)


def test_while_a_run_is_under_way_nothing_is_backed_up(instance: ProductionInstance, tmp_path: Path) -> None:
    lock = RunLock(instance.data / "locks", "camden")
    lock.acquire()
    said = script(instance, "backup.sh", tmp_path, status=1, BACKUP_WAIT_SECONDS="1")
    lock.release()
    assert "nothing was backed up" in said
    assert list(tmp_path.iterdir()) == []


def test_as_many_backups_stay_as_are_set(instance: ProductionInstance, tmp_path: Path) -> None:
    for day in ("01", "02", "03"):
        (tmp_path / f"2020-01-{day}T063000Z").mkdir()
    script(instance, "backup.sh", tmp_path, BACKUP_KEEP="2")
    names = sorted(path.name for path in tmp_path.iterdir())
    assert len(names) == 2
    assert names[0] == "2020-01-03T063000Z"
