"""Merge what all lists hold about each child into `core/person`, one row a child (docs/rulings.md#8).

A known value wins over an unknown one. Then the newest delivery wins, then the list that ranks first
(`demographics_rank` in its contract). Demographics that a list lacks are filled from this table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.contracts.list_contract import CHILD_ID, DEMOGRAPHICS, DTYPES
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.history.merge.record_groups import first_positions, join_numbers

PERSON = table_contract("core/person")
UNRANKED = 1_000
"""The rank of a list whose contract gives it none: after all that have one."""
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class _Claims:
    """What rows of the lists say of one demographic, a known value each.

    `person`: the number of the child. `precedence`: the rank of the list. `value`: the number of the value in
    `distinct`, which are sorted.
    """

    person: Numbers
    as_at: Numbers
    precedence: Numbers
    value: Numbers
    distinct: pd.Index

    def is_unknown(self, codes: tuple[str, ...]) -> npt.NDArray[np.bool_]:
        """Which of them say that the value is not known."""
        return np.asarray(self.distinct.isin(codes), dtype=bool)[self.value]


def merge_people(lists: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """One row a child that is in any list of children.

    Args:
        lists: rows by list with person_ref, child_id and as_at.

    Returns:
        The columns of `PERSON`; sorted by person_ref.
    """
    children = _lists_of_children(lists)
    if not children:
        return PERSON.empty()
    persons, refs = _number_children(children)
    ids = pd.concat([rows[CHILD_ID] for rows in children.values()], ignore_index=True)
    columns = {"person_ref": refs, CHILD_ID: ids.array.take(first_positions(np.concatenate(persons)))}
    for name, demographic in DEMOGRAPHICS.items():
        claims = _claims(children, persons, name)
        best = _best_values(claims, demographic.unknown_codes, len(refs))
        columns[name] = claims.distinct.array.take(best, allow_fill=True)
    return PERSON.cast(pd.DataFrame(columns))


def find_conflicts(lists: dict[str, pd.DataFrame]) -> dict[str, set[str]]:
    """Demographic -> person_ref of the children whose newest known values differ between lists."""
    children = _lists_of_children(lists)
    if not children:
        return {name: set() for name in DEMOGRAPHICS}
    persons, refs = _number_children(children)
    return {
        name: set(
            refs[_is_in_conflict(_claims(children, persons, name), demographic.unknown_codes, len(refs))]
        )
        for name, demographic in DEMOGRAPHICS.items()
    }


def _lists_of_children(lists: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    contracts = list_contracts()
    return {name: rows for name, rows in lists.items() if contracts[name].is_about_children and len(rows)}


def _number_children(lists: dict[str, pd.DataFrame]) -> tuple[list[Numbers], pd.Index]:
    """The number of the child of each row, list by list; by number, in their order, the person_refs."""
    refs = [rows["person_ref"] for rows in lists.values()]
    numbers, distinct = pd.factorize(pd.concat(refs, ignore_index=True), sort=True)
    return np.split(numbers, np.cumsum([len(own) for own in refs])[:-1]), distinct


def _claims(lists: dict[str, pd.DataFrame], persons: list[Numbers], name: str) -> _Claims:
    """What the rows of all lists that have a demographic say of it."""
    contracts = list_contracts()
    dtype: Any = DTYPES[DEMOGRAPHICS[name].type]
    holders = [
        (rows, person, contracts[each].demographics_rank or UNRANKED)
        for (each, rows), person in zip(lists.items(), persons, strict=True)
        if name in contracts[each].demographics
    ]
    cells = [pd.Series(dtype=dtype), *(rows[name].astype(dtype) for rows, *_ in holders)]
    value, distinct = pd.factorize(pd.concat(cells, ignore_index=True), sort=True)
    days = [rows["as_at"].to_numpy(dtype="datetime64[us]").view("int64") for rows, *_ in holders]
    nothing, is_known = np.zeros(0, dtype="int64"), value >= 0
    return _Claims(
        np.concatenate([nothing, *(person for _, person, _ in holders)])[is_known],
        np.concatenate([nothing, *days])[is_known],
        np.repeat([rank for *_, rank in holders] or nothing, [len(rows) for rows, *_ in holders])[is_known],
        value[is_known],
        distinct,
    )


def _best_values(claims: _Claims, unknown_codes: tuple[str, ...], children_count: int) -> Numbers:
    """The number of the value of each child that wins; -1 where none is known."""
    is_unknown = claims.is_unknown(unknown_codes)
    order = np.lexsort([claims.value, claims.precedence, -claims.as_at, is_unknown])
    best = np.full(children_count, -1)
    best[claims.person[order[::-1]]] = claims.value[order[::-1]]  # of several the last assignment wins
    return best


def _is_in_conflict(
    claims: _Claims, unknown_codes: tuple[str, ...], children_count: int
) -> npt.NDArray[np.bool_]:
    """Which children have several known values on the newest day on which one is known."""
    is_known = ~claims.is_unknown(unknown_codes)
    person, as_at, value = (each[is_known] for each in (claims.person, claims.as_at, claims.value))
    newest = np.full(children_count, np.iinfo(np.int64).min)
    np.maximum.at(newest, person, as_at)
    is_newest = as_at == newest[person]
    of_value = first_positions(join_numbers(person[is_newest], value[is_newest]))
    return np.bincount(person[is_newest][of_value], minlength=children_count) > 1
