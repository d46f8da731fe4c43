"""Find the columns that a source (file and sheet) of a list lacks, and lists that a delivery holds twice."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from cf_pipeline.clean.issues import IssueCollector
from cf_pipeline.clean.sources import usable_rows, without_row
from cf_pipeline.contracts.list_contract import ListContract


def list_sources(contract: ListContract, manifest: pd.DataFrame) -> pd.DataFrame:
    """The manifest rows of a list that were read and belong to no refused delivery."""
    return usable_rows(manifest[manifest["list"] == contract.name])


def add_missing_column_issues(contract: ListContract, sources: pd.DataFrame, issues: IssueCollector) -> None:
    """Add an issue for each source and each column that it lacks: an error where Annex A asks for it."""
    columns_by_source = _columns_of_sources(sources)
    supplied_by_all = set(contract.column_names).intersection(*columns_by_source)
    if len(supplied_by_all) == len(contract.columns):
        return
    places = without_row(sources)
    for column in contract.columns:
        is_lacking = np.array([column.name not in columns for columns in columns_by_source], dtype=bool)
        rule = "column_missing" if contract.is_of_annex_a(column) else "optional_column_missing"
        if column.name == contract.source_id:
            rule = "source_id_missing"
        issues.add(rule, places, is_lacking, column.name)


def rows_lacking_column(column: str, sources: pd.DataFrame, rows: pd.DataFrame) -> Iterator[pd.Series[bool]]:
    """For each source that lacks the column, which rows come from it."""
    for (_, source), columns in zip(sources.iterrows(), _columns_of_sources(sources), strict=True):
        if column not in columns:
            yield is_from_source(rows, source)


def is_from_source(rows: pd.DataFrame, source: pd.Series[str]) -> pd.Series[bool]:
    """Which rows come from the source: a file and sheet of a delivery."""
    is_same_file = (rows["delivery_id"] == source["delivery_id"]) & (rows["file"] == source["file"])
    sheet = "" if pd.isna(source["sheet"]) else source["sheet"]
    return is_same_file & (rows["sheet"].fillna("") == sheet)


def add_duplicate_list_issues(
    contract: ListContract, sources: pd.DataFrame, rows: pd.DataFrame, issues: IssueCollector
) -> None:
    """Add an issue for each delivery of which two sources of the list share a record; both copies stay."""
    if sources["delivery_id"].is_unique:
        return
    counts = sources["delivery_id"].value_counts()
    key = [*contract.natural_key]
    for delivery_id in counts[counts > 1].index:
        records = rows.loc[rows["delivery_id"] == delivery_id, [*key, "file", "sheet"]].drop_duplicates()
        if records.duplicated(key).any():
            place = without_row(sources[sources["delivery_id"] == delivery_id].head(1))
            issues.add_places("list_supplied_twice", place)


def _columns_of_sources(sources: pd.DataFrame) -> list[set[str]]:
    """The columns that each source supplies."""
    return [set(columns.split(";")) for columns in sources["columns_supplied"].fillna("")]
