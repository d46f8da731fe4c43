"""The Pandera schema of a cleaned list, made from its contract."""

from __future__ import annotations

from functools import cache

import pandera.pandas as pa

from cf_pipeline.contracts.codes import codes_of
from cf_pipeline.contracts.list_contract import MAY_BE_MISSING, PROVENANCE, UNREAD_DATES, Column
from cf_pipeline.contracts.lists import list_contracts


@cache
def clean_schema(list_name: str) -> pa.DataFrameSchema:
    """The schema of a cleaned list.

    Every contract column with its dtype, codes of its code set only, the person's id and the provenance
    never null, and no other column.

    Raises:
        KeyError: no list of that name.
    """
    contract = list_contracts()[list_name]
    provenance = {
        name: pa.Column(dtype, nullable=name in MAY_BE_MISSING) for name, dtype in PROVENANCE.items()
    }
    columns = {
        column.name: _column(column, is_person=column.name == contract.person) for column in contract.columns
    }
    return pa.DataFrameSchema(
        provenance | columns | {UNREAD_DATES: pa.Column("str", nullable=True)}, strict=True, name=list_name
    )


def _column(column: Column, *, is_person: bool) -> pa.Column:
    checks = []
    if column.code_set is not None:
        codes = [code.code for code in codes_of(column.code_set)]
        checks.append(pa.Check.isin(codes, error="code of the set"))
    return pa.Column(column.dtype, checks, nullable=not is_person, name=column.name)
