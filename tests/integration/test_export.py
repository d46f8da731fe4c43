"""An export is the publication, cell for cell, from DuckDB and PostgreSQL; frictionless reads it."""

from __future__ import annotations

import json
import math

import pandas as pd
import pyarrow.parquet as pq
import pytest

from cf_pipeline.cli.export.write import write_export
from cf_pipeline.cli.main import main
from cf_pipeline.project.settings import load_settings
from cf_pipeline.warehouse import publish_tables, read_table
from cf_pipeline.warehouse.reading.publication_reader import (
    ChangedPublicationError,
    PublicationReader,
    open_publication,
)
from cf_pipeline.warehouse.tables.schemas import PUBLISHED
from cf_pipeline.warehouse.tables.view_contracts import schema_contract
from tests.support import publication_example as example

TWIN = "E09000007"
"""An authority with the rows of the example's."""
FORMULA = "=1+1"
CONTRACTS = schema_contract(PUBLISHED).contracts


@pytest.fixture
def settings(project, url, monkeypatch):
    monkeypatch.setenv("CF_WAREHOUSE_URL", url)
    return load_settings(project, {"CF_WAREHOUSE_URL": url})


@pytest.fixture
def publication(url):
    """The small publication is published, with an empty key, a text over two lines and one like a formula."""
    tables = example.tables(2)
    quality, headlines = tables["data_quality"].copy(), tables["fact_headline"].copy()
    quality.loc[0, "list"] = ""
    headlines.loc[0, "text"], headlines.loc[1, "text"] = FORMULA, 'one, "line"\nand another'
    publish_tables(url, tables | {"data_quality": quality, "fact_headline": headlines})


def in_order(rows):
    return rows.sort_values(list(rows.columns), ignore_index=True)


def plain(value):
    """A cell as both readers give it: None for no value, numbers as floats, dates as ISO text."""
    if isinstance(value, (bool, str)) or value is None:
        return value
    if isinstance(value, pd.Timestamp) or hasattr(value, "isoformat"):
        return pd.Timestamp(value).tz_localize(None).isoformat()
    number = float(value)
    return None if math.isnan(number) else number


def plain_rows(frame, columns):
    cells = frame[columns].astype(object).where(frame[columns].notna(), None)
    return sorted((tuple(map(plain, row)) for row in cells.itertuples(index=False)), key=repr)


def csv_rows(rows, contract):
    """Rows as CSV has them: no empty text where a column may be without a value, no formula."""
    may_be_none = [not (column.is_key or column.is_required) for column in contract.columns]
    return sorted(
        (
            tuple(
                None if is_none and cell == "" else f"'{cell}" if cell == FORMULA else cell
                for is_none, cell in zip(may_be_none, row, strict=True)
            )
            for row in rows
        ),
        key=repr,
    )


def test_frictionless_finds_no_fault_and_reads_every_cell(settings, url, publication, tmp_path):
    from frictionless import Package

    assert write_export(settings, tmp_path / "out", "csv") == 0
    package = Package(str(tmp_path / "out" / "datapackage.json"))
    report = package.validate()
    assert report.valid, report.flatten(["name", "type", "rowNumber", "fieldName"])
    assert package.resource_names == [contract.name for contract in CONTRACTS]
    for contract in CONTRACTS:
        rows = package.get_resource(contract.name).read_rows()
        found = [tuple(plain(row[name]) for name in contract.column_names) for row in rows]
        there = plain_rows(read_table(url, contract.name), contract.column_names)
        assert sorted(found, key=repr) == csv_rows(there, contract), contract.name


def test_a_parquet_export_has_every_cell(settings, url, publication, tmp_path):
    from frictionless import Package

    assert write_export(settings, tmp_path / "out", "parquet") == 0
    assert len(Package(str(tmp_path / "out" / "datapackage.json")).resources) == len(CONTRACTS)
    for contract in CONTRACTS:
        table = pq.read_table(tmp_path / "out" / f"{contract.name}.parquet")
        found = sorted((tuple(map(plain, row.values())) for row in table.to_pylist()), key=repr)
        assert found == plain_rows(read_table(url, contract.name), contract.column_names), contract.name


def test_two_exports_of_one_publication_are_the_same_bytes(settings, publication, tmp_path):
    for name in ("one", "two"):
        write_export(settings, tmp_path / name, "csv")
    assert [path.name for path in (tmp_path / "one").iterdir()]
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_rows_of_several_authorities_are_each_there_once(url):
    tables = example.tables(1)
    for name in ("fact_kpi_quarterly", "dim_authority"):
        rows = tables[name][tables[name]["authority_code"].ne(TWIN)]
        twin = rows[rows["authority_code"].eq(example.CODE)].assign(authority_code=TWIN)
        tables[name] = pd.concat([rows, twin], ignore_index=True)
    publish_tables(url, tables)
    with open_publication(url) as reader:
        parts = list(reader.parts(PUBLISHED.contracts["fact_kpi_quarterly"]))
        assert max(part["authority_code"].nunique() for part in parts) == 1
        places = pd.concat(reader.parts(PUBLISHED.contracts["dim_authority"]))
    pd.testing.assert_frame_equal(
        in_order(pd.concat(parts)), in_order(read_table(url, "fact_kpi_quarterly")), check_categorical=False
    )
    assert len(places) == len(tables["dim_authority"])


def test_a_publication_in_between_is_told_and_writes_nothing(settings, url, tmp_path, monkeypatch):
    publish_tables(url, example.tables(1))
    write_export(settings, tmp_path / "out", "csv")
    before = (tmp_path / "out" / "datapackage.json").read_bytes()
    publish_tables(url, example.tables(2))
    parts = PublicationReader.parts

    def publish_and_read(reader, contract):
        if contract.name == "fact_headline" and "postgresql" in url:
            publish_tables(url, example.tables(3))
        return parts(reader, contract)

    monkeypatch.setattr(PublicationReader, "parts", publish_and_read)
    if "postgresql" in url:
        with pytest.raises(ChangedPublicationError, match="A new version was published"):
            write_export(settings, tmp_path / "out", "csv")
        assert (tmp_path / "out" / "datapackage.json").read_bytes() == before
    else:  # an open file stays the version it was
        write_export(settings, tmp_path / "out", "csv")
        assert json.loads((tmp_path / "out" / "datapackage.json").read_text())["version"] == "2"


def test_the_model_reads_from_the_server_or_from_files(settings, url, tmp_path, capsys):
    from frictionless import Package

    assert main(["export", str(tmp_path / "model"), "--format", "power-bi"]) == 0
    assert "nobody of the project has opened it in Power BI" in capsys.readouterr().out
    assert Package(str(tmp_path / "model" / "datapackage.json")).validate().valid
    parameters = (tmp_path / "model/published_v1.SemanticModel/definition/expressions.tmdl").read_text()
    assert ("expression Server" in parameters) == ("postgresql" in url)
    assert ("expression Folder" in parameters) == ("duckdb" in url)
