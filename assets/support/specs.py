"""The factory of asset specifications: one function makes every table asset, one a layer's list assets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import dagster as dg

from assets.support.partitions import authorities
from assets.support.policies import FRESHNESS, OWNERS
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.tables import TableContract
from cf_pipeline.project.lake_layout import TableKey
from cf_pipeline.project.lake_tables import lake_table
from resources.lake import asset_key

TABLE_KINDS = frozenset({"pandas", "parquet"})


def table_spec(
    key: TableKey,
    *,
    deps: Sequence[TableKey] = (),
    description: str = "",
    kinds: frozenset[str] = TABLE_KINDS,
    is_partitioned: bool = True,
    automation: dg.AutomationCondition[Any] | None = None,
) -> dg.AssetSpec:
    """The specification of one table: its group is the first part of its key, its words are the contract's.

    Args:
        key: the key of the table.
        deps: keys of the assets it is made from and is not handed as a frame.
        description: what it holds, instead of the title of its contract.
        kinds: the badges Dagster shows.
        is_partitioned: whether there is one table an authority.
        automation: when Dagster makes it by itself.
    """
    contract = lake_table(*key)
    return dg.AssetSpec(
        key=asset_key(key),
        deps=[asset_key(dep) for dep in deps],
        description=description or contract.title,
        metadata={"dagster/column_schema": table_schema(contract)},
        group_name=key[0],
        owners=list(OWNERS),
        kinds=set(kinds),
        partitions_def=authorities if is_partitioned else None,
        automation_condition=automation,
        freshness_policy=FRESHNESS,
    )


def table_schema(contract: TableContract) -> dg.TableSchema:
    """The columns of a contract as Dagster shows them."""
    columns = [dg.TableColumn(column.name, column.dtype, column.description) for column in contract.columns]
    return dg.TableSchema(columns=columns)


def list_specs(layer: str, deps: Callable[[str], Sequence[TableKey]]) -> list[dg.AssetSpec]:
    """One specification a list contract for a layer: ingested, clean or core.

    Args:
        layer: the first part of the keys.
        deps: list name -> keys of the assets that its table is made from.
    """
    return [table_spec((layer, name), deps=deps(name)) for name in list_contracts()]


def list_keys(layer: str) -> dict[str, TableKey]:
    """List name -> key of its table in a layer."""
    return {name: (layer, name) for name in list_contracts()}
