"""The table that ships, made again from published files: `python -m cf_pipeline.comparators.ship FOLDER`.

What the files say now takes the place of what was shipped; what none of them says is kept. Written to the
screen, to be put in the place of `data/comparators.csv`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from cf_pipeline.comparators.current import newest_first, shipped_values
from cf_pipeline.comparators.open_data import read_folder
from cf_pipeline.comparators.open_data.extract import KEY, VALUES


def shipped_again(read: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """The table to ship: one row (VALUES) a series, category, place and year, of the newest release."""
    return newest_first(read, before).drop_duplicates(KEY, ignore_index=True).astype(VALUES)


def as_csv(rows: pd.DataFrame) -> str:
    """The rows as the file that ships: whole numbers without a point."""
    number = rows["value"].map(lambda value: f"{value:.15g}", na_action="ignore").astype("str")
    return rows.assign(value=number).to_csv(index=False, lineterminator="\n")


if __name__ == "__main__":
    print(as_csv(shipped_again(read_folder(Path(sys.argv[1])).rows, shipped_values())), end="")
