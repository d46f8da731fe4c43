"""Derived columns of the lists from first contact to child protection."""

from __future__ import annotations

import pandas as pd

from cf_pipeline.contracts.dates.calendar import working_days
from cf_pipeline.history.derived.conferences import derive_conferences
from cf_pipeline.history.derived.referral_links import REFERRAL_KEY, has_later_activity
from cf_pipeline.history.derived.repeats import is_repeat
from cf_pipeline.history.derived.reviews import reviewed_until
from cf_pipeline.history.merge.status import WITHDRAWN

Tables = dict[str, pd.DataFrame]
STEP_DOWN_DAYS = 28
STEP_UP = r"step(?:ped|ping)?[\s-]*up|escalat|social care|children'?s services|referred to csc"
"""How councils write that an early help episode ended because social care took the case over."""
NO_SUPPORT = "N"


def derive_contacts(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Contacts with contact_waiting_working_days, contact_working_days and is_repeat_contact."""
    start, completion = rows["contact_date"], rows["contact_completed_date"]
    return rows.assign(
        contact_waiting_working_days=working_days(start, completion.fillna(rows["as_at"])),
        contact_working_days=working_days(start, completion),
        is_repeat_contact=is_repeat(rows, "contact_date", _coverage_of(tables, "contacts")),
    )


def derive_referrals(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Referrals with is_rereferral, linked_assessment_start_date and is_not_in_need."""
    links = tables["referral_links"]
    is_not_in_need = (
        links["assessment_authorised_date"].notna()
        & links["requires_social_care_support"].eq(NO_SUPPORT)
        & ~has_later_activity(links, tables)
    )
    links = links[[*REFERRAL_KEY, "assessment_start_date"]].assign(is_not_in_need=is_not_in_need)
    linked = rows[REFERRAL_KEY].merge(links, on=REFERRAL_KEY, how="left").set_axis(rows.index)
    counter = rows["referrals_last_12m"]
    return rows.assign(
        is_rereferral=is_repeat(rows, "referral_date", _coverage_of(tables, "referrals"), counter),
        linked_assessment_start_date=linked["assessment_start_date"],
        is_not_in_need=_yes_no(linked["is_not_in_need"].eq(True)),
    )


def derive_assessments(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Assessments with assessment_working_days and referral_working_days, both to the authorisation."""
    referral_dates = tables["referral_links"].set_index("assessment_key")["referral_date"]
    referral_date = referral_dates.reindex(rows["record_key"]).set_axis(rows.index)
    end = rows["assessment_authorised_date"]
    return rows.assign(
        assessment_working_days=working_days(rows["assessment_start_date"], end),
        referral_working_days=working_days(referral_date, end),
    )


def derive_section_47_enquiries(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Section 47 enquiries with the columns of their conferences, icpc_working_days and is_repeat_s47."""
    covers = _coverage_of(tables, "section_47_enquiries")
    return derive_conferences(rows).assign(
        icpc_working_days=working_days(rows["s47_start_date"], rows["icpc_date"]),
        is_repeat_s47=is_repeat(rows, "s47_start_date", covers, rows["s47_last_12m"]),
    )


def derive_early_help_assessments(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Early help assessments with eh_assessment_working_days and is_step_down."""
    start = rows["eh_assessment_start_date"]
    return rows.assign(
        eh_assessment_working_days=working_days(start, rows["eh_assessment_completion_date"]),
        is_step_down=_is_step_down(rows, start, tables),
    )


def derive_early_help_referrals(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Early help referrals with is_step_down and is_step_up."""
    reason = rows["early_help_end_reason"].str.casefold()
    return rows.assign(
        is_step_down=_is_step_down(rows, rows["early_help_start_date"], tables),
        is_step_up=_yes_no(reason.str.contains(STEP_UP, regex=True).fillna(False).astype(bool)),
    )


def derive_child_protection_plans(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Child protection plans with reviewed_until_date."""
    return rows.assign(reviewed_until_date=reviewed_until("child_protection_plans", rows, tables))


def _is_step_down(rows: pd.DataFrame, start: pd.Series, tables: Tables) -> pd.Series:
    """'Y' where a case of the child was closed at most 28 days before the start, else 'N'."""
    cases = tables["children_in_need"]
    closed = cases.loc[
        cases["status"].ne(WITHDRAWN) & cases["cin_closure_date"].notna(), ["person_ref", "cin_closure_date"]
    ]
    pairs = pd.DataFrame({"person_ref": rows["person_ref"], "start": start, "row": rows.index})
    pairs = pairs.merge(closed, on="person_ref")
    days = (pairs["start"] - pairs["cin_closure_date"]).dt.days
    return _yes_no(pd.Series(rows.index.isin(pairs.loc[days.between(0, STEP_DOWN_DAYS), "row"]), rows.index))


def _coverage_of(tables: Tables, name: str) -> pd.DataFrame:
    covers = tables["coverage"]
    return covers[covers["list"].eq(name)]


def _yes_no(flags: pd.Series) -> pd.Series:
    return flags.map({True: "Y", False: "N"}).astype("str")
