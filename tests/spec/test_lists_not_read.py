"""A list whose key date or id stands under an unknown header was delivered: the reason names that column.

Broken on purpose: without the rows of lists not read in `held_lists` the reason is "was not delivered".
"""

import datetime as dt

import pandas as pd
import pytest

from cf_pipeline.history.holds.hold import clean_accepted
from cf_pipeline.history.merge.core import merge_deliveries
from cf_pipeline.ingest.receive import receive_deliveries
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.kpi.lineage.missing_figures import find_missing_figures
from cf_pipeline.kpi.measure.quarterly import POPULATION, measure_kpis
from tests.support.workbooks import AUTHORITY, deliver, full_table

REGISTRY = load_registry()
CONTACTS = full_table("contacts", {"child_id": "700", "contact_date": dt.date(2019, 11, 1)})


def renamed(list_name, headers, **values):
    """A list with some official headers replaced by ones that nobody knows."""
    first, *rows = full_table(list_name, {"child_id": "701", **values}, {"child_id": "702", **values})
    assert set(headers) <= set(first)
    return [[headers.get(header, header) for header in first], *rows]


def found_in(raw, sheets):
    deliver(raw, sheets, delivery="2019-12-31")
    received = receive_deliveries(raw, AUTHORITY)
    found = clean_accepted(received.lists, received.manifest, received.findings, received.mapping)
    clean = found.cleaned
    core = merge_deliveries(clean.lists, clean.quarantine, found.manifest, "E09000001", bytes(32))
    population = pd.DataFrame({"mid_year": [2019], "persons": [700]}, dtype="Int64")
    facts = measure_kpis(core.tables | {POPULATION: population}, REGISTRY, "E09000001")
    return received, facts[facts["quarter_key"].eq("2019/20 Q3") & facts["basis"].eq("quarter")]


def reasons_of(facts, kpi_id):
    rows = facts[facts["kpi_id"].eq(kpi_id)]
    assert set(rows["symbol"]) == {"x"}
    return set(rows["reason"])


@pytest.mark.parametrize(
    ("kpi_id", "list_name", "header", "title", "sheet"),
    [
        ("referrals_count", "referrals", "Date of referral", "Referrals", "List 3"),
        (
            "assess_completed_count",
            "assessments",
            "Continuous Assessment Start Date",
            "Assessments",
            "Sheet2",
        ),
        ("cla_stock", "children_in_care", "Date Started to be Looked After", "Children in care", "CLA"),
        ("cl_stock", "care_leavers", "Child Unique ID", "Care leavers", "Care leavers"),
        ("missing_episodes_count", "missing_episodes", "Missing episode start", "Missing episodes", "M"),
    ],
)
def test_the_column_that_is_not_recognised_is_the_reason(raw, kpi_id, list_name, header, title, sheet):
    table = renamed(list_name, {header: "Wotsit"})
    received, facts = found_in(raw, {"List 1": CONTACTS, sheet: table})
    assert reasons_of(facts, kpi_id) == {
        f"{title} of the delivery 2019-12-31 was not read: it has no column {header} under a header that is "
        "recognised; open To decide in the data-quality workbook."
    }
    costs = find_missing_figures(received.manifest, received.unmatched_headers)
    assert (list_name, header) in {(figure.list, figure.header) for figure in costs.figures}
    assert "figures missing" in costs.sentence
    assert received.unmatched_headers["header"].tolist().count("Wotsit") == 1
    assert any(f"sheet '{sheet}'" in sentence and header in sentence for sentence in received.refusals)


def test_a_list_that_is_nowhere_was_not_delivered(raw):
    _, facts = found_in(raw, {"List 1": CONTACTS})
    assert reasons_of(facts, "referrals_count") == {"The list Referrals was not delivered."}


def test_each_sheet_of_a_file_without_a_list_is_told(raw):
    sheets = {
        "List 3": renamed("referrals", {"Date of referral": "Wotsit"}),
        "List 1": renamed("contacts", {"Date of Contact": "Wotsit"}),
    }
    deliver(raw, sheets, delivery="2019-12-31")
    refusals = receive_deliveries(raw, AUTHORITY).refusals
    assert [("sheet 'List 3'" in text, "sheet 'List 1'" in text) for text in refusals] == [
        (True, False),
        (False, True),
    ]
