"""What each source (file and sheet) of a list supplied: columns it lacks, and lists that came twice."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from cf_pipeline.clean.issues import IssueCollector
from cf_pipeline.clean.sources import usable_rows, without_row
from cf_pipeline.contracts.list_contract import ListContract


def sources_of(contract: ListContract, manifest: pd.DataFrame) -> pd.DataFrame:
    """The manifest rows of a list that reached it: read, and not of a refused delivery."""
    return usable_rows(manifest[manifest["list"] == contract.name])


def add_missing_columns(contract: ListContract, sources: pd.DataFrame, issues: IssueCollector) -> None:
    """One issue for each source and column that it lacks."""
    where = without_row(sources)
    supplied = _supplied(sources)
    for column in contract.column_names:
        lacking = np.array([column not in columns for columns in supplied], dtype=bool)
        rule = "source_id_missing" if column == contract.source_id else "column_missing"
        issues.add(rule, where, lacking, column)


def rows_without(column: str, sources: pd.DataFrame, rows: pd.DataFrame) -> Iterator[pd.Series[bool]]:
    """For each source that lacks a column, which rows come from it."""
    for (_, source), columns in zip(sources.iterrows(), _supplied(sources), strict=True):
        if column not in columns:
            yield from_source(rows, source)


def from_source(rows: pd.DataFrame, source: pd.Series[str]) -> pd.Series[bool]:
    """Which rows come from a file and sheet of a delivery."""
    same = (rows["delivery_id"] == source["delivery_id"]) & (rows["file"] == source["file"])
    return same & (rows["sheet"].fillna("") == ("" if pd.isna(source["sheet"]) else source["sheet"]))


def add_supplied_twice(
    contract: ListContract, sources: pd.DataFrame, rows: pd.DataFrame, issues: IssueCollector
) -> None:
    """One issue for each delivery whose sources of a list share a record; both copies stay."""
    counts = sources["delivery_id"].value_counts()
    for delivery in counts[counts > 1].index:
        its_rows = rows[rows["delivery_id"] == delivery]
        key = [*contract.natural_key]
        records = its_rows[[*key, "file", "sheet"]].drop_duplicates()
        if records.duplicated(key).any():
            where = without_row(sources[sources["delivery_id"] == delivery].head(1))
            issues.add_places("list_supplied_twice", where)


def _supplied(sources: pd.DataFrame) -> list[set[str]]:
    return [set(columns.split(";")) for columns in sources["columns_supplied"].fillna("")]
