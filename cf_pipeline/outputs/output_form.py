"""What an output form is: the files that it writes for each authority, and how it makes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

import pandas as pd

from cf_pipeline.contracts.authorities import Authority

RowsByTable: TypeAlias = Mapping[str, Mapping[str, object]]
"""Table -> the values that columns of its rows must have: a value, or a list of them."""


class Source(Enum):
    """Where the tables of a form come from."""

    PUBLISHED = "tables of published_v1: of one authority, and those that all authorities share"
    DATA_QUALITY = "the tables of one authority's issues, as quality.workbook_tables prepares them"


@dataclass(frozen=True)
class FormInput:
    """What a form is made from, for one authority.

    `tables`: by name, from the form's source. `wording_limits`: the council's limits of "similar", "slightly
    higher" and the like, by the names of the settings under `phrases`. `is_restricted`: whether the edition
    may show the case system's own id of a child.
    """

    authority: Authority
    tables: Mapping[str, pd.DataFrame]
    wording_limits: Mapping[str, float]
    is_restricted: bool = False


@dataclass(frozen=True)
class Edition:
    """One file of a form.

    `file_name`: its path below the authority's folder of outputs. `title`: what the table of a run calls it.
    `content` and `readers`: what is in it and for whom, in the words of the README's table.
    """

    file_name: str
    title: str
    content: str
    readers: str
    is_restricted: bool = False


def _every_row(_: str) -> RowsByTable:
    return {}


@dataclass(frozen=True)
class OutputForm:
    """One output form.

    `name`: its asset is `outputs/<name>`. `description` and `kinds`: the words and badges that Dagster shows.
    `render`: the content of one file. `tables`: those of `published_v1` that a form of that source reads,
    each with the values that columns must have (a value, or a list of them); of an authority's own tables it
    gets that authority's rows. A file is written again when one of these rows is another. `rows_of_quarter`:
    the key of the authority's latest quarter -> more such values, for rows that a file of that quarter shows.
    """

    name: str
    description: str
    kinds: frozenset[str]
    source: Source
    editions: tuple[Edition, ...]
    render: Callable[[FormInput], bytes]
    tables: RowsByTable = field(default_factory=dict)
    rows_of_quarter: Callable[[str], RowsByTable] = _every_row
