"""Reads published cells: each is a number, or a symbol for why there is none."""

from __future__ import annotations

import math
from collections.abc import Iterable

import pandas as pd

_NUMBER = r"-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"


def read_cells(texts: pd.Series, symbols: Iterable[str]) -> pd.DataFrame:
    """The values and symbols of the cells of one column.

    Args:
        texts: the cells as in the file.
        symbols: every symbol that a cell may hold instead of a number.

    Returns:
        value (Float64, null without a number), symbol (str, null with a number) and is_readable (False
        where the text is neither and not empty), on the index of `texts`. Thousands' commas, a per cent sign
        and the brackets of a symbol are removed: '1,234' is 1234, '[c]' is c. The number is the nearest
        double, so 17.899999999999999 is 17.9.
    """
    distinct = pd.Series(texts.unique(), dtype="str")
    bare = distinct.str.strip().str.replace(r"^\[(.*)\]$", r"\1", regex=True)
    digits = bare.str.replace(r",(?=\d{3})", "", regex=True).str.removesuffix("%").str.strip()
    is_number = digits.str.fullmatch(_NUMBER)
    number = digits.where(is_number).map(float, na_action="ignore").astype("Float64")
    is_number &= number.abs().lt(math.inf).fillna(False).astype(bool)
    is_symbol = bare.str.lower().isin(list(symbols))
    read = pd.DataFrame(
        {
            "value": number.where(is_number).to_numpy(),
            "symbol": bare.str.lower().where(is_symbol).to_numpy(),
            "is_readable": (is_number | is_symbol | bare.eq("")).to_numpy(),
        },
        index=distinct.to_numpy(),
    ).astype({"value": "Float64", "symbol": "str", "is_readable": "bool"})
    return read.reindex(texts.to_numpy()).set_axis(texts.index)
