"""One hash over every figure: two publications with the same hash are equal to the last digit.

It is made of the hash of each authority's figures, so that it is known without reading those that stay.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from cf_pipeline.warehouse.conform import sort_by_key
from cf_pipeline.warehouse.tables.schemas import PUBLISHED

_NO_FIGURES = {"run_id", "category_key", "team_key", "value_last_year"}
"""Columns that name the run, or repeat others."""


def figures_hash(tables: Mapping[str, pd.DataFrame]) -> str:
    """SHA-256 (hex) over every fact table: rows in key order, numbers by their bits, without run ids.

    Columns that repeat others are left out too.

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
    """The cells of a column, missing ones among them."""
    if pd.api.types.is_datetime64_dtype(cells.dtype):
        yield cells.to_numpy(dtype="<M8[us]").view("<i8").data
    elif pd.api.types.is_numeric_dtype(cells.dtype):  # whole numbers, and true or false, among them
        numbers = cells.to_numpy(dtype="<f8", na_value=np.nan) + 0.0  # -0.0 and 0.0 are the same figure
        numbers[np.isnan(numbers)] = np.nan  # of all the bits that are no number, the same
        yield numbers.data
    else:
        yield from _number_texts(cells)


def _number_texts(cells: pd.Series) -> Iterator[bytes | memoryview]:
    """The different texts of the cells in order, then the number of each cell's; 0 where it is missing."""
    distinct = cells if isinstance(cells.dtype, pd.CategoricalDtype) else cells.astype("category")
    codes, texts = distinct.array.codes, distinct.array.categories.tolist()
    is_used = np.bincount(codes + 1, minlength=len(texts) + 1)[1:] > 0
    used = sorted(np.flatnonzero(is_used).tolist(), key=texts.__getitem__)
    numbers = np.zeros(len(texts) + 1, dtype="<u4")  # the last is that of code -1
    numbers[used] = np.arange(1, len(used) + 1)
    yield "\x1f".join(texts[place] for place in used).encode()
    yield numbers.take(codes).data
