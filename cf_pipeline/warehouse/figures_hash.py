"""One hash over every figure: two publications with the same hash are equal to the last digit.

It is made of the hash of each authority's figures, so that it is known without reading those that stay.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
import pyarrow as pa

from cf_pipeline.warehouse.conform import sort_by_key
from cf_pipeline.warehouse.tables.schemas import PUBLISHED

_NO_FIGURES = {"run_id", "category_key", "team_key"}
"""Columns that name the run, or repeat others as one key."""


def figures_hash(tables: Mapping[str, pd.DataFrame]) -> str:
    """SHA-256 (hex) over every fact table: rows in key order, numbers by their bits, without run ids.

    Keys that repeat other columns are left out too.

    Args:
        tables: tables of `published_v1` as `conform` returns them; only `fact_` tables count.
    """
    digest = hashlib.sha256()
    for name in sorted(name for name in tables if name.startswith("fact_")):
        rows = sort_by_key(tables[name], PUBLISHED.contracts[name].key)
        digest.update(f"{name}\x1e{len(rows)}\x1e".encode())
        for column in sorted(set(rows.columns) - _NO_FIGURES):
            digest.update(f"{column}\x1e".encode())
            for each in _bytes_of(rows[column]):
                digest.update(each)
    return digest.hexdigest()


def combine_hashes(hash_by_authority: Mapping[str, str], figures_of_others: str) -> str:
    """SHA-256 (hex) over the figures of a publication.

    Args:
        hash_by_authority: authority code -> `figures_hash` of its tables.
        figures_of_others: `figures_hash` of the published figures of other places.
    """
    parts = [*(f"{code}\x1f{each}" for code, each in sorted(hash_by_authority.items())), figures_of_others]
    return hashlib.sha256("\x1e".join(parts).encode()).hexdigest()


def _bytes_of(cells: pd.Series) -> Iterator[bytes | memoryview]:
    """Which cells are missing, then the cells."""
    yield cells.isna().to_numpy(dtype="uint8").data
    if pd.api.types.is_float_dtype(cells.dtype):
        numbers = cells.fillna(0).to_numpy(dtype="<f8") + 0.0  # -0.0 and 0.0 are the same figure
        yield numbers.data
    else:
        yield _join_texts(cells)


def _join_texts(cells: pd.Series) -> memoryview:
    """The cells as texts with a separator between them; a missing cell is an empty text."""
    distinct = cells if isinstance(cells.dtype, pd.CategoricalDtype) else cells.astype("category")
    texts = [*distinct.cat.categories.to_series().astype("str"), ""]
    ends = pa.array([f"{text}\x1f" for text in texts], pa.large_binary())
    codes = distinct.cat.codes.to_numpy(dtype="int64")
    joined = ends.take(pa.array(np.where(codes < 0, len(texts) - 1, codes)))
    return memoryview(joined.buffers()[2] if len(joined) else b"")[:-1]
