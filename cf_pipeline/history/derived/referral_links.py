"""Which assessment belongs to which referral of a child (ruling 15 of the design).

A referral's assessment is the child's first that starts from the referral's date to 45 working days after
it and before the child's next referral.
"""

from __future__ import annotations

import pandas as pd

from cf_pipeline.contracts.calendar import working_days
from cf_pipeline.history.merge.status import WITHDRAWN
from cf_pipeline.history.tables.derived_columns import CONTINUED_BY

LINK_WORKING_DAYS = 45
REFERRAL_KEY = ["person_ref", "referral_date"]


def referral_links(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """One row a referral (child and date) that has an assessment.

    Returns:
        person_ref, referral_date, assessment_key (its record_key), assessment_start_date,
        assessment_authorised_date, requires_social_care_support.
    """
    referrals = _with_date(tables["referrals"], "referral_date")[REFERRAL_KEY].drop_duplicates(REFERRAL_KEY)
    columns = ["assessment_start_date", "assessment_authorised_date", "requires_social_care_support"]
    assessments = _with_date(tables["assessments"], "assessment_start_date")
    assessments = assessments[["person_ref", "record_key", *columns]]
    pairs = _join_latest_before(assessments, "assessment_start_date", referrals, "referral_date")
    taken = working_days(pairs["referral_date"], pairs["assessment_start_date"])
    pairs = pairs[taken.le(LINK_WORKING_DAYS).fillna(False)]
    first = pairs.sort_values([*REFERRAL_KEY, "assessment_start_date", "record_key"]).drop_duplicates(
        REFERRAL_KEY
    )
    return first[[*REFERRAL_KEY, "record_key", *columns]].rename(columns={"record_key": "assessment_key"})


def has_later_activity(links: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> pd.Series:
    """Whether a record of a list of `CONTINUED_BY` starts after each link's authorisation.

    Only records before the child's next referral count.
    """
    referrals = _with_date(tables["referrals"], "referral_date")[REFERRAL_KEY].drop_duplicates(REFERRAL_KEY)
    referrals = referrals.assign(latest_referral=referrals["referral_date"])
    found = pd.Series(False, index=links.index)
    for name, date in CONTINUED_BY.items():
        starts = _with_date(tables[name], date)[["person_ref", date]].drop_duplicates()
        of_referral = _join_latest_before(starts, date, referrals, "referral_date")
        of_referral = of_referral[["person_ref", "latest_referral", date]].rename(
            columns={"latest_referral": "referral_date"}
        )
        last = of_referral.groupby(REFERRAL_KEY)[date].max()
        started = pd.Series(
            last.reindex(pd.MultiIndex.from_frame(links[REFERRAL_KEY])).array, index=links.index
        )
        found |= started > links["assessment_authorised_date"]
    return found


def _with_date(rows: pd.DataFrame, date: str) -> pd.DataFrame:
    return rows[rows["status"].ne(WITHDRAWN) & rows[date].notna()]


def _join_latest_before(left: pd.DataFrame, on: str, right: pd.DataFrame, date: str) -> pd.DataFrame:
    """Each left row with the child's newest right row of that day or before; others are left out."""
    joined = pd.merge_asof(
        left.sort_values(on), right.sort_values(date), left_on=on, right_on=date, by="person_ref"
    )
    return joined[joined[date].notna()]
