"""Derived columns of the core tables, computed once: working days, due dates, in care or not.

What each means and rests on is declared in `schema.DERIVED`.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from cf_pipeline.contracts.lookup import lookup
from cf_pipeline.contracts.months import add_months
from cf_pipeline.history import derived_front_door as front_door
from cf_pipeline.history.versions import WITHDRAWN

Tables = dict[str, pd.DataFrame]
NOT_CARE_LEGAL_STATUS = ("V1", "V3", "V4")
ADULT_MONTHS = 18 * 12
FIRST_VISIT_DAYS, VISIT_DAYS, LONG_TERM_VISIT_DAYS = 7, 42, 91
LONG_TERM_PLANS = ("LTFOST", "RESPLMT")
CONTACT_FREQUENCY_DAYS = 56
"""Care Planning Regulations 2010, regulation 28; Care Leavers Regulations 2010, regulation 8."""


def add_derived(tables: Tables, coverage: pd.DataFrame) -> Tables:
    """The tables with every derived column of `schema.DERIVED` added."""
    tables = {
        name: _with_birth_date(rows, tables["person"]) for name, rows in tables.items() if name != "person"
    } | {"person": tables["person"]}
    known = tables | {"coverage": coverage}
    return {name: RULES[name](rows, known) if name in RULES else rows for name, rows in tables.items()}


def care_spells(tables: Tables) -> pd.DataFrame:
    """Periods of care: person_ref, start, end (first day no longer in care; missing when open)."""
    rows = tables["children_in_care"]
    rows = rows[rows["status"].ne(WITHDRAWN) & ~rows["legal_status"].isin(NOT_CARE_LEGAL_STATUS)]
    end = pd.concat([rows["cla_end_date"], rows["vanished_date"]], axis=1).min(axis=1)
    adult = add_months(rows["birth_date"], ADULT_MONTHS)
    end = pd.concat([end, adult], axis=1).min(axis=1)
    return pd.DataFrame({"person_ref": rows["person_ref"], "start": rows["cla_start_date"], "end": end})


def _with_birth_date(rows: pd.DataFrame, person: pd.DataFrame) -> pd.DataFrame:
    known = lookup(rows["person_ref"], person.set_index("person_ref")["date_of_birth"])
    own = rows["date_of_birth"] if "date_of_birth" in rows.columns else known
    return rows.assign(birth_date=own.fillna(known).astype("datetime64[us]"))


def _short_breaks(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    elsewhere = lookup(rows["person_ref"], tables["person"].set_index("person_ref")["has_disability"])
    disabled = rows["has_disability"].fillna(elsewhere).ne("N").map({True: "Y", False: "N"})
    delivered = rows["is_delivered"].ne("N").map({True: "Y", False: "N"})
    return rows.assign(is_disabled=disabled.astype("str"), is_delivered_or_unsaid=delivered.astype("str"))


def _cla_visits(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    ordered = rows.sort_values(["person_ref", "cla_visit_date", "excel_row"])
    previous = ordered.groupby("person_ref")["cla_visit_date"].shift().reindex(rows.index)
    care = tables["children_in_care"].sort_values("as_at").groupby("person_ref").last()
    long_term = lookup(rows["person_ref"], care["permanence_plan"]).isin(LONG_TERM_PLANS)
    statutory = long_term.map({True: LONG_TERM_VISIT_DAYS, False: VISIT_DAYS}).astype("Int64")
    frequency = rows["visit_frequency_days"].fillna(statutory)
    from_previous = previous + pd.to_timedelta(frequency.astype("int64"), unit="D")
    placed = lookup(rows["person_ref"], care["placement_start_date"])
    first = (placed + pd.Timedelta(days=FIRST_VISIT_DAYS)).where(
        previous.isna() & (placed <= rows["cla_visit_date"])
    )
    due = rows["cla_visit_due_date"].fillna(from_previous).fillna(first)
    other = rows["visit_type"].str.casefold().isin(["other", "non-statutory", "non statutory"])
    return rows.assign(
        visit_due_date=due.astype("datetime64[us]"),
        is_statutory=other.map({True: "N", False: "Y"}).astype("str"),
    )


def _missing_episodes(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    start = rows["missing_start"].dt.normalize()
    spells = care_spells(tables)
    pairs = (
        pd.DataFrame({"person_ref": rows["person_ref"], "day": start, "row": rows.index})
        .merge(spells, on="person_ref")
        .query("start <= day and (end.isna() or end > day)")
    )
    in_care = pd.Series(rows.index.isin(pairs["row"]), index=rows.index)
    return rows.assign(
        missing_start_date=start,
        missing_end_date=rows["missing_end"].dt.normalize(),
        missing_type_or_missing=rows["missing_type"].fillna("M"),
        is_in_care_at_start=in_care.map({True: "Y", False: "N"}).astype("str"),
    )


def _care_leavers(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    plans = tables["pathway_plans"]
    plans = plans[plans["status"].ne(WITHDRAWN) & plans["pathway_plan_review_date"].notna()]
    pairs = (
        rows[["person_ref", "as_at"]]
        .assign(row=rows.index)
        .merge(plans[["person_ref", "pathway_plan_review_date", "contact_frequency_days"]], on="person_ref")
    )
    known = pairs[pairs["pathway_plan_review_date"] <= pairs["as_at"]].sort_values("pathway_plan_review_date")
    latest = known.drop_duplicates("row", keep="last").set_index("row")
    reviewed = latest["pathway_plan_review_date"].reindex(rows.index)
    newest = pd.concat([rows["pathway_plan_review_date"], reviewed], axis=1).max(axis=1)
    frequency = latest["contact_frequency_days"].reindex(rows.index).fillna(CONTACT_FREQUENCY_DAYS)
    due = rows["latest_contact_date"] + pd.to_timedelta(frequency.astype("int64"), unit="D")
    return rows.assign(
        plan_reviewed_date=newest.astype("datetime64[us]"), contact_due_date=due.astype("datetime64[us]")
    )


RULES: dict[str, Callable[[pd.DataFrame, Tables], pd.DataFrame]] = {
    "contacts": front_door.contacts,
    "early_help_assessments": front_door.early_help_assessments,
    "early_help_referrals": front_door.early_help_referrals,
    "referrals": front_door.referrals,
    "assessments": front_door.assessments,
    "section_47_enquiries": front_door.section_47_enquiries,
    "child_protection_plans": front_door.child_protection_plans,
    "short_breaks": _short_breaks,
    "cla_visits": _cla_visits,
    "missing_episodes": _missing_episodes,
    "care_leavers": _care_leavers,
}
