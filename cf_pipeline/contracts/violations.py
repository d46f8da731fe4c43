"""What a cleaned list breaks in its contract, told in counts, never in values.

Nearly every list breaks nothing, and that is asked directly: Pandera costs a second of a large delivery. It
is loaded for a list that does not pass at once, and its word is then the word that counts.
"""

from __future__ import annotations

import pandas as pd

from cf_pipeline.contracts.codes import codes_of
from cf_pipeline.contracts.list_contract import MAY_BE_MISSING, PROVENANCE, ListContract
from cf_pipeline.contracts.lists import list_contracts


def violations(list_name: str, rows: pd.DataFrame) -> list[str]:
    """One text a column and rule with the count of rows, 'gender (code of the set): 2'; none: all is well.

    Raises:
        KeyError: no list of that name.
    """
    return [] if _is_plainly_held(list_contracts()[list_name], rows) else _told(list_name, rows)


def _is_plainly_held(contract: ListContract, rows: pd.DataFrame) -> bool:
    """Whether the rows hold all that `schemas.clean_schema` asks, seen without it; where in doubt, no."""
    dtypes = PROVENANCE | {column.name: column.dtype for column in contract.columns}
    if {str(name): str(dtype) for name, dtype in rows.dtypes.items()} != dtypes:
        return False
    if rows.columns.has_duplicates:
        return False
    never_missing = [contract.person, *(name for name in PROVENANCE if name not in MAY_BE_MISSING)]
    if any(rows[name].isna().any() for name in never_missing):
        return False
    coded = [column for column in contract.columns if column.code_set is not None]
    return all(_is_coded(rows[column.name], column.code_set or "") for column in coded)


def _is_coded(cells: pd.Series[str], code_set: str) -> bool:
    return bool((cells.isin([code.code for code in codes_of(code_set)]) | cells.isna()).all())


def _told(list_name: str, rows: pd.DataFrame) -> list[str]:
    from pandera.errors import SchemaErrors  # noqa: PLC0415 - a third of a second, for a list that fails

    from cf_pipeline.contracts.schemas import clean_schema  # noqa: PLC0415

    told: list[str] = []
    try:
        clean_schema(list_name).validate(rows, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
        counts = cases.groupby([cases["column"].astype(str), cases["check"].astype(str)]).size()
        told = [f"{column} ({check}): {count}" for (column, check), count in counts.items()]
    return told
