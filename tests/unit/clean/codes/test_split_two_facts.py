"""Two facts in one cell: the second moves to its own column when that is blank, else it is ignored."""

import pandas as pd
import pytest

from cf_pipeline.clean.codes.split_two_facts import split_two_facts
from cf_pipeline.clean.issues import IssueCollector
from cf_pipeline.contracts.list_contract import PROVENANCE
from cf_pipeline.contracts.lists import list_contracts


def split(list_name, column, paired, text, beside=None, typed=None):
    contract = list_contracts()[list_name]
    row = {name: pd.Series([None], dtype=dtype) for name, dtype in PROVENANCE.items()}
    cells = {name: pd.Series([None], dtype="str") for name in contract.column_names}
    cells |= {column: pd.Series([text], dtype="str"), paired: pd.Series([beside], dtype="str")}
    issues = IssueCollector(contract)
    typed_rows = pd.DataFrame(cells | {paired: pd.Series([typed], dtype="str")})
    result = split_two_facts(contract, pd.DataFrame(row | cells), typed_rows, issues)
    value = result[paired].iloc[0]
    return None if pd.isna(value) else value, issues.frame()["rule"].tolist()


LEAVER = ("care_leavers", "accommodation_type", "accommodation_suitability")
PLACED = ("children_in_care", "placement_type", "placement_location")
INTERVIEW = ("missing_episodes", "rhi_offered", "rhi_accepted")


@pytest.mark.mess(50)
@pytest.mark.parametrize(
    ("columns", "text", "second"),
    [
        (LEAVER, "Y2", "2"),
        (LEAVER, "U1", "1"),
        (LEAVER, "Y - Not suitable", "2"),
        (LEAVER, "Other accommodation (unsuitable)", "2"),
        (LEAVER, "E - Suitable", "1"),
        (PLACED, "U4OUT - Foster placement", "OUT"),
        (PLACED, "U4IN", "IN"),
        (PLACED, "K2 Children's home, outside LA boundary", "OUT"),
        (INTERVIEW, "Offered and accepted", "Y"),
        (INTERVIEW, "Offered and Declined (by YP)", "N"),
        (("cla_visits", "is_seen", "is_seen_alone"), "Seen alone", "Y"),
    ],
)
def test_the_second_fact_goes_to_its_blank_column_with_an_issue(columns, text, second):
    assert split(*columns, text) == (second, ["two_facts_split"])


@pytest.mark.mess(50)
@pytest.mark.parametrize(
    ("columns", "text"),
    [
        (LEAVER, "Y"),
        (LEAVER, "Own tenancy"),
        (PLACED, "U4 - Foster placement"),
        (INTERVIEW, "Yes"),
    ],
)
def test_one_fact_is_one_fact(columns, text):
    assert split(*columns, text) == (None, [])


@pytest.mark.mess(50)
@pytest.mark.parametrize(("beside", "typed"), [("Suitable", "1"), ("purple", None)])
def test_a_column_that_says_something_itself_is_not_overwritten(beside, typed):
    assert split(*LEAVER, "Y2", beside, typed) == (typed, [])
