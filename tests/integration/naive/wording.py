"""The committee's table, composed by plain rules from the naive figures.

Written from the rulings (12, 13 and 20), section 3 of the kpi rules and the report's own sentences.
"""

from __future__ import annotations

from tests.integration.naive.days import Quarter
from tests.integration.naive.figures import NaiveFigures
from tests.integration.naive.wording_cases import Cases
from tests.integration.naive.wording_demand import Demand


def areas(figures: NaiveFigures, quarter: Quarter) -> dict[str, str]:
    """The text of each area of the table, in its order."""
    demand, cases = Demand(figures, quarter), Cases(figures, quarter)
    return {
        "Contacts and Referrals": lines(
            demand.contacts(), demand.contacts_in_one_day(), demand.referrals(), demand.conversion()
        ),
        "Early Help": lines(demand.early_help(), demand.short_breaks()),
        "Assessments": lines(demand.assessments(), demand.assessments_in_time()),
        "Children in Need": cases.children_in_need(),
        "Child Protection": lines(cases.child_protection(), cases.conferences()),
        "Children in Care": lines(cases.children_in_care(), cases.visits()),
        "Children Missing": cases.children_missing(),
        "Care Leavers": cases.care_leavers(),
    }


def lines(*texts: str) -> str:
    return "\n".join(texts)
