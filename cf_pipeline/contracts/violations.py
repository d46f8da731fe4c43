"""Where a cleaned list breaks its contract: counts by column and rule, never a cell's value.

Fast path: check types, nulls and codes directly. Only on failure run Pandera, which takes a second for a
large delivery; its result is then authoritative.
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from cf_pipeline.contracts.codes import codes_of
from cf_pipeline.contracts.list_contract import MAY_BE_MISSING, PROVENANCE, ListContract
from cf_pipeline.contracts.lists import list_contracts


def violations(list_name: str, rows: pd.DataFrame) -> list[str]:
    """One text for each broken column and rule, with the count of rows: 'gender (code of the set): 2'.

    An empty list when the rows meet the contract.

    Raises:
        KeyError: no list of that name.
    """
    return [] if _meets_contract(list_contracts()[list_name], rows) else _pandera_violations(list_name, rows)


def _meets_contract(contract: ListContract, rows: pd.DataFrame) -> bool:
    """Whether the rows pass the checks of `schemas.clean_schema`; False also when that is not certain."""
    if {str(name): str(dtype) for name, dtype in rows.dtypes.items()} != contract.dtypes:
        return False
    if rows.columns.has_duplicates:
        return False
    never_missing = [contract.person, *(name for name in PROVENANCE if name not in MAY_BE_MISSING)]
    if any(rows[name].array.isna().any() for name in never_missing):
        return False
    coded = [column for column in contract.columns if column.code_set is not None]
    return all(_is_coded(rows[column.name], column.code_set or "") for column in coded)


def _is_coded(cells: pd.Series[str], code_set: str) -> bool:
    return _codes(code_set).issuperset(cells.array.unique().dropna().tolist())


@cache
def _codes(code_set: str) -> frozenset[str]:
    return frozenset(code.code for code in codes_of(code_set))


def _pandera_violations(list_name: str, rows: pd.DataFrame) -> list[str]:
    from pandera.errors import SchemaErrors  # noqa: PLC0415 - a third of a second, for a list that fails

    from cf_pipeline.contracts.schemas import clean_schema  # noqa: PLC0415

    broken: list[str] = []
    try:
        clean_schema(list_name).validate(rows, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
        counts = cases.groupby([cases["column"].astype(str), cases["check"].astype(str)]).size()
        broken = [f"{column} ({check}): {count}" for (column, check), count in counts.items()]
    return broken
