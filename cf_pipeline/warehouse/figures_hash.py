"""One hash over every figure: two publications with the same hash are equal to the last digit.

It is made of the hash of each authority's figures, so that it is known without reading those that stay.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa

from cf_pipeline.warehouse.tables.schemas import PUBLISHED

_RUN_COLUMNS = {"run_id"}


def figures_hash(tables: Mapping[str, pd.DataFrame]) -> str:
    """SHA-256 (hex) over every fact table: rows in key order, numbers by their bits, without the run ids.

    Args:
        tables: tables of `published_v1` as `conform` returns them; only `fact_` tables count.
    """
    digest = hashlib.sha256()
    for name in sorted(name for name in tables if name.startswith("fact_")):
        rows = tables[name].sort_values(PUBLISHED.contracts[name].key, kind="stable")
        digest.update(f"{name}\x1e{len(rows)}\x1e".encode())
        for column in sorted(set(rows.columns) - _RUN_COLUMNS):
            digest.update(f"{column}\x1e".encode())
            digest.update(_to_bytes(rows[column]))
    return digest.hexdigest()


def combine_hashes(hash_by_authority: Mapping[str, str], figures_of_others: str) -> str:
    """SHA-256 (hex) over the figures of a publication.

    Args:
        hash_by_authority: authority code -> `figures_hash` of its tables.
        figures_of_others: `figures_hash` of the published figures of other places.
    """
    parts = [*(f"{code}\x1f{each}" for code, each in sorted(hash_by_authority.items())), figures_of_others]
    return hashlib.sha256("\x1e".join(parts).encode()).hexdigest()


def _to_bytes(cells: pd.Series) -> bytes:
    missing = cells.isna().to_numpy(dtype="uint8").tobytes()
    if pd.api.types.is_float_dtype(cells.dtype):
        numbers = cells.fillna(0).to_numpy(dtype="<f8") + 0.0  # -0.0 and 0.0 are the same figure
        return missing + numbers.tobytes()
    return missing + _join_texts(cells)


def _join_texts(cells: pd.Series) -> bytes:
    """The cells as texts with a separator between them; a missing cell is an empty text."""
    distinct = cells if isinstance(cells.dtype, pd.CategoricalDtype) else cells.astype("category")
    texts = [*distinct.cat.categories.to_series().astype("str"), ""]
    ends = pa.array([f"{text}\x1f" for text in texts], pa.large_binary())
    codes = distinct.cat.codes.to_numpy(dtype="int64")
    joined = ends.take(pa.array(np.where(codes < 0, len(texts) - 1, codes)))
    return (joined.buffers()[2].to_pybytes() if len(joined) else b"")[:-1]
