"""Which set the categories of a breakdown, or the bands of a distribution, belong to.

A set is a code set of `contracts/data/codes.csv`, `duration`, `age_band`, the column of numbers that bands
are made from, or, where the categories are texts of the council's own, the column of texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from cf_pipeline.contracts.codes import code_sets
from cf_pipeline.contracts.list_contract import DEMOGRAPHICS
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.kpi.definitions.registry import Kpi
from cf_pipeline.kpi.definitions.sides import AT_END

BAND, DURATION = "band", "duration"
PERSON_BREAKDOWNS = {"gender": "gender", "ethnicity": "ethnicity", "disability": "has_disability"}
"""The column of `core/person` of each breakdown that every list about children has."""


def band_code_set(kpi: Kpi) -> str | None:
    """The set of a KPI's bands; None when it is no distribution."""
    if kpi.band is None:
        return None
    if kpi.band.start is not None:
        return DURATION
    if kpi.band.number is not None:
        return kpi.band.number
    return _code_set_of_column(str(kpi.band.codes).removeprefix(AT_END), _tables(kpi))


def breakdown_code_sets(registry: Mapping[str, Kpi]) -> dict[str, str]:
    """The set of each breakdown of some KPIs, other than 'band'; 'age_band' and 'team' are their own."""
    tables: dict[str, tuple[str, ...]] = {}
    for kpi in registry.values():
        for breakdown in kpi.breakdowns:
            tables[breakdown] = (*tables.get(breakdown, ()), *_tables(kpi))
    return {name: _code_set_of_column(name, tables[name]) for name in tables if name != BAND}


def _tables(kpi: Kpi) -> tuple[str, ...]:
    return tuple(part.table for part in kpi.numerator.parts)


@cache
def _code_set_of_column(name: str, tables: tuple[str, ...]) -> str:
    """The code set of a column of some lists, else the column's own name."""
    if name in PERSON_BREAKDOWNS:
        return DEMOGRAPHICS[PERSON_BREAKDOWNS[name]].code_set or name
    contracts = [list_contracts()[table] for table in tables if table in list_contracts()]
    found = (column.code_set for contract in contracts for column in contract.columns if column.name == name)
    return next((code_set for code_set in found if code_set in code_sets()), None) or name
