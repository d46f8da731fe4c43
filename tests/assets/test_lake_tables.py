"""Every table that a run writes to the lake is the one its contract declares."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pandas as pd

from assets.definitions import defs
from cf_pipeline.cli.main import main
from cf_pipeline.project.lake_tables import lake_table
from tests.support.small_deliveries import deliver

KEYS = sorted(tuple(key.path) for key in defs.resolve_asset_graph().get_all_asset_keys())


def stored(lake: Path, key: tuple[str, ...]) -> pd.DataFrame:
    """The table as Parquet has it, without the types that the contract would give it."""
    folder = lake.joinpath(*key)
    return pd.read_parquet(folder / "camden.parquet" if folder.is_dir() else folder.with_suffix(".parquet"))


def test_every_table_has_the_columns_types_and_key_of_its_contract(project: Path) -> None:
    deliver(project / "raw", "camden")
    assert main(["run"]) == 0
    wrong = {}
    for key in KEYS:
        contract, rows = lake_table(*key), stored(project / "data" / "lake", key)
        types = {str(name): str(dtype) for name, dtype in rows.dtypes.items()}
        empty = {name for name in types if types[name] == "object" and rows[name].isna().all()}
        expected = contract.dtypes | dict.fromkeys(empty, "object")  # Parquet has no type for no category
        if list(types.items()) != list(expected.items()):
            wrong[key] = types
        elif contract.key and rows.duplicated(contract.key).any():
            wrong[key] = contract.key
    assert wrong == {}


def test_dagster_shows_the_columns_of_the_contract_with_their_words() -> None:
    [key] = [key for key in KEYS if key == ("clean", "issues")]
    node = defs.resolve_asset_graph().get(dg.AssetKey(list(key)))
    shown = node.metadata["dagster/column_schema"].columns
    declared = lake_table(*key).columns
    assert [(column.name, column.type, column.description) for column in shown] == [
        (column.name, column.dtype, column.description) for column in declared
    ]
    assert node.description == lake_table(*key).title
