"""`datapackage.json`: the files of an export, the columns of each, and what the whole may be used for."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cf_pipeline.contracts.tables import TableColumn, TableContract
from cf_pipeline.contracts.tables.table_contract import ColumnType

FILE_NAME = "datapackage.json"
PACKAGE_NAME = "published_v1"
FIELD_TYPES: dict[ColumnType, str] = {
    "string": "string",
    "category": "string",
    "integer": "integer",
    "big_integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "date": "date",
    "datetime": "datetime",
}
"""The type in Table Schema of each column type of a contract."""
MEDIA_TYPES = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
NOTICE = (
    "For staff with a right to these figures. Nothing is suppressed: counts of one to five children are "
    "shown as they are, so the files are personal data and must not be published or sent outside the council."
)
CSV_NOTICE = (
    "In the CSV files an empty cell is no value, and a text that begins with = + - @, a tab or a line break "
    "has an apostrophe before it, so that no spreadsheet calculates it."
)
LICENCE = {
    "name": "OGL-UK-3.0",
    "title": "Open Government Licence v3.0",
    "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
}
OPEN_TABLES = ("fact_comparator", "dim_neighbour")
"""Tables of figures that others published as open data; every other table is the council's own."""


@dataclass(frozen=True)
class PackageFile:
    """One file of an export: the table or view in it, and what was written."""

    contract: TableContract
    path: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class PublishedVersion:
    """Which publication an export shows: tables of `published_v1` that say so.

    `publication`, `authorities` (dim_authority) and `comparators` (columns source and release).
    """

    publication: pd.DataFrame
    authorities: pd.DataFrame
    comparators: pd.DataFrame


def describe_files(name: str, title: str, description: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    """The content of `datapackage.json` of files that are no tables.

    Args:
        name: of the package.
        title: what it is.
        description: what must be known before it is used.
        files: path in the folder -> content.
    """
    return {
        "profile": "data-package",
        "name": name,
        "title": title,
        "description": description,
        "resources": [
            {
                "name": re.sub(r"[^a-z0-9._/-]", "_", path.lower()),
                "path": path,
                "type": "file",
                "format": path.rpartition(".")[2],
                "bytes": len(content),
                "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
            }
            for path, content in files.items()
        ],
    }


def describe_package(files: Iterable[PackageFile], form: str, version: PublishedVersion) -> dict[str, Any]:
    """The content of `datapackage.json`.

    Args:
        files: one a table or view.
        form: csv or parquet.
        version: the publication they show.
    """
    files = list(files)
    (publication,) = version.publication.to_dict("records")
    sources = _sources(version.comparators)
    contracts = {file.contract.name: file.contract for file in files}
    return {
        "profile": "data-package",
        "name": PACKAGE_NAME,
        "title": "Children and Families performance: published figures",
        "description": " ".join([NOTICE, CSV_NOTICE] if form == "csv" else [NOTICE]),
        "version": str(publication["version"]),
        "created": time_text(publication["published_at"]),
        "publication": {
            "version": int(publication["version"]),
            "run_id": publication["run_id"],
            "published_at": time_text(publication["published_at"]),
            "figures_hash": publication["figures_hash"],
            "product_version": publication["product_version"],
            "as_at": _as_at(version.authorities),
        },
        "sources": sources,
        "resources": [
            describe_resource(file, form, contracts)
            | ({"licenses": [LICENCE], "sources": sources} if file.contract.name in OPEN_TABLES else {})
            for file in files
        ],
    }


def describe_resource(file: PackageFile, form: str, contracts: Mapping[str, TableContract]) -> dict[str, Any]:
    """The entry of `datapackage.json` for one file.

    Args:
        file: what was written.
        form: csv or parquet.
        contracts: the tables of the package by name: a column that refers to one of them is a foreign key.
    """
    contract = file.contract
    described: dict[str, Any] = {
        "profile": "tabular-data-resource" if form == "csv" else "data-resource",
        "name": contract.name,
        "path": file.path,
        "description": contract.title,
        "format": form,
        "mediatype": MEDIA_TYPES[form],
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        "rows": file.rows,
        "schema": _schema(contract, contracts),
    }
    if form == "csv":
        described["encoding"] = "utf-8"
    return described


def _schema(contract: TableContract, contracts: Mapping[str, TableContract]) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(column) for column in contract.columns]}
    if contract.key:
        schema["primaryKey"] = contract.key
    references = [
        {"fields": [column.name], "reference": {"resource": table.name, "fields": table.key}}
        for column in contract.columns
        if (table := contracts.get(column.references or ""))
    ]
    if references:
        schema["foreignKeys"] = references
    return schema


def _field(column: TableColumn) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": FIELD_TYPES[column.type],
        "description": column.description,
    }
    if column.is_key or column.is_required:
        field["constraints"] = {"required": True}
        if FIELD_TYPES[column.type] == "string":
            field["missingValues"] = []  # an empty text is a value there
    return field


def _sources(comparators: pd.DataFrame) -> list[dict[str, str]]:
    """The publications that the published figures of other places are from, each once."""
    found = comparators[["source", "release"]].dropna().drop_duplicates().sort_values(["source", "release"])
    return [
        {"title": f"{row.source}, {row.release} ({LICENCE['title']})"}
        for row in found.itertuples(index=False)
    ]


def _as_at(authorities: pd.DataFrame) -> Mapping[str, str]:
    """Authority's code -> as-at date of the newest delivery behind its figures (ISO)."""
    known = authorities.dropna(subset=["latest_as_at"])
    dates = known["latest_as_at"].dt.strftime("%Y-%m-%d")
    return dict(zip(known["authority_code"], dates, strict=True))


def time_text(moment: Any) -> str:
    """A time in UTC as ISO writes it: '2020-01-06T02:00:00Z'."""
    return pd.Timestamp(moment).tz_localize(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
