"""The lake in an object store: the figures are those of a folder, and a store without answer is told."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from cf_pipeline import warehouse
from tests.conftest import ID_KEY
from tests.support.postgresql_cluster import Cluster, free_port
from tests.support.small_deliveries import deliver
from tests.support.waiting import wait_for

LAKE = "s3://lake/council"
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "eu-west-2"}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    made = Cluster()
    try:
        yield made
    finally:
        made.stop()


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[subprocess.Popen[bytes]]:
    """An object store on this machine, with one bucket."""
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError

    port = free_port()
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    client = boto3.client("s3", config=Config(retries={"max_attempts": 0}))

    def has_bucket() -> bool:
        with suppress(BotoCoreError):
            client.create_bucket(Bucket="lake", CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
            return True
        return False

    try:
        wait_for("the object store", has_bucket)
        yield server
    finally:
        server.kill()
        server.wait()


def run(project: Path, *arguments: str, **settings: str) -> tuple[int, str]:
    """The exit status of a command, and what it prints."""
    ended = subprocess.run(
        [str(Path(sys.executable).parent / "cf-pipeline"), *arguments],
        check=False,
        cwd=project,
        env=os.environ | {"CF_ID_KEY": ID_KEY} | settings,
        capture_output=True,
        text=True,
    )
    return ended.returncode, ended.stdout + ended.stderr


def figures(url: str) -> list[tuple[object, ...]]:
    """The counts that are published."""
    table = warehouse.read_table(url, "fact_kpi_quarterly")
    columns = ["quarter_key", "basis", "kpi_id", "category_key", "numerator", "denominator", "symbol"]
    return sorted(table[columns].astype(str).itertuples(index=False, name=None))


def test_figures_of_a_lake_in_a_store_are_those_of_a_folder(
    store: subprocess.Popen[bytes], cluster: Cluster, tmp_path: Path
) -> None:
    import boto3

    found = []
    for name, lake in (("folder", ""), ("store", LAKE)):
        project = tmp_path / name
        project.mkdir()
        (project / "pipeline.toml").write_text("")
        deliver(project / "raw", "camden")
        cluster.execute(f"CREATE DATABASE {name}")
        url = cluster.url("postgres", name)
        settings = {"CF_WAREHOUSE_URL": url, **({"CF_LAKE": lake} if lake else {})}
        status, said = run(project, "run", **settings)
        assert status == 0, said
        assert "Nothing new since the last publication" in run(project, "run", **settings)[1]
        assert "every figure is identical" in run(project, "run", "--all", **settings)[1]
        found.append(figures(url))
    assert found[0] == found[1] != []
    assert not (tmp_path / "store" / "data" / "lake").exists()
    with closing(boto3.client("s3")) as client:
        keys = [each["Key"] for each in client.list_objects_v2(Bucket="lake")["Contents"]]
    assert "council/kpi/quarterly/camden.parquet" in keys
    store.kill()
    store.wait()
    status, said = run(tmp_path / "store", "run", "--all", **settings)
    assert status == 1
    assert said.strip() == (
        "cf-pipeline: The lake s3://lake/council does not answer (EndpointConnectionError): check its "
        "address, the network, and the credentials in the environment; nothing was changed."
    )
