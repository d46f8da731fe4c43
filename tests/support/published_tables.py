"""Every table of `published_v1` in frames: what a publication of these authorities holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import pandas as pd
from duckdb_sqlalchemy import Dialect
from sqlalchemy.schema import CreateTable

from cf_pipeline.forecast.targets import Target
from cf_pipeline.warehouse.assemble import AuthorityFigures, Publication, authority_tables, common_tables
from cf_pipeline.warehouse.reading.frames import to_frame
from cf_pipeline.warehouse.tables.schemas import PUBLISHED


def published_tables(
    authorities: Sequence[AuthorityFigures],
    registry: Mapping[str, Any],
    comparators: pd.DataFrame,
    publication: Publication,
    neighbours: pd.DataFrame | None = None,
    targets: Sequence[Target] = (),
) -> dict[str, pd.DataFrame]:
    """The tables of these authorities and those of all of them together, each sorted by its key."""
    parts = [authority_tables(figures, registry) for figures in authorities]
    tables = {
        name: contract.concat([part[name] for part in parts if name in part])
        for name, contract in PUBLISHED.contracts.items()
    }

    def distinct(names: Sequence[str], columns: Sequence[str]) -> pd.DataFrame:
        rows = pd.concat([tables[name][list(columns)] for name in names])
        return rows.drop_duplicates().sort_values(list(columns), ignore_index=True)

    common = common_tables(distinct, registry, comparators, publication, neighbours, targets)
    both = pd.concat([tables["dim_authority"], common["dim_authority"]])
    in_order = both.sort_values("authority_code", ignore_index=True)
    return tables | common | {"dim_authority": PUBLISHED.contracts["dim_authority"].cast(in_order)}


def with_views(tables: Mapping[str, pd.DataFrame], *names: str) -> dict[str, pd.DataFrame]:
    """The tables, and these views of them as DuckDB has them."""
    with duckdb.connect() as connection:
        connection.execute(f"CREATE SCHEMA {PUBLISHED.name}")
        for name, table in PUBLISHED.tables.items():
            if name not in tables:
                continue
            connection.execute(
                str(CreateTable(table, include_foreign_key_constraints=[]).compile(dialect=Dialect()))
            )
            rows = tables[name]
            connection.register("rows", rows)
            columns = ", ".join(f'"{column}"' for column in rows.columns)
            connection.execute(
                f"INSERT INTO {PUBLISHED.name}.{name} ({columns}) SELECT {columns} FROM rows"  # noqa: S608 - own names
            )
        queries = PUBLISHED.views(PUBLISHED.tables)
        found = {}
        for name in names:
            sql = str(queries[name].compile(dialect=Dialect(), compile_kwargs={"literal_binds": True}))
            result = connection.execute(sql).to_arrow_table()
            found[name] = to_frame(queries[name], list(result.columns))
    return {**tables, **found}
