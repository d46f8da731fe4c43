"""One row a child: the demographics that lists lack are filled from here.

Where lists disagree, the newest delivery wins, then the list by the sector's precedence, and a known
value beats an unknown one (reference on messy input, rule 57).
"""

from __future__ import annotations

import pandas as pd

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.lookup import lookup
from cf_pipeline.contracts.no_rows import no_rows

PRECEDENCE = (
    "children_in_care",
    "child_protection_plans",
    "children_in_need",
    "care_leavers",
    "assessments",
    "section_47_enquiries",
    "referrals",
    "contacts",
    "early_help_assessments",
    "adoptions",
    "short_breaks",
)
ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "date_of_birth": (),
    "gender": ("U",),
    "ethnicity": ("REFU", "NOBT"),
    "has_disability": ("U",),
}
"""Each attribute and the codes that say it is not known."""


def people(lists: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """One row a child of any list of children.

    Args:
        lists: rows by list with person_ref, child_id and as_at.

    Returns:
        person_ref, child_id, date_of_birth, gender, ethnicity, has_disability; sorted by person_ref.
    """
    children = {name: rows for name, rows in lists.items() if list_contracts()[name].person == "child_id"}
    frames = [rows[["person_ref", "child_id"]] for rows in children.values() if len(rows)]
    if not frames:
        columns = {"person_ref": "str", "child_id": "str", "date_of_birth": "datetime64[us]"}
        columns |= dict.fromkeys(("gender", "ethnicity", "has_disability"), "str")
        return no_rows(columns)
    everyone = pd.concat(frames).drop_duplicates("person_ref").sort_values("person_ref", ignore_index=True)
    for attribute, unknown in ATTRIBUTES.items():
        everyone[attribute] = lookup(everyone["person_ref"], _best(children, attribute, unknown))
    return everyone.astype({"date_of_birth": "datetime64[us]"})


def conflicts(lists: dict[str, pd.DataFrame], attribute: str) -> pd.Series:
    """person_ref of children for whom the newest values of lists disagree on a known attribute."""
    unknown = ATTRIBUTES[attribute]
    claims = _claims(lists, attribute)
    known = claims[claims["value"].notna() & ~claims["value"].isin(unknown)]
    newest = known[known["as_at"].eq(known.groupby("person_ref")["as_at"].transform("max"))]
    values = newest.groupby("person_ref")["value"].nunique()
    return pd.Series(values[values > 1].index, dtype="str")


def _best(lists: dict[str, pd.DataFrame], attribute: str, unknown: tuple[str, ...]) -> pd.Series:
    claims = _claims(lists, attribute)
    claims["is_unknown"] = claims["value"].isin(unknown)
    claims = claims[claims["value"].notna()]
    ordered = claims.sort_values(
        ["is_unknown", "as_at", "precedence", "value"], ascending=[True, False, True, True]
    )
    return ordered.groupby("person_ref")["value"].first()


def _claims(lists: dict[str, pd.DataFrame], attribute: str) -> pd.DataFrame:
    parts = [
        rows[["person_ref", "as_at"]].assign(value=rows[attribute], precedence=PRECEDENCE.index(name))
        for name, rows in lists.items()
        if name in PRECEDENCE and attribute in rows.columns
    ]
    filled = [part for part in parts if len(part)] or parts[:1]
    return pd.concat(filled).drop_duplicates()
