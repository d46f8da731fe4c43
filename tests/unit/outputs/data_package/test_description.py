"""`datapackage.json` says of each file what the contract says of its table."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from cf_pipeline.outputs.data_package.description import (
    NOTICE,
    PackageFile,
    PublishedVersion,
    describe_files,
    describe_package,
)
from cf_pipeline.warehouse.tables.schemas import PUBLISHED
from cf_pipeline.warehouse.tables.view_contracts import schema_contract
from tests.support import publication_example as example

SCHEMA = schema_contract(PUBLISHED)
TABLES = example.tables()
SHOWN = PublishedVersion(TABLES["publication"], TABLES["dim_authority"], TABLES["fact_comparator"])


def package(form="csv", contracts=SCHEMA.contracts):
    files = [PackageFile(contract, f"{contract.name}.{form}", 3, 100, "0" * 64) for contract in contracts]
    return describe_package(files, form, SHOWN)


def test_every_table_and_view_is_a_resource_with_the_columns_of_its_contract():
    resources = {resource["name"]: resource for resource in package()["resources"]}
    assert list(resources) == [contract.name for contract in SCHEMA.contracts]
    for contract in SCHEMA.contracts:
        described = resources[contract.name]
        assert described["description"] == contract.title
        fields = described["schema"]["fields"]
        assert [(field["name"], field["description"]) for field in fields] == [
            (column.name, column.description) for column in contract.columns
        ]
        assert described["schema"].get("primaryKey", []) == contract.key


def test_a_column_that_holds_the_key_of_another_table_is_a_foreign_key():
    resources = {resource["name"]: resource for resource in package()["resources"]}
    found = resources["fact_kpi_quarterly"]["schema"]["foreignKeys"]
    assert {key["fields"][0]: key["reference"] for key in found} == {
        "authority_code": {"resource": "dim_authority", "fields": ["authority_code"]},
        "quarter_key": {"resource": "dim_quarter", "fields": ["quarter_key"]},
        "kpi_id": {"resource": "dim_kpi", "fields": ["kpi_id"]},
        "category_key": {"resource": "dim_category", "fields": ["category_key"]},
    }
    alone = package(contracts=[PUBLISHED.contracts["fact_kpi_quarterly"]])["resources"][0]
    assert "foreignKeys" not in alone["schema"]


def test_it_says_which_publication_it_is_and_that_nothing_is_suppressed():
    described = package()
    assert described["description"].startswith(NOTICE)
    assert "apostrophe" in described["description"]
    assert "apostrophe" not in package("parquet")["description"]
    (publication,) = TABLES["publication"].to_dict("records")
    assert described["version"] == str(publication["version"])
    assert described["publication"]["run_id"] == publication["run_id"]
    assert described["publication"]["as_at"] == {example.CODE: "2019-12-31"}
    assert described["created"].endswith("Z")


def test_figures_of_other_places_have_their_sources_and_licence_and_our_own_have_none():
    described = package()
    open_data = [each["name"] for each in described["resources"] if "licenses" in each]
    assert open_data == ["dim_neighbour", "fact_comparator"]
    assert "licenses" not in described
    named = TABLES["fact_comparator"][["source", "release"]].dropna().drop_duplicates()
    assert len(described["sources"]) == len(named) > 0
    assert all("Open Government Licence" in source["title"] for source in described["sources"])


def test_no_comparators_means_no_sources():
    nothing = PublishedVersion(TABLES["publication"], TABLES["dim_authority"], TABLES["fact_comparator"][:0])
    assert describe_package([], "csv", nothing)["sources"] == []


def test_a_required_text_may_be_empty_and_another_is_none_then():
    (resource,) = package(contracts=[PUBLISHED.contracts["data_quality"]])["resources"]
    fields = {field["name"]: field for field in resource["schema"]["fields"]}
    assert fields["list"]["missingValues"] == []
    assert fields["list"]["constraints"] == {"required": True}
    assert "missingValues" not in fields["message"]


def test_files_that_are_no_tables_are_listed_with_size_and_hash():
    (resource,) = describe_files("name", "Title", "Words", {"A b/c.tmdl": b"x"})["resources"]
    assert resource["path"] == "A b/c.tmdl"
    assert resource["name"] == "a_b/c.tmdl"
    assert resource["bytes"] == 1
    assert resource["hash"].startswith("sha256:2d711642b726b044")


def test_times_are_utc_whatever_their_unit():
    publication = TABLES["publication"].assign(published_at=pd.Timestamp("2020-01-02 03:04:05.678"))
    shown = PublishedVersion(publication, TABLES["dim_authority"], TABLES["fact_comparator"])
    assert describe_package([], "csv", shown)["created"] == "2020-01-02T03:04:05Z"


def test_the_guide_to_excel_names_columns_that_there_are():
    guide = (Path(__file__).resolve().parents[4] / "docs" / "excel.md").read_text(encoding="utf-8")
    pivot = guide.split("## A pivot table from v_kpi_trend")[1].split("## What not to add up")[0]
    columns = set(next(each for each in SCHEMA.views if each.name == "v_kpi_trend").column_names)
    assert set(re.findall("`([a-z_]+)`", pivot)) - {"quarter", "total"} <= columns
    tables = {contract.name for contract in SCHEMA.contracts}
    assert set(re.findall(r"`?((?:dim|fact|v)_[a-z_]+)", guide)) <= tables
