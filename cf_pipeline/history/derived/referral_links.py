"""Link each referral to its assessment (docs/rulings.md#15).

A referral's assessment is the child's first one that starts at most 45 working days after the referral and
before the child's next referral.
"""

from __future__ import annotations

import pandas as pd

from cf_pipeline.contracts.dates.calendar import working_days
from cf_pipeline.history.merge.status import WITHDRAWN
from cf_pipeline.history.tables.derived_columns import CONTINUATION_DATES

LINK_WORKING_DAYS = 45
REFERRAL_KEY = ["person_ref", "referral_date"]


def referral_links(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """One row a referral (child and date) that has an assessment.

    Returns:
        person_ref, referral_date, assessment_key (its record_key), assessment_start_date,
        assessment_authorised_date, requires_social_care_support.
    """
    referrals = _with_date(tables["referrals"], "referral_date", REFERRAL_KEY).drop_duplicates(REFERRAL_KEY)
    columns = ["assessment_start_date", "assessment_authorised_date", "requires_social_care_support"]
    assessments = _with_date(
        tables["assessments"], "assessment_start_date", ["person_ref", "record_key", *columns]
    )
    pairs = _join_latest_before(assessments, "assessment_start_date", referrals, "referral_date")
    delay = working_days(pairs["referral_date"], pairs["assessment_start_date"])
    pairs = pairs[delay.le(LINK_WORKING_DAYS).fillna(False)]
    first = pairs.sort_values([*REFERRAL_KEY, "assessment_start_date", "record_key"]).drop_duplicates(
        REFERRAL_KEY
    )
    return first[[*REFERRAL_KEY, "record_key", *columns]].rename(columns={"record_key": "assessment_key"})


def has_later_activity(links: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> pd.Series:
    """Whether a record of a list of `CONTINUATION_DATES` starts after each link's authorisation.

    Only records before the child's next referral count.
    """
    referrals = _with_date(tables["referrals"], "referral_date", REFERRAL_KEY).drop_duplicates(REFERRAL_KEY)
    referrals = referrals.assign(latest_referral=referrals["referral_date"])
    starts_of_lists = [
        _with_date(tables[name], date, ["person_ref", date]).set_axis(["person_ref", "start"], axis="columns")
        for name, date in CONTINUATION_DATES.items()
    ]
    starts = pd.concat(starts_of_lists, ignore_index=True).drop_duplicates()
    by_referral = _join_latest_before(starts, "start", referrals, "referral_date")
    last_starts = by_referral.groupby(["person_ref", "latest_referral"])["start"].max()
    last_start = last_starts.reindex(pd.MultiIndex.from_frame(links[REFERRAL_KEY])).array
    return pd.Series(last_start, index=links.index) > links["assessment_authorised_date"]


def _with_date(rows: pd.DataFrame, date: str, columns: list[str]) -> pd.DataFrame:
    """Some columns of the rows that have the date and are not withdrawn."""
    return rows[columns][rows["status"].ne(WITHDRAWN) & rows[date].notna()]


def _join_latest_before(
    events: pd.DataFrame, event_date: str, earlier: pd.DataFrame, earlier_date: str
) -> pd.DataFrame:
    """Each event with the child's newest row of its day or before; events without one are left out.

    Args:
        events: rows with person_ref and their date.
        event_date: the column of that date.
        earlier: rows with person_ref and their date.
        earlier_date: the column of that date.
    """
    pairs = pd.merge_asof(
        events.sort_values(event_date),
        earlier.sort_values(earlier_date),
        left_on=event_date,
        right_on=earlier_date,
        by="person_ref",
    )
    return pairs[pairs[earlier_date].notna()]
