"""Rebuilds the table that ships: `python -m cf_pipeline.comparators.shipped_table FOLDER`.

FOLDER holds published files. A value of the files replaces the shipped one of the same series, category,
place and year; a shipped value that no file has is kept. The table is printed; redirect it to
`data/comparators.csv`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from cf_pipeline.comparators.open_data import read_folder
from cf_pipeline.comparators.open_data.extract import KEY, VALUES
from cf_pipeline.comparators.releases import order_by_release, shipped_values


def rebuild_shipped_table(file_values: pd.DataFrame, shipped_rows: pd.DataFrame) -> pd.DataFrame:
    """The table to ship: one row (VALUES) a series, category, place and year, of the newest release."""
    return VALUES.cast(order_by_release(file_values, shipped_rows).drop_duplicates(KEY, ignore_index=True))


def format_csv(rows: pd.DataFrame) -> str:
    """The rows as the text of `data/comparators.csv`; whole numbers have no decimal point."""
    number = rows["value"].map(lambda value: f"{value:.15g}", na_action="ignore").astype("str")
    return rows.assign(value=number).to_csv(index=False, lineterminator="\n")


if __name__ == "__main__":
    print(format_csv(rebuild_shipped_table(read_folder(Path(sys.argv[1])).rows, shipped_values())), end="")
