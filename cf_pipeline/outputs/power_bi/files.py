"""The files of a Power BI project: the semantic model, and a report of one empty page, which opens it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cf_pipeline.contracts.tables import TableContract
from cf_pipeline.outputs.power_bi.semantic_model import measures, relationships
from cf_pipeline.outputs.power_bi.tmdl import (
    M_TYPES,
    model_text,
    parameters_text,
    relationships_text,
    table_text,
)

NAME = "published_v1"
CULTURE = "en-GB"
COMPATIBILITY = 1601
"""The lowest level at which a measure's format follows the KPI it shows."""
NOT_OPENED = (
    "Made from the contract of published_v1 and checked against it; nobody of the project has opened it in "
    "Power BI, which does not run where the project is made."
)
SCHEMAS = "https://developer.microsoft.com/json-schemas/fabric"


@dataclass(frozen=True)
class PostgreSqlSource:
    """Rows from a PostgreSQL server; user and password are asked for by Power BI."""

    server: str
    database: str

    def parameters(self) -> list[tuple[str, str, str]]:
        """Name, value and description of each parameter."""
        return [
            ("Server", self.server, "Host of the PostgreSQL server, with :port where it is not 5432"),
            ("Database", self.database, "Database that holds the schema published_v1"),
        ]

    def rows(self, table: str) -> list[str]:
        """The steps in M that give the rows of a table as `Rows`."""
        return [
            "Source = PostgreSQL.Database(Server, Database, [CreateNavigationProperties = false]),",
            f'Rows = Source{{[Schema = "{NAME}", Item = "{table}"]}}[Data],',
        ]


@dataclass(frozen=True)
class ParquetSource:
    """Rows from the files of `cf-pipeline export FOLDER --format parquet`."""

    folder: str

    def parameters(self) -> list[tuple[str, str, str]]:
        """Name, value and description of each parameter."""
        return [("Folder", self.folder, "Folder of the Parquet export, as this computer reaches it")]

    def rows(self, table: str) -> list[str]:
        """The steps in M that give the rows of a table as `Rows`."""
        return [f'Rows = Parquet.Document(File.Contents(Folder & "\\{table}.parquet")),']


def model_files(
    contracts: Sequence[TableContract], source: PostgreSqlSource | ParquetSource
) -> dict[str, str]:
    """Path in the folder -> text of each file of the project.

    Args:
        contracts: the tables of `published_v1`.
        source: where Power BI reads their rows.
    """
    definition = f"{NAME}.SemanticModel/definition"
    files = {
        f"{NAME}.pbip": _json(_project()),
        f"{NAME}.SemanticModel/definition.pbism": _json(_settings("item/semanticModel", "4.2")),
        f"{definition}/database.tmdl": f"database\n\tcompatibilityLevel: {COMPATIBILITY}\n",
        f"{definition}/model.tmdl": model_text([each.name for each in contracts], NOT_OPENED, CULTURE),
        f"{definition}/expressions.tmdl": parameters_text(source.parameters()),
        f"{definition}/relationships.tmdl": relationships_text(relationships(contracts)),
        f"{definition}/cultures/{CULTURE}.tmdl": _culture(),
        f"{NAME}.Report/definition.pbir": _json(_report()),
        f"{NAME}.Report/report.json": _json(_empty_page()),
    }
    for contract in contracts:
        own = [measure for measure in measures() if measure.table == contract.name]
        files[f"{definition}/tables/{contract.name}.tmdl"] = table_text(
            contract, own, _query(contract, source)
        )
    return files


def _query(contract: TableContract, source: PostgreSqlSource | ParquetSource) -> list[str]:
    """The expression in M that gives a table's rows: the columns of the contract with their types."""
    names = ", ".join(f'"{column.name}"' for column in contract.columns)
    types = ", ".join(f'{{"{column.name}", {M_TYPES[column.type]}}}' for column in contract.columns)
    return [
        "let",
        *(f"    {step}" for step in source.rows(contract.name)),
        f"    Columns = Table.SelectColumns(Rows, {{{names}}}),",
        f"    Typed = Table.TransformColumnTypes(Columns, {{{types}}})",
        "in",
        "    Typed",
    ]


def _culture() -> str:
    metadata = '{"Version": "1.0.0", "Language": "' + CULTURE + '"}'
    return f"cultureInfo {CULTURE}\n\n\tlinguisticMetadata = {metadata}\n\t\tcontentType: json\n"


def _project() -> dict[str, Any]:
    return {
        "$schema": f"{SCHEMAS}/pbip/pbipProperties/1.0.0/schema.json",
        "version": "1.0",
        "artifacts": [{"report": {"path": f"{NAME}.Report"}}],
        "settings": {"enableAutoRecovery": True},
    }


def _settings(item: str, version: str) -> dict[str, Any]:
    return {
        "$schema": f"{SCHEMAS}/{item}/definitionProperties/1.0.0/schema.json",
        "version": version,
        "settings": {},
    }


def _report() -> dict[str, Any]:
    return {
        "$schema": f"{SCHEMAS}/item/report/definitionProperties/1.0.0/schema.json",
        "version": "4.0",
        "datasetReference": {"byPath": {"path": f"../{NAME}.SemanticModel"}},
    }


def _empty_page() -> dict[str, Any]:
    """The smallest report: one empty page."""
    page = {
        "name": "page1",
        "displayName": "Page 1",
        "displayOption": 1,
        "height": 720.0,
        "width": 1280.0,
        "config": "{}",
        "filters": "[]",
        "visualContainers": [],
    }
    return {
        "config": '{"version":"5.50","activeSectionIndex":0}',
        "layoutOptimization": 0,
        "sections": [page],
    }


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, indent=2) + "\n"
