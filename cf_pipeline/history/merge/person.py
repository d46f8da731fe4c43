"""One row a child: the demographics that lists lack are filled from here.

Where lists disagree, the newest delivery wins, then the list by the sector's precedence, and a known
value beats an unknown one (reference on messy input, rule 57).
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
"""The precedence of a list whose contract gives it no rank: after all that have one."""
CLAIMS: dict[str, str] = {
    "person_ref": "str",
    "as_at": "datetime64[us]",
    "precedence": "int64",
    **{name: DTYPES[demographic.type] for name, demographic in DEMOGRAPHICS.items()},
}
"""What the row of a list says of a child, how new it is and how the list ranks."""


def people(lists: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """One row a child of any list of children.

    Args:
        lists: rows by list with person_ref, child_id and as_at.

    Returns:
        The columns of `PERSON`; sorted by person_ref.
    """
    children = {name: rows for name, rows in lists.items() if list_contracts()[name].is_about_children}
    frames = [rows[["person_ref", CHILD_ID]] for rows in children.values() if len(rows)]
    if not frames:
        return PERSON.empty()
    everyone = pd.concat(frames).drop_duplicates("person_ref").sort_values("person_ref", ignore_index=True)
    said = _claims(children)
    for name, demographic in DEMOGRAPHICS.items():
        everyone[name] = lookup(everyone["person_ref"], _best(said, name, demographic.unknown_codes))
    return PERSON.cast(everyone)


def conflicts(lists: dict[str, pd.DataFrame]) -> dict[str, set[str]]:
    """For each attribute the person_ref of children for whom the newest values of lists disagree on it."""
    said = _claims(lists)
    return {
        name: _conflicts(said, name, demographic.unknown_codes) for name, demographic in DEMOGRAPHICS.items()
    }


def _conflicts(said: pd.DataFrame, attribute: str, unknown: tuple[str, ...]) -> set[str]:
    known = said[said[attribute].notna() & ~said[attribute].isin(unknown)]
    newest = known[known["as_at"].eq(known.groupby("person_ref")["as_at"].transform("max"))]
    values = newest.groupby("person_ref")[attribute].nunique()
    return set(values[values > 1].index)


def _best(said: pd.DataFrame, attribute: str, unknown: tuple[str, ...]) -> pd.Series:
    known = said.loc[said[attribute].notna(), ["person_ref", "as_at", "precedence", attribute]]
    known = known.drop_duplicates().assign(is_unknown=lambda rows: rows[attribute].isin(unknown))
    ordered = known.sort_values(
        ["is_unknown", "as_at", "precedence", attribute], ascending=[True, False, True, True]
    )
    return ordered.drop_duplicates("person_ref").set_index("person_ref")[attribute]


def _claims(lists: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The columns of CLAIMS, one row a row of a list; what a list does not say is missing."""
    parts = []
    for name, rows in lists.items():
        contract = list_contracts()[name]
        if contract.is_about_children and contract.demographics and len(rows):
            columns = [column for column in CLAIMS if column in rows.columns]
            parts.append(rows[columns].assign(precedence=contract.demographics_rank or UNRANKED))
    return pd.concat([no_rows(CLAIMS), *parts], ignore_index=True)
