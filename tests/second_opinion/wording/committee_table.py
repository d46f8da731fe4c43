"""The committee's table, composed by plain rules from figures counted in plain loops.

Written from docs/rulings.md#12, #13 and #20, the words for differences and the report's own sentences.
"""

from __future__ import annotations

from tests.second_opinion.counting.days import Quarter
from tests.second_opinion.wording.cases import Cases
from tests.second_opinion.wording.committee_figures import CommitteeFigures
from tests.second_opinion.wording.demand import Demand


def areas(figures: CommitteeFigures, quarter: Quarter) -> dict[str, str]:
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
