"""Derived columns of children in care, their visits, missing episodes and care leavers."""

from __future__ import annotations

import pandas as pd

from cf_pipeline.clean.unread_dates import is_unread
from cf_pipeline.contracts.dates.birthdays import birthday
from cf_pipeline.contracts.dates.quarters import latest_quarter_ends
from cf_pipeline.contracts.list_contract import UNREAD_DATES
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.derived.repeats import is_return
from cf_pipeline.history.derived.reviews import known_until, reviewed_until
from cf_pipeline.history.merge.status import WITHDRAWN

Tables = dict[str, pd.DataFrame]
FIRST_VISIT_DAYS, VISIT_DAYS, LONG_TERM_VISIT_DAYS = 7, 42, 91
"""Care Planning, Placement and Case Review Regulations 2010, regulation 28; docs/rulings.md#10."""
LONG_TERM_PLANS = ("LTFOST", "RESPLMT")
CONTACT_FREQUENCY_DAYS = 56
"""Care Leavers Regulations 2010, regulation 8; docs/rulings.md#6."""
YES_NO = {True: "Y", False: "N"}


def care_spells(tables: Tables) -> pd.DataFrame:
    """Periods of care: person_ref, start, end (the first day no longer in care; missing when open).

    A period ends at the latest on the birthday on which care ends (docs/rulings.md#17), and where the record
    vanished from a later delivery. Short breaks are no care (docs/rulings.md#7). A period whose end cannot be
    read is left out (docs/rulings.md#22).
    """
    contract, rows = list_contracts()["children_in_care"], tables["children_in_care"]
    is_care = rows["status"].ne(WITHDRAWN) & contract.is_counted(rows)
    is_care &= ~is_unread(rows[UNREAD_DATES], contract.ends)
    columns = ["person_ref", "cla_start_date", "cla_end_date", "vanished_date", "birth_date"]
    rows = rows[columns][is_care]
    last_birthday = birthday(rows["birth_date"], contract.until_age or 0)
    end = pd.concat([rows["cla_end_date"], rows["vanished_date"], last_birthday], axis=1).min(axis=1)
    return pd.DataFrame({"person_ref": rows["person_ref"], "start": rows["cla_start_date"], "end": end})


