"""Derived columns about children in care, missing children and care leavers.

What each means and rests on is declared in `columns.DERIVED`.
"""

from __future__ import annotations

import pandas as pd

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.months import add_months
from cf_pipeline.history.derived.repeats import is_return
from cf_pipeline.history.derived.reviews import care_reviewed_until
from cf_pipeline.history.merge.status import WITHDRAWN

Tables = dict[str, pd.DataFrame]
FIRST_VISIT_DAYS, VISIT_DAYS, LONG_TERM_VISIT_DAYS = 7, 42, 91
LONG_TERM_PLANS = ("LTFOST", "RESPLMT")
CONTACT_FREQUENCY_DAYS = 56
"""Care Planning Regulations 2010, regulation 28; Care Leavers Regulations 2010, regulation 8."""
YES_NO = {True: "Y", False: "N"}


def care_spells(tables: Tables) -> pd.DataFrame:
    """Periods of care: person_ref, start, end (first day no longer in care; missing when open)."""
    contract, rows = list_contracts()["children_in_care"], tables["children_in_care"]
    rows = rows[rows["status"].ne(WITHDRAWN) & contract.is_counted(rows)]
    end = pd.concat([rows["cla_end_date"], rows["vanished_date"]], axis=1).min(axis=1)
    adult = add_months(rows["birth_date"], (contract.until_age or 0) * 12)
    end = pd.concat([end, adult], axis=1).min(axis=1)
    return pd.DataFrame({"person_ref": rows["person_ref"], "start": rows["cla_start_date"], "end": end})


def derive_children_in_care(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Periods of care with is_return_12m and reviewed_until_date."""
    said = rows["second_or_subsequent_period_12m"].where(rows["second_or_subsequent_period_12m"].ne("U"))
    of_care, of_reviews = (
        tables["coverage"][tables["coverage"]["list"].eq(name)]
        for name in ("children_in_care", "cla_reviews")
    )
    care = rows[list_contracts()["children_in_care"].is_counted(rows)]
    return rows.assign(
        is_return_12m=is_return(rows, care, "cla_start_date", "cla_end_date", of_care, said),
        reviewed_until_date=care_reviewed_until(rows, tables["cla_reviews"], of_reviews),
    )


def derive_cla_visits(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Visits with visit_due_date and is_statutory."""
    made = rows.loc[rows["status"].ne(WITHDRAWN), ["person_ref", "cla_visit_date"]]
    previous = _latest_day(rows, made, is_before=True)
    spells = tables["children_in_care"]
    spells = spells[spells["status"].ne(WITHDRAWN)]
    placed = _latest_day(rows, spells[["person_ref", "placement_start_date"]], is_before=False)
    statutory = _is_long_term(rows, spells).map({True: LONG_TERM_VISIT_DAYS, False: VISIT_DAYS})
    frequency = rows["visit_frequency_days"].fillna(statutory.astype("Int64"))
    from_previous = previous + pd.to_timedelta(frequency.astype("int64"), unit="D")
    first = (placed + pd.Timedelta(days=FIRST_VISIT_DAYS)).where(previous.isna())
    due = rows["cla_visit_due_date"].fillna(from_previous).fillna(first)
    other = rows["visit_type"].str.casefold().isin(["other", "non-statutory", "non statutory"])
    return rows.assign(
        visit_due_date=due.astype("datetime64[us]"),
        is_statutory=other.map({True: "N", False: "Y"}).astype("str"),
    )


def _is_long_term(visits: pd.DataFrame, spells: pd.DataFrame) -> pd.Series:
    """Whether the plan of the period of care that began last before each visit is a long-term placement."""
    period = ["person_ref", "cla_start_date"]
    known = spells.dropna(subset=period)
    plans = known.sort_values([*period, "record_key"]).drop_duplicates(period, keep="last")
    began = _latest_day(visits, spells[period], is_before=False)
    asked = pd.MultiIndex.from_arrays([visits["person_ref"], began])
    plan = plans.set_index(period)["permanence_plan"].reindex(asked)
    return plan.isin(LONG_TERM_PLANS).set_axis(visits.index)


def _latest_day(visits: pd.DataFrame, days: pd.DataFrame, is_before: bool) -> pd.Series:
    """The child's latest of some days up to each visit (or strictly before it), on the visits' index.

    Args:
        visits: person_ref and cla_visit_date.
        days: person_ref and a date.
        is_before: whether a day that is the visit's own does not count.
    """
    day = days.columns[-1]
    known = days.dropna().drop_duplicates().rename(columns={day: "day"}).sort_values("day")
    dated = visits["cla_visit_date"].dropna().sort_values().rename("visit")
    asked = pd.DataFrame({"person_ref": visits["person_ref"][dated.index], "visit": dated})
    found = pd.merge_asof(
        asked, known, left_on="visit", right_on="day", by="person_ref", allow_exact_matches=not is_before
    )
    return found["day"].set_axis(asked.index).reindex(visits.index)


def derive_missing_episodes(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Episodes with their days and hours, whether the child was in care, and the one after."""
    start = rows["missing_start"].dt.normalize()
    spells = care_spells(tables)
    pairs = (
        pd.DataFrame({"person_ref": rows["person_ref"], "day": start, "row": rows.index})
        .merge(spells, on="person_ref")
        .query("start <= day and (end.isna() or end > day)")
    )
    in_care = pd.Series(rows.index.isin(pairs["row"]), index=rows.index)
    hours = (rows["missing_end"] - rows["missing_start"]).dt.total_seconds() / 3600
    rows = rows.assign(
        missing_start_date=start,
        missing_end_date=rows["missing_end"].dt.normalize(),
        missing_hours=hours.astype("Float64"),
        missing_type_or_missing=rows["missing_type"].fillna("M"),
        is_in_care_at_start=in_care.map(YES_NO).astype("str"),
    )
    counts = in_care & rows["missing_type_or_missing"].eq("M") & rows["status"].ne(WITHDRAWN)
    # The order in which a child's first episode of a period is told.
    ordered = rows[counts].sort_values(["person_ref", "missing_start_date", "record_key"])
    after = ordered.groupby("person_ref")["missing_start_date"].shift(-1)
    return rows.assign(next_missing_date=after.reindex(rows.index).astype("datetime64[us]"))


def derive_care_leavers(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Care leavers with plan_reviewed_date, contact_due_date and has_personal_adviser."""
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
        plan_reviewed_date=newest.astype("datetime64[us]"),
        contact_due_date=due.astype("datetime64[us]"),
        has_personal_adviser=rows["allocated_personal_advisor"].map(YES_NO).astype("str"),
    )
