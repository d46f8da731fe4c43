"""The factory of asset specifications: one function makes every table asset, one a layer's list assets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import dagster as dg

from assets.support.partitions import authorities
from assets.support.policies import OWNERS
from assets.support.schemas import clean_schema, core_schema, ingested_schema
from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.lists import list_contracts

TABLE_KINDS = frozenset({"pandas", "parquet"})


def table_spec(
    key: Sequence[str],
    description: str,
    columns: dg.TableSchema,
    *,
    deps: Sequence[Sequence[str]] = (),
    kinds: frozenset[str] = TABLE_KINDS,
    partitioned: bool = True,
    automation: dg.AutomationCondition[Any] | None = None,
) -> dg.AssetSpec:
    """The specification of one table: its group is the first part of its key."""
    return dg.AssetSpec(
        key=list(key),
        deps=[dg.AssetKey(list(dep)) for dep in deps],
        description=description,
        metadata={"dagster/column_schema": columns},
        group_name=key[0],
        owners=list(OWNERS),
        kinds=set(kinds),
        partitions_def=authorities if partitioned else None,
        automation_condition=automation,
    )


LAYERS = {
    "ingested": (ingested_schema, "as read from the files: every cell as text, with file, sheet and row."),
    "clean": (clean_schema, "typed and coded by its contract; rows that break it are in quarantine."),
    "core": (core_schema, "all deliveries merged into one history, with derived columns and no child id."),
}


def list_specs(layer: str, deps: Callable[[str], Sequence[Sequence[str]]]) -> list[dg.AssetSpec]:
    """One specification a list contract for a layer: ingested, clean or core.

    Args:
        layer: the first part of the keys.
        deps: list name -> keys that its table rests on.
    """
    columns, what = LAYERS[layer]
    return [
        table_spec(
            (layer, name),
            f"{contract.title} ({_number(contract)}): {what}",
            columns(contract),
            deps=deps(name),
        )
        for name, contract in list_contracts().items()
    ]


def list_keys(layer: str) -> dict[str, dg.AssetKey]:
    """List name -> asset key of a layer."""
    return {name: dg.AssetKey([layer, name]) for name in list_contracts()}


def _number(contract: ListContract) -> str:
    return "local list" if contract.number is None else f"Annex A list {contract.number}"
