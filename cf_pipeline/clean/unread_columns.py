"""Coded columns whose wordings are mostly unknown: as if not supplied, so that unread is not none.

A figure of such a column would be a false nought. Source: docs/rulings.md#22, for codes.
"""

from __future__ import annotations

import pandas as pd

from cf_pipeline.clean.issues import ISSUES, IssueCollector
from cf_pipeline.clean.sources import SOURCE, without_row
from cf_pipeline.contracts.lists import list_contracts

UNMATCHED = "code_unmatched"
UNREAD_SHARE, UNREAD_ROWS = 0.5, 2
"""A column is unread when more than this share, and so many, of its filled cells fit no code."""
KEYS = ["list", *SOURCE, "column"]


def find_unread_columns(lists: dict[str, pd.DataFrame], issues: pd.DataFrame) -> pd.DataFrame:
    """The coded columns of a sheet of which most filled cells fit no code.

    Args:
        lists: cleaned rows by list.
        issues: what cleaning found.

    Returns:
        list, delivery_id, as_at, file, sheet, column.
    """
    unmatched = issues[issues["rule"].eq(UNMATCHED)].groupby(KEYS, dropna=False)["rows"].sum()
    unread = unmatched[unmatched.ge(UNREAD_ROWS)].rename("unread").reset_index()
    read = [_count_read(lists[name], name, unread) for name in unread["list"].unique()]
    if not read:
        return unread[KEYS]
    counts = unread.fillna({"sheet": ""}).merge(pd.concat(read), on=KEYS, how="left")
    is_unread = unread["unread"].gt(UNREAD_SHARE * (unread["unread"] + counts["read"].fillna(0)))
    return unread.loc[is_unread, KEYS].reset_index(drop=True)


def drop_unread_columns(manifest: pd.DataFrame, unread: pd.DataFrame) -> pd.DataFrame:
    """The manifest without the unread columns among those that a sheet supplies."""
    columns = manifest["columns_supplied"].copy()
    for row in unread.to_dict("records"):
        is_source = manifest["list"].eq(row["list"]) & manifest["delivery_id"].eq(row["delivery_id"])
        is_source &= manifest["file"].eq(row["file"])
        is_source &= manifest["sheet"].fillna("").eq("" if pd.isna(row["sheet"]) else row["sheet"])
        for index in manifest.index[is_source & columns.notna()]:
            names = str(columns[index]).split(";")
            columns[index] = ";".join(name for name in names if name != row["column"])
    return manifest.assign(columns_supplied=columns)


def unread_column_issues(unread: pd.DataFrame) -> pd.DataFrame:
    """An error for each unread column."""
    found = []
    for (name, column), places in unread.groupby(["list", "column"]):
        issues = IssueCollector(list_contracts()[str(name)])
        issues.add_places("column_unread", without_row(places), str(column))
        found.append(issues.frame())
    return ISSUES.concat(found)


def _count_read(rows: pd.DataFrame, name: str, unread: pd.DataFrame) -> pd.DataFrame:
    """How many cells of each column were read in each sheet of a list; sheet '' for a file without sheets."""
    columns = unread.loc[unread["list"].eq(name), "column"].unique()
    sources = rows[SOURCE].fillna({"sheet": ""})
    filled = sources.join(rows[columns].notna()).groupby(SOURCE)[list(columns)].sum()
    return (
        filled.melt(ignore_index=False, var_name="column", value_name="read").reset_index().assign(list=name)
    )
