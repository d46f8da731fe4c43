"""A table of the lake that an older version of the product wrote has the columns of today."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from upath import UPath

from cf_pipeline.project import lake_layout as lake
from cf_pipeline.project.lake_tables import lake_table
from cf_pipeline.project.parquet_table import read_table, write_table


@pytest.mark.parametrize(
    ("key", "added"),
    [
        (lake.QUARTERLY, ["note"]),
        (lake.FORECAST, ["outside_range"]),
        (lake.CLEAN_DELIVERIES, ["accepted", "columns_unread"]),
        (lake.HELD_DELIVERIES, ["list", "rule", "size", "is_delivery_held"]),
        (lake.core_table("coverage"), ["is_newest_alone"]),
        (lake.core_table("referrals"), ["referral_id", "unread_dates"]),
    ],
)
@pytest.mark.parametrize("rows", [0, 2])
def test_a_column_that_an_older_file_lacks_is_empty(
    tmp_path: Path, key: lake.TableKey, added: list[str], rows: int
) -> None:
    dtypes = {name: dtype for name, dtype in lake_table(*key).dtypes.items() if name not in added}
    older = pd.DataFrame({name: pd.Series([None] * rows, dtype=dtype) for name, dtype in dtypes.items()})
    older.attrs = {"run_id": "earlier"}
    path = UPath(tmp_path / "table.parquet")
    write_table(path, older, key)
    table = read_table(path, key)
    assert table[added].isna().all(axis=None)
    assert len(table) == rows
    with_categories = read_table(path, key, has_categories=True)
    assert with_categories[added].isna().all(axis=None)
    expected = {name: lake_table(*key).dtypes[name] for name in added}
    assert table[added].dtypes.astype(str).to_dict() == expected
    assert table.attrs == {"run_id": "earlier"}
