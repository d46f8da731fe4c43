"""Derived columns of the lists from the front door to protection; `columns.DERIVED` says what each means."""

from __future__ import annotations

import pandas as pd

from cf_pipeline.contracts.calendar import working_days
from cf_pipeline.history.derived.referral_links import REFERRAL_KEY, has_later_activity, referral_links
from cf_pipeline.history.derived.repeats import is_repeat
from cf_pipeline.history.derived.reviews import plan_reviewed_until
from cf_pipeline.history.merge.status import WITHDRAWN

Tables = dict[str, pd.DataFrame]
STEP_DOWN_DAYS = 28
STEP_UP = r"step(?:ped|ping)?[\s-]*up|escalat|social care|children'?s services|referred to csc"
"""How councils write that an early help episode ended because social care took over."""
NO_SUPPORT = "N"


def derive_contacts(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """How long each contact waited, and whether it repeats an earlier one."""
    until = rows["contact_completed_date"].fillna(rows["as_at"])
    completed = working_days(rows["contact_date"], rows["contact_completed_date"])
    return rows.assign(
        contact_waiting_working_days=working_days(rows["contact_date"], until),
        contact_working_days=completed,
        is_repeat_contact=is_repeat(rows, "contact_date", _coverage_of(tables, "contacts")),
    )


def derive_referrals(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Whether each referral repeats an earlier one, its assessment, and whether that ended it."""
    links = referral_links(tables)
    not_in_need = (
        links["assessment_authorised_date"].notna()
        & links["requires_social_care_support"].eq(NO_SUPPORT)
        & ~has_later_activity(links, tables)
    )
    found = links[[*REFERRAL_KEY, "assessment_start_date"]].assign(not_in_need=not_in_need)
    found = rows[REFERRAL_KEY].merge(found, on=REFERRAL_KEY, how="left").set_axis(rows.index)
    counter = rows["referrals_last_12m"]
    return rows.assign(
        is_rereferral=is_repeat(rows, "referral_date", _coverage_of(tables, "referrals"), counter),
        linked_assessment_start_date=found["assessment_start_date"],
        is_not_in_need=_yes_no(found["not_in_need"].eq(True)),
    )


def derive_assessments(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Working days from an assessment's start, and from its referral, to its authorisation."""
    referred = referral_links(tables).set_index("assessment_key")["referral_date"]
    referred = referred.reindex(rows["record_key"]).set_axis(rows.index)
    authorised = rows["assessment_authorised_date"]
    return rows.assign(
        assessment_working_days=working_days(rows["assessment_start_date"], authorised),
        referral_working_days=working_days(referred, authorised),
    )


def derive_section_47_enquiries(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Working days to the conference, and whether the enquiry repeats an earlier one."""
    covers = _coverage_of(tables, "section_47_enquiries")
    return rows.assign(
        icpc_working_days=working_days(rows["s47_start_date"], rows["icpc_date"]),
        is_repeat_s47=is_repeat(rows, "s47_start_date", covers, rows["s47_last_12m"]),
    )


def derive_early_help_assessments(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Working days from start to completion, and whether the child came from a closed case."""
    start = rows["eh_assessment_start_date"]
    return rows.assign(
        eh_assessment_working_days=working_days(start, rows["eh_assessment_completion_date"]),
        is_step_down=_is_step_down(rows, start, tables),
    )


def derive_early_help_referrals(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Whether early help followed a closed case, and whether it ended with a step up."""
    reason = rows["early_help_end_reason"].str.casefold()
    return rows.assign(
        is_step_down=_is_step_down(rows, rows["early_help_start_date"], tables),
        is_step_up=_yes_no(reason.str.contains(STEP_UP, regex=True).fillna(False).astype(bool)),
    )


def derive_child_protection_plans(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Until when a plan's reviews have kept to their timescale."""
    reviews, covers = tables["cp_reviews"], _coverage_of(tables, "cp_reviews")
    return rows.assign(reviewed_until_date=plan_reviewed_until(rows, reviews, covers))


def _is_step_down(rows: pd.DataFrame, start: pd.Series, tables: Tables) -> pd.Series:
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


def _yes_no(holds: pd.Series) -> pd.Series:
    return holds.map({True: "Y", False: "N"}).astype("str")
