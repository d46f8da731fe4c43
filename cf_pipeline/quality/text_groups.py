"""Texts of rows joined group by group."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd


def join_texts(texts: pd.Series[str], by: Sequence[pd.Series], separator: str = "; ") -> pd.Series[str]:
    """The texts of each group joined in their order, indexed by group; rows with a null key are left out.

    pandas makes a Series of each group to which it applies a function: a tenth of a millisecond each, and
    where a group is a child there are thousands.
    """
    groups = texts.groupby(list(by))
    joined: list[list[str]] = [[] for _ in range(groups.ngroups)]
    for number, text in zip(groups.ngroup().fillna(-1).astype("int64"), texts, strict=True):
        if number >= 0:
            joined[number].append(text)
    return pd.Series(map(separator.join, joined), index=groups.size().index, dtype="str", name=texts.name)
