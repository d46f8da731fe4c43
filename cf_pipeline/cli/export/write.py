"""Writes an export: reads the publication part by part, and describes what was written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import pandas as pd

from cf_pipeline.cli.console import print_line
from cf_pipeline.contracts.tables import TableContract
from cf_pipeline.operations.audit import record_action
from cf_pipeline.outputs.data_package.description import (
    FILE_NAME,
    NOTICE,
    PACKAGE_NAME,
    PackageFile,
    PublishedVersion,
    describe_files,
    describe_package,
)
from cf_pipeline.outputs.data_package.table_files import write_csv, write_parquet
from cf_pipeline.outputs.power_bi.files import NOT_OPENED, ParquetSource, PostgreSqlSource, model_files
from cf_pipeline.project.publication.export_folder import export_folder
from cf_pipeline.project.settings import Settings
from cf_pipeline.warehouse.dialects import server_of
from cf_pipeline.warehouse.reading.publication_reader import PublicationReader, open_publication
from cf_pipeline.warehouse.tables.schemas import PUBLISHED

OK = 0
Write = Callable[[IO[bytes], TableContract, Iterator[pd.DataFrame]], int]
WRITERS: Mapping[str, Write] = {"csv": write_csv, "parquet": write_parquet}
MODEL_NAME = f"{PACKAGE_NAME}_power_bi"
NAMES = frozenset({PACKAGE_NAME, MODEL_NAME})
"""The names of packages that an export writes, and so may replace."""
PARQUET_FOLDER = "C:\\published_v1"


def write_export(settings: Settings, folder: Path, form: str) -> int:
    """Write an export to a folder and print where; returns the exit status.

    Args:
        settings: the project's.
        folder: where to.
        form: one of the formats of the command.

    Raises:
        PlainError: nothing was written; an earlier export in the folder is unchanged.
    """
    if form in WRITERS:
        return _export_tables(settings, folder, form)
    return _export_model(settings, folder)


def _export_tables(settings: Settings, folder: Path, form: str) -> int:
    with open_publication(settings.warehouse_url) as reader, export_folder(folder, NAMES) as part:
        shown = PublishedVersion(
            reader.publication, reader.read_whole("dim_authority"), reader.read_whole("fact_comparator")
        )
        files = [_write_table(reader, contract, part, form) for contract in reader.contracts()]
        reader.check_unchanged()
        _write_description(part, describe_package(files, form, shown))
    version = reader.publication["version"].iloc[0]
    record_action(
        settings.data, "export", f"version {version} as {form} files", counts={"tables": len(files)}
    )
    print_line(f"Exported version {version}: {len(files)} tables and views in {folder.resolve()}.")
    print_line(NOTICE)
    return OK


def _export_model(settings: Settings, folder: Path) -> int:
    server = server_of(settings.warehouse_url)
    source = PostgreSqlSource(*server) if server else ParquetSource(PARQUET_FOLDER)
    files = model_files(list(PUBLISHED.contracts.values()), source)
    title = "Children and Families performance: semantic model for Power BI"
    with export_folder(folder, NAMES) as part:
        for name, text in files.items():
            path = part / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        content = {name: text.encode("utf-8") for name, text in files.items()}
        _write_description(part, describe_files(MODEL_NAME, title, NOT_OPENED, content))
    rows = f"the server {server[0]}" if server else "a Parquet export"
    print_line(f"Wrote the semantic model, whose rows come from {rows}, to {folder.resolve()}.")
    print_line(NOT_OPENED)
    return OK


def _write_table(reader: PublicationReader, contract: TableContract, folder: Path, form: str) -> PackageFile:
    path = folder / f"{contract.name}.{form}"
    with path.open("xb") as file:
        rows = WRITERS[form](file, contract, reader.parts(contract))
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return PackageFile(contract, path.name, rows, path.stat().st_size, sha256)


def _write_description(folder: Path, package: Mapping[str, Any]) -> None:
    text = json.dumps(package, indent=1, ensure_ascii=False)
    (folder / FILE_NAME).write_text(f"{text}\n", encoding="utf-8")
