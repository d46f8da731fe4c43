"""What the warehouse holds of an authority: rows that stay when it has no new figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from cf_pipeline.warehouse.dimensions.fact_columns import add_fact_columns
from cf_pipeline.warehouse.figures_hash import figures_hash
from cf_pipeline.warehouse.load import SOURCES, AuthorityRows
from cf_pipeline.warehouse.read import read_table, read_tables
from cf_pipeline.warehouse.tables.schemas import PUBLISHED, RESTRICTED, Schema

if TYPE_CHECKING:
    from cf_pipeline.kpi.definitions.registry import Kpi

AUTHORITY_TABLES = ("dim_authority", SOURCES)
"""The tables of `published_v1` that say which authorities are published."""


@dataclass(frozen=True)
class PublishedAuthority:
    """An authority that is published: its GSS code, and the as-at date of its figures (ISO; '' for none).

    `rows_hash`: the hash of all its rows, as the database works it out; '' where an older version of the
    product published them without one. `quarter_key`: the latest quarter of its figures; '' for none.
    """

    authority_code: str
    as_at: str
    rows_hash: str = ""
    quarter_key: str = ""


def find_published(url: str) -> dict[str, PublishedAuthority]:
    """Every authority that is published, by slug.

    Raises:
        WarehouseError: the database failed.
    """
    return published_authorities(read_tables(url, {name: {} for name in AUTHORITY_TABLES}))


def published_authorities(tables: Mapping[str, pd.DataFrame]) -> dict[str, PublishedAuthority]:
    """Every authority of `AUTHORITY_TABLES`, by slug."""
    rows, sources = with_figures(tables["dim_authority"]), tables[SOURCES]
    hashes = dict(zip(sources["authority_code"], sources["rows_hash"].fillna(""), strict=True))
    dates = ["" if pd.isna(date) else f"{date:%Y-%m-%d}" for date in rows["latest_as_at"]]
    return {
        slug: PublishedAuthority(code, date, hashes.get(code, ""), quarter_key)
        for slug, code, date, quarter_key in zip(
            rows["slug"], rows["authority_code"], dates, rows["latest_quarter_key"].fillna(""), strict=True
        )
    }


def find_unchanged(url: str, hash_by_code: Mapping[str, str]) -> list[str]:
    """The authorities whose published rows, records included, were made from these sources; sorted.

    Args:
        url: the warehouse.
        hash_by_code: authority code -> hash of what its rows would be made from now.

    Raises:
        WarehouseError: the database failed.
    """
    unchanged = set(hash_by_code)
    for schema in (PUBLISHED, RESTRICTED):
        sources = read_table(url, SOURCES, schema=schema)
        published = dict(zip(sources["authority_code"], sources["sources_hash"], strict=True))
        unchanged = {code for code in unchanged if published.get(code) == hash_by_code[code]}
    return sorted(unchanged)


def with_figures(dim_authority: pd.DataFrame) -> pd.DataFrame:
    """The rows of `dim_authority` that have figures; an older version of the product had no others."""
    return dim_authority[dim_authority["has_figures"].fillna(True)]


def published_rows(
    url: str, schema: Schema, authority_code: str, registry: Mapping[str, Kpi]
) -> AuthorityRows:
    """The rows of one authority in a schema, as they are published.

    A publication that has them again does not name what they were made from: they are not its newest.

    Raises:
        WarehouseError: the database failed.
    """
    where = {"authority_code": authority_code}
    tables = {name: read_table(url, name, where, schema) for name in schema.by_authority}
    if "dim_authority" in tables:  # an older version of the product kept neither the keys nor the hash
        tables = add_fact_columns(tables, registry)
        tables["dim_authority"] = tables["dim_authority"].assign(
            has_figures=True, figures_hash=figures_hash(tables)
        )
    return AuthorityRows(authority_code, tables)
