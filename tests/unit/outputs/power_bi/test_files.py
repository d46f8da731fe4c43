"""The files of the Power BI project: TMDL that holds the contract, read by a reader of its own."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cf_pipeline.outputs.power_bi.files import (
    NOT_OPENED,
    ParquetSource,
    PostgreSqlSource,
    model_files,
)
from cf_pipeline.outputs.power_bi.semantic_model import ADDED_COLUMNS, measures, relationships
from cf_pipeline.warehouse.tables.schemas import PUBLISHED

TABLES = list(PUBLISHED.contracts.values())
SERVER = PostgreSqlSource("db.example:5433", "cf")
FILES = model_files(TABLES, SERVER)
DEFINITION = "published_v1.SemanticModel/definition"
TYPES = {
    "str": "string",
    "Int64": "int64",
    "Float64": "double",
    "boolean": "boolean",
    "datetime64[us]": "dateTime",
}


@dataclass
class Node:
    """A line of TMDL with the lines below it."""

    text: str
    description: str = ""
    below: list[Node] = field(default_factory=list)

    def value(self, name: str) -> str:
        """A property, '' when it is not there."""
        return next(
            (each.text.split(": ", 1)[1] for each in self.below if each.text.startswith(f"{name}: ")), ""
        )

    def objects(self, kind: str) -> dict[str, Node]:
        """Objects of a kind by name."""
        found = [each for each in self.below if each.text.startswith(f"{kind} ")]
        return {re.match(r"\w+ ('[^']*'|[\w-]+)", each.text)[1].strip("'"): each for each in found}


def parse(text: str) -> Node:
    root = Node("")
    path, description = [root], ""
    for line in text.splitlines():
        if not line.strip():
            continue
        depth = len(line) - len(line.lstrip("\t"))
        if line.strip().startswith("/// "):
            description = line.strip().removeprefix("/// ")
            continue
        parents = path[: depth + 1]
        while len(parents) < depth + 1:  # an expression is two levels deeper than its object
            parents.append(parents[-1])
        node = Node(line.strip(), description)
        parents[-1].below.append(node)
        path, description = [*parents, node], ""
    return root


def table(name: str) -> Node:
    (node,) = parse(FILES[f"{DEFINITION}/tables/{name}.tmdl"]).below
    return node


@pytest.mark.parametrize("contract", TABLES, ids=lambda contract: contract.name)
def test_a_table_has_the_columns_the_types_and_the_words_of_its_contract(contract):
    node = table(contract.name)
    assert node.text == f"table {contract.name}"
    assert node.description == contract.title
    found = node.objects("column")
    added = [name for name, *_ in ADDED_COLUMNS.get(contract.name, ())]
    assert list(found) == [*contract.column_names, *added]
    for column in contract.columns:
        assert found[column.name].value("dataType") == TYPES[column.dtype]
        assert found[column.name].value("summarizeBy") == "none"
        assert found[column.name].value("sourceColumn") == column.name
        assert found[column.name].description == column.description
    own = {measure.name: measure for measure in measures() if measure.table == contract.name}
    assert {name: each.description for name, each in node.objects("measure").items()} == {
        name: measure.description for name, measure in own.items()
    }


def test_a_measure_has_a_format_and_its_whole_expression():
    texts = "".join(FILES[f"{DEFINITION}/tables/{contract.name}.tmdl"] for contract in TABLES)
    for measure in measures():
        expression = "".join(f"\t\t\t{line}\n" for line in measure.expression.split("\n"))
        assert f" =\n{expression}\t\tformatString" in texts
    assert texts.count("\n\tmeasure ") == len(measures())


def test_quarters_kpis_and_categories_are_in_order():
    assert table("dim_quarter").objects("column")["quarter_key"].value("sortByColumn") == "sequence"
    assert table("dim_kpi").objects("column")["title"].value("sortByColumn") == "position"
    assert table("dim_category").objects("column")["label_in_order"].value("sortByColumn") == "position"


def test_the_relationships_are_written_with_their_columns():
    found = parse(FILES[f"{DEFINITION}/relationships.tmdl"]).below
    assert [(each.value("fromColumn"), each.value("toColumn"), each.value("isActive")) for each in found] == [
        (
            f"{each.table}.{each.column}",
            f"{each.to_table}.{each.to_column}",
            "" if each.is_active else "false",
        )
        for each in relationships(TABLES)
    ]


def test_rows_come_from_the_server_of_the_parameters_or_from_a_parquet_export():
    text = FILES[f"{DEFINITION}/tables/dim_kpi.tmdl"]
    assert "PostgreSQL.Database(Server, Database, [CreateNavigationProperties = false])" in text
    assert 'Source{[Schema = "published_v1", Item = "dim_kpi"]}[Data]' in text
    assert '"db.example:5433"' in FILES[f"{DEFINITION}/expressions.tmdl"]
    in_files = model_files(TABLES, ParquetSource("C:\\export"))
    assert 'File.Contents(Folder & "\\dim_kpi.parquet")' in in_files[f"{DEFINITION}/tables/dim_kpi.tmdl"]
    assert 'expression Folder = "C:\\export" meta' in in_files[f"{DEFINITION}/expressions.tmdl"]


def test_every_object_keeps_its_tag_from_export_to_export():
    assert model_files(TABLES, SERVER) == FILES
    tags = re.findall(r"lineageTag: (\S+)", "".join(FILES.values()))
    assert len(tags) == len(set(tags)) > 100


def test_the_model_lists_its_tables_and_says_that_nobody_opened_it():
    model = FILES[f"{DEFINITION}/model.tmdl"]
    assert re.findall(r"^ref table (\w+)$", model, re.M) == [contract.name for contract in TABLES]
    assert f"/// {NOT_OPENED}" in model
    assert "nobody of the project has opened it in Power BI" in NOT_OPENED


def test_the_project_names_its_parts():
    for name, text in FILES.items():
        if not name.endswith(".tmdl"):
            json.loads(text)
    project = json.loads(FILES["published_v1.pbip"])
    assert project["artifacts"][0]["report"]["path"] == "published_v1.Report"
    report = json.loads(FILES["published_v1.Report/definition.pbir"])
    assert report["datasetReference"]["byPath"]["path"] == "../published_v1.SemanticModel"
    assert f"{DEFINITION}/cultures/en-GB.tmdl" in FILES


def test_no_password_is_in_the_model():
    assert "password" not in "".join(FILES.values()).casefold()


def test_the_guide_names_measures_and_columns_that_there_are():
    guide = (Path(__file__).resolve().parents[4] / "docs" / "power_bi.md").read_text(encoding="utf-8")
    named = guide.split("## Which measure answers what")[1].split("## Refresh")[0]
    rows = [line.split("|")[2] for line in named.splitlines() if line.startswith("| ") and "`" in line]
    found = {name for row in rows for name in re.findall("`([^`]+)`", row)}
    assert found == {measure.name for measure in measures()}
    columns = {column for contract in TABLES for column in contract.column_names} | {"label_in_order"}
    chosen = guide.split("## The model")[1].split("## Which measure")[0]
    names = set(re.findall("`([a-z_]+)`", chosen))
    assert names <= columns | {contract.name for contract in TABLES}
    assert "Nobody of the project has opened this model in Power BI" in guide