def derive_children_in_care(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Periods of care with is_return_12m and reviewed_until_date."""
    delivered_flag = rows["second_or_subsequent_period_12m"]
    delivered_flag = delivered_flag.where(delivered_flag.ne("U"))
    care_covers = tables["coverage"][tables["coverage"]["list"].eq("children_in_care")]
    is_counted = list_contracts()["children_in_care"].is_counted(rows)
    care = rows[["person_ref", "status", "cla_end_date"]][is_counted]
    return rows.assign(
        is_return_12m=is_return(rows, care, "cla_start_date", "cla_end_date", care_covers, delivered_flag),
        reviewed_until_date=reviewed_until("children_in_care", rows, tables),
    )


def derive_cla_visits(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Visits with visit_due_date and is_statutory.

    A visit is due as delivered; else its frequency after the child's previous visit; the first 7 days after
    the placement (docs/rulings.md#10).
    """
    visits = rows.loc[rows["status"].ne(WITHDRAWN), ["person_ref", "cla_visit_date"]]
    previous = _latest_day(rows, visits, is_before=True)
    columns = ["person_ref", "record_key", "cla_start_date", "placement_start_date", "permanence_plan"]
    spells = tables["children_in_care"]
    spells = spells[columns][spells["status"].ne(WITHDRAWN)]
    placement_start = _latest_day(rows, spells[["person_ref", "placement_start_date"]], is_before=False)
    statutory_days = _is_long_term(rows, spells).map({True: LONG_TERM_VISIT_DAYS, False: VISIT_DAYS})
    frequency = rows["visit_frequency_days"].fillna(statutory_days.astype("Int64"))
    next_due = previous + pd.to_timedelta(frequency.astype("int64"), unit="D")
    first_due = (placement_start + pd.Timedelta(days=FIRST_VISIT_DAYS)).where(previous.isna())
    due = rows["cla_visit_due_date"].fillna(next_due).fillna(first_due)
    is_other = rows["visit_type"].str.casefold().isin(["other", "non-statutory", "non statutory"])
    return rows.assign(
        visit_due_date=due.astype("datetime64[us]"),
        is_statutory=is_other.map({True: "N", False: "Y"}).astype("str"),
    )


def _is_long_term(visits: pd.DataFrame, spells: pd.DataFrame) -> pd.Series:
    """Whether the permanence plan is long term in the child's last period of care that began by the visit."""
    period = ["person_ref", "cla_start_date"]
    dated_spells = spells.dropna(subset=period)
    plans = dated_spells.sort_values([*period, "record_key"]).drop_duplicates(period, keep="last")
    spell_start = _latest_day(visits, spells[period], is_before=False)
    spell_of_visit = pd.MultiIndex.from_arrays([visits["person_ref"], spell_start])
    plan = plans.set_index(period)["permanence_plan"].reindex(spell_of_visit)
    return plan.isin(LONG_TERM_PLANS).set_axis(visits.index)


def _latest_day(visits: pd.DataFrame, days: pd.DataFrame, is_before: bool) -> pd.Series:
    """The latest of the child's days up to each visit, on the index of `visits`.

    Args:
        visits: person_ref and cla_visit_date.
        days: person_ref and a date.
        is_before: whether the day has to be before the visit's; else it may be the same.
    """
    day = days.columns[-1]
    child_days = days.dropna().drop_duplicates().rename(columns={day: "day"}).sort_values("day")
    dates = visits["cla_visit_date"].dropna().sort_values().rename("visit")
    dated_visits = pd.DataFrame({"person_ref": visits["person_ref"][dates.index], "visit": dates})
    pairs = pd.merge_asof(
        dated_visits,
        child_days,
        left_on="visit",
        right_on="day",
        by="person_ref",
        allow_exact_matches=not is_before,
    )
    return pairs["day"].set_axis(dated_visits.index).reindex(visits.index)


def derive_missing_episodes(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Missing episodes with their days and hours, is_in_care_at_start and next_missing_date.

    next_missing_date: the start of the child's next episode that is of type missing and began in care.
    """
    start = rows["missing_start"].dt.normalize()
    spells = care_spells(tables)
    days = pd.DataFrame({"person_ref": rows["person_ref"], "day": start, "row": rows.index})
    pairs = days.merge(spells, on="person_ref")
    is_within = (pairs["start"] <= pairs["day"]) & (pairs["end"].isna() | (pairs["end"] > pairs["day"]))
    is_in_care = pd.Series(rows.index.isin(pairs.loc[is_within, "row"]), index=rows.index)
    hours = (rows["missing_end"] - rows["missing_start"]).dt.total_seconds() / 3600
    rows = rows.assign(
        missing_start_date=start,
        missing_end_date=rows["missing_end"].dt.normalize(),
        missing_hours=hours.astype("Float64"),
        missing_type_or_missing=rows["missing_type"].fillna("M"),
        is_in_care_at_start=is_in_care.map(YES_NO).astype("str"),
    )
    is_counted = is_in_care & rows["missing_type_or_missing"].eq("M") & rows["status"].ne(WITHDRAWN)
    # KPIs take a child's first episode of a period in the same order
    order = ["person_ref", "missing_start_date", "record_key"]
    counted = rows[order][is_counted].sort_values(order)
    next_start = counted.groupby("person_ref")["missing_start_date"].shift(-1)
    return rows.assign(next_missing_date=next_start.reindex(rows.index).astype("datetime64[us]"))


def derive_care_leavers(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Care leavers with plan_reviewed_date, contact_due_date and has_personal_adviser (docs/rulings.md#6)."""
    plans = tables["pathway_plans"]
    is_reviewed = plans["status"].ne(WITHDRAWN) & plans["pathway_plan_review_date"].notna()
    plans = plans[["person_ref", "pathway_plan_review_date", "contact_frequency_days"]][is_reviewed]
    pairs = (
        rows[["person_ref", "as_at"]]
        .assign(row=rows.index, known_until=_plans_known_until(rows["as_at"], tables["coverage"]))
        .merge(plans, on="person_ref")
    )
    past = pairs[pairs["pathway_plan_review_date"] <= pairs["known_until"]].sort_values(
        "pathway_plan_review_date"
    )
    latest = past.drop_duplicates("row", keep="last").set_index("row")
    plan_review = latest["pathway_plan_review_date"].reindex(rows.index)
    newest = pd.concat([rows["pathway_plan_review_date"], plan_review], axis=1).max(axis=1)
    frequency = latest["contact_frequency_days"].reindex(rows.index).fillna(CONTACT_FREQUENCY_DAYS)
    due = rows["latest_contact_date"] + pd.to_timedelta(frequency.astype("int64"), unit="D")
    return rows.assign(
        plan_reviewed_date=newest.astype("datetime64[us]"),
        contact_due_date=due.astype("datetime64[us]"),
        has_personal_adviser=rows["allocated_personal_advisor"].map(YES_NO).astype("str"),
    )


def _plans_known_until(as_at: pd.Series[pd.Timestamp], coverage: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    """The day until which plan reviews count for a row of an as-at date: that date.

    Where the reviews show newest rows alone, the as-at date of their first delivery within 31 days of the
    quarter's end, when it is later: its row hides the one before (docs/rulings.md#26).
    """
    plans = coverage[coverage["list"].eq("pathway_plans") & coverage["is_newest_alone"]]
    shown = known_until(latest_quarter_ends(as_at), plans)
    return pd.concat([as_at, shown], axis=1).max(axis=1)
