"""Merge what all lists hold about each child into `core/person`, one row a child (docs/rulings.md#8).

A known value wins over an unknown one. Then the newest delivery wins, then the list that ranks first
(`demographics_rank` in its contract). Demographics that a list lacks are filled from this table.
"""

from __future__ import annotations

import pandas as pd

from cf_pipeline.contracts.list_contract import CHILD_ID, DEMOGRAPHICS, DTYPES
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.lookup import lookup
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.contracts.tables.no_rows import no_rows

PERSON = table_contract("core/person")
UNRANKED = 1_000
"""The rank of a list whose contract gives it none: after all that have one."""
CLAIM_DTYPES: dict[str, str] = {
    "person_ref": "str",
    "as_at": "datetime64[us]",
    "precedence": "int64",
    **{name: DTYPES[demographic.type] for name, demographic in DEMOGRAPHICS.items()},
}
"""The demographics of a child in one row of a list, with its as-at date and the rank of the list."""


def merge_people(lists: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """One row a child that is in any list of children.

    Args:
        lists: rows by list with person_ref, child_id and as_at.

    Returns:
        The columns of `PERSON`; sorted by person_ref.
    """
    children = {name: rows for name, rows in lists.items() if list_contracts()[name].is_about_children}
    frames = [rows[["person_ref", CHILD_ID]] for rows in children.values() if len(rows)]
    if not frames:
        return PERSON.empty()
    person = pd.concat(frames).drop_duplicates("person_ref").sort_values("person_ref", ignore_index=True)
    claims = _claims(children)
    for name, demographic in DEMOGRAPHICS.items():
        person[name] = lookup(person["person_ref"], _best_values(claims, name, demographic.unknown_codes))
    return PERSON.cast(person)


def find_conflicts(lists: dict[str, pd.DataFrame]) -> dict[str, set[str]]:
    """Demographic -> person_ref of the children whose newest known values differ between lists."""
    claims = _claims(lists)
    return {
        name: _children_in_conflict(claims, name, demographic.unknown_codes)
        for name, demographic in DEMOGRAPHICS.items()
    }


def _children_in_conflict(claims: pd.DataFrame, name: str, unknown_codes: tuple[str, ...]) -> set[str]:
    claims = claims[claims[name].notna() & ~claims[name].isin(unknown_codes)]
    newest = claims[claims["as_at"].eq(claims.groupby("person_ref")["as_at"].transform("max"))]
    values = newest.groupby("person_ref")[name].nunique()
    return set(values[values > 1].index)


def _best_values(claims: pd.DataFrame, name: str, unknown_codes: tuple[str, ...]) -> pd.Series:
    """person_ref -> the value of a demographic that wins."""
    claims = claims.loc[claims[name].notna(), ["person_ref", "as_at", "precedence", name]]
    claims = claims.drop_duplicates().assign(is_unknown=lambda rows: rows[name].isin(unknown_codes))
    best_first = claims.sort_values(
        ["is_unknown", "as_at", "precedence", name], ascending=[True, False, True, True]
    )
    return best_first.drop_duplicates("person_ref").set_index("person_ref")[name]


def _claims(lists: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The rows of all lists of children, columns of `CLAIM_DTYPES`; what a list lacks is missing."""
    parts = []
    for name, rows in lists.items():
        contract = list_contracts()[name]
        if contract.is_about_children and contract.demographics and len(rows):
            columns = [column for column in CLAIM_DTYPES if column in rows.columns]
            parts.append(rows[columns].assign(precedence=contract.demographics_rank or UNRANKED))
    return pd.concat([no_rows(CLAIM_DTYPES), *parts], ignore_index=True)
