"""Section 47 enquiries and initial child protection conferences."""

from __future__ import annotations

from tests.second_opinion.counting.areas.child_protection_plans import CONFERENCE_DAYS, ENQUIRED
from tests.second_opinion.counting.durations import days_band, waiting_days, within
from tests.second_opinion.counting.measures import Kpi
from tests.second_opinion.counting.repeats import repeats
from tests.second_opinion.counting.selecting import every, flow, is_yes, populated, share_of

S47 = flow("section_47_enquiries", "s47_start_date")
CONFERENCES = flow("section_47_enquiries", "icpc_date")
KPIS = {
    "s47_count": Kpi("count", ENQUIRED, S47),
    "s47_rate_10k": Kpi("rate", every(ENQUIRED, populated), S47),
    "s47_to_icpc_pct": share_of(S47, lambda row: row["icpc_date"] is not None, ENQUIRED),
    "s47_icpc_unnecessary_pct": share_of(S47, is_yes("icpc_unnecessary"), ENQUIRED),
    "s47_repeat_12m_pct": Kpi(
        "share", ENQUIRED, repeats(S47, "section_47_enquiries", "s47_start_date", "s47_last_12m"), S47
    ),
    "icpc_count": Kpi("count", ENQUIRED, CONFERENCES),
    "icpc_rate_10k": Kpi("rate", every(ENQUIRED, populated), CONFERENCES),
    "icpc_15wd_pct": Kpi(
        "share", ENQUIRED, within("s47_start_date", "icpc_date", CONFERENCE_DAYS, CONFERENCES), CONFERENCES
    ),
    "icpc_median_wd": Kpi("median", ENQUIRED, waiting_days(CONFERENCES, "s47_start_date", "icpc_date")),
    "icpc_duration_bands": Kpi(
        "bands",
        ENQUIRED,
        CONFERENCES,
        CONFERENCES,
        lambda history, item, _: days_band((10, 15, 20), "s47_start_date", "icpc_date", history, item),
    ),
    "icpc_to_cpp_pct": share_of(CONFERENCES, is_yes("icpc_resulted_in_cp_plan"), ENQUIRED),
}
