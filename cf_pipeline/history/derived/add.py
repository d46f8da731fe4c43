"""Add the derived columns of the core tables that `derived_columns.DERIVED_COLUMNS` declares."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from cf_pipeline.contracts.lookup import lookup
from cf_pipeline.contracts.tables.no_rows import no_rows
from cf_pipeline.history.derived import front_door
from cf_pipeline.history.derived.adoption import derive_adoptions
from cf_pipeline.history.derived.care import (
    derive_care_leavers,
    derive_children_in_care,
    derive_cla_visits,
    derive_missing_episodes,
)
from cf_pipeline.history.derived.referral_links import referral_links
from cf_pipeline.history.tables.derived_columns import DERIVED_COLUMNS

Tables = dict[str, pd.DataFrame]


def add_derived_columns(tables: Tables, coverage: pd.DataFrame) -> Tables:
    """The tables with their derived columns.

    Args:
        tables: the merged lists and `person`, by name.
        coverage: the days and columns that each delivery covers, by list.
    """
    person = tables["person"]
    lists = {name: rows for name, rows in tables.items() if name != "person"}
    tables = add_birth_dates(lists, person) | {"person": person}
    inputs = tables | {"coverage": coverage, "referral_links": referral_links(tables)}
    return {name: _derive_list(name, rows, inputs) for name, rows in tables.items()}


def add_birth_dates(lists: Tables, person: pd.DataFrame) -> Tables:
    """The lists with `birth_date`: their own date of birth, else that of `person`."""
    birth_dates = person.set_index("person_ref")["date_of_birth"]
    return {name: _add_birth_date(rows, birth_dates) for name, rows in lists.items()}


def _derive_list(name: str, rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    if rows.empty:
        empty = no_rows({column.name: column.dtype for column in DERIVED_COLUMNS.get(name, ())})
        return rows.assign(**{column: empty[column] for column in empty.columns})
    return DERIVATIONS[name](rows, tables) if name in DERIVATIONS else rows


def _add_birth_date(rows: pd.DataFrame, birth_dates: pd.Series) -> pd.DataFrame:
    """The rows with `birth_date`: the list's own, else that of `person`."""
    if rows.empty:
        return rows.assign(birth_date=birth_dates.iloc[:0].reset_index(drop=True))
    own = rows["date_of_birth"] if "date_of_birth" in rows.columns else None
    if own is None or own.isna().any():
        from_person = lookup(rows["person_ref"], birth_dates)
        own = from_person if own is None else own.fillna(from_person)
    return rows.assign(birth_date=own.astype("datetime64[us]"))


def _derive_short_breaks(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Short breaks with is_disabled and is_delivered_or_unsaid."""
    person_flag = lookup(rows["person_ref"], tables["person"].set_index("person_ref")["has_disability"])
    is_disabled = rows["has_disability"].fillna(person_flag).ne("N").map({True: "Y", False: "N"})
    is_delivered = rows["is_delivered"].ne("N").map({True: "Y", False: "N"})
    return rows.assign(
        is_disabled=is_disabled.astype("str"), is_delivered_or_unsaid=is_delivered.astype("str")
    )


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
