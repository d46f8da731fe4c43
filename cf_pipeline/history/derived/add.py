"""Derived columns of the core tables, computed once: working days, due dates, in care or not.

What each means and rests on is declared in `columns.DERIVED`.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from cf_pipeline.contracts.lookup import lookup
from cf_pipeline.history.derived import front_door
from cf_pipeline.history.derived.adoption import derive_adoptions
from cf_pipeline.history.derived.care import (
    derive_care_leavers,
    derive_children_in_care,
    derive_cla_visits,
    derive_missing_episodes,
)
from cf_pipeline.history.tables.derived_columns import DERIVED

Tables = dict[str, pd.DataFrame]


def add_derived_columns(tables: Tables, coverage: pd.DataFrame) -> Tables:
    """The tables with every derived column of `columns.DERIVED` added."""
    person = tables["person"]
    born = person.set_index("person_ref")["date_of_birth"]
    lists = {name: _with_birth_date(rows, born) for name, rows in tables.items() if name != "person"}
    tables = lists | {"person": person}
    known = tables | {"coverage": coverage}
    return {name: _derive_list(name, rows, known) for name, rows in tables.items()}


def _derive_list(name: str, rows: pd.DataFrame, known: Tables) -> pd.DataFrame:
    if rows.empty:
        return rows.assign(**{one.name: pd.Series(dtype=one.dtype) for one in DERIVED.get(name, ())})
    return DERIVATIONS[name](rows, known) if name in DERIVATIONS else rows


def _with_birth_date(rows: pd.DataFrame, born: pd.Series) -> pd.DataFrame:
    known = lookup(rows["person_ref"], born)
    own = rows["date_of_birth"] if "date_of_birth" in rows.columns else known
    return rows.assign(birth_date=own.fillna(known).astype("datetime64[us]"))


def _derive_short_breaks(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    elsewhere = lookup(rows["person_ref"], tables["person"].set_index("person_ref")["has_disability"])
    disabled = rows["has_disability"].fillna(elsewhere).ne("N").map({True: "Y", False: "N"})
    delivered = rows["is_delivered"].ne("N").map({True: "Y", False: "N"})
    return rows.assign(is_disabled=disabled.astype("str"), is_delivered_or_unsaid=delivered.astype("str"))


DERIVATIONS: dict[str, Callable[[pd.DataFrame, Tables], pd.DataFrame]] = {
    "contacts": front_door.derive_contacts,
    "early_help_assessments": front_door.derive_early_help_assessments,
    "early_help_referrals": front_door.derive_early_help_referrals,
    "referrals": front_door.derive_referrals,
    "assessments": front_door.derive_assessments,
    "section_47_enquiries": front_door.derive_section_47_enquiries,
    "child_protection_plans": front_door.derive_child_protection_plans,
    "short_breaks": _derive_short_breaks,
    "children_in_care": derive_children_in_care,
    "cla_visits": derive_cla_visits,
    "missing_episodes": derive_missing_episodes,
    "care_leavers": derive_care_leavers,
    "adoptions": derive_adoptions,
}
