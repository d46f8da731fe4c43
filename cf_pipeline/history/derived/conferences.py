"""Find the conferences among the section 47 enquiries: a child and a date is one, however many led to it.

Source: docs/rulings.md#30.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.history.merge.status import WITHDRAWN

CONFERENCE = ["person_ref", "icpc_date"]


def derive_conferences(enquiries: pd.DataFrame) -> pd.DataFrame:
    """The enquiries with is_conference and conference_led_to_plan.

    One enquiry stands for each conference: the child's latest that started on or before it, else the latest
    that names it. A conference led to a plan when any of its enquiries says so.

    Args:
        enquiries: merged section 47 enquiries with their status; a withdrawn one stands for no conference.
    """
    columns = [*CONFERENCE, "s47_start_date", "record_key", "icpc_resulted_in_cp_plan"]
    named = enquiries[columns][enquiries["status"].ne(WITHDRAWN) & enquiries["icpc_date"].notna()]
    is_started = named["s47_start_date"].le(named["icpc_date"])
    latest_first = named.assign(is_started=is_started).sort_values(
        ["is_started", "s47_start_date", "record_key"], ascending=[False, False, True]
    )
    conferences = latest_first.drop_duplicates(CONFERENCE)
    with_plan = named.loc[named["icpc_resulted_in_cp_plan"].eq("Y").fillna(False), CONFERENCE]
    led_to_plan = pd.MultiIndex.from_frame(enquiries[CONFERENCE]).isin(pd.MultiIndex.from_frame(with_plan))
    return enquiries.assign(
        is_conference=_yes_no(enquiries.index.isin(conferences.index), enquiries.index),
        conference_led_to_plan=_yes_no(led_to_plan, enquiries.index),
    )


def _yes_no(flags: npt.NDArray[np.bool_], index: pd.Index) -> pd.Series[str]:
    return pd.Series(flags, index=index).map({True: "Y", False: "N"}).astype("str")
