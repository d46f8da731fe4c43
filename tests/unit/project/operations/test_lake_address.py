"""Which addresses of a lake can be used, and with which warehouse."""

from __future__ import annotations

from pathlib import Path

import pytest

from cf_pipeline.project.operations import lake_address
from cf_pipeline.project.operations.lake_address import (
    LakeAddressError,
    check_lake_address,
    check_lake_answers,
)
from cf_pipeline.project.settings import SettingsError, load_settings

SERVER = "postgresql+psycopg://pipeline@127.0.0.1/warehouse"


@pytest.fixture(autouse=True)
def every_package_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lake_address, "PACKAGES", dict.fromkeys(lake_address.PACKAGES, "upath"))


@pytest.mark.parametrize("lake", ["s3://bucket/lake", "abfs://box/lake", "abfss://box/lake"])
def test_an_object_store_goes_with_a_database_server(lake: str) -> None:
    check_lake_address(lake, SERVER)


def test_a_folder_goes_with_every_warehouse() -> None:
    check_lake_address("", "duckdb:///data/warehouse/published.duckdb")
    check_lake_address("/srv/lake", SERVER)


def test_an_object_store_does_not_go_with_duckdb(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as raised:
        load_settings(tmp_path, {"CF_LAKE": "s3://bucket/lake"})
    assert str(raised.value) == (
        "Setting lake: s3://bucket/lake is for several machines, and a DuckDB warehouse is a file of one "
        "machine; set CF_WAREHOUSE_URL to a PostgreSQL database, or let the lake be a folder."
    )


@pytest.mark.parametrize("lake", ["https://bucket/lake", "S3://bucket", "file:///lake", "memory://lake"])
def test_an_address_of_no_object_store_is_refused(lake: str) -> None:
    with pytest.raises(LakeAddressError, match="is no folder, and no address that begins with s3://"):
        check_lake_address(lake, SERVER)


def test_a_package_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lake_address, "PACKAGES", {"s3": "no_such_package"})
    with pytest.raises(LakeAddressError, match="needs the package no_such_package; `make setup-production`"):
        check_lake_address("s3://bucket/lake", SERVER)


def test_a_store_that_does_not_answer_is_told_without_its_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent:
        def __init__(self, _: str) -> None:
            pass

        def exists(self) -> bool:
            raise ConnectionError("a secret of the store")

    monkeypatch.setattr(lake_address, "lake_folder", Silent)
    with pytest.raises(LakeAddressError) as raised:
        check_lake_answers("s3://bucket/lake")
    assert "does not answer (ConnectionError)" in str(raised.value)
    assert "secret" not in str(raised.value)
    check_lake_answers("/srv/lake")
