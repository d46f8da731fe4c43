"""A coded column of which most wordings are unknown is not read: its figures are absent, never nought.

Broken on purpose: without the codes in `find_unread_columns` the figures are 0 (docs/rulings.md#22).
"""

import datetime as dt

import pandas as pd
import pytest

from cf_pipeline.history.holds.hold import clean_accepted
from cf_pipeline.history.merge.core import merge_deliveries
from cf_pipeline.ingest.receive import receive_deliveries
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.kpi.measure.quarterly import POPULATION, measure_kpis
from tests.support.workbooks import AUTHORITY, deliver, full_table

REGISTRY = load_registry()
START = dt.date(2019, 5, 1)


def figure(raw, kpi_id, list_name, records):
    deliver(raw, {"Sheet1": full_table(list_name, *records)}, delivery="2018-04-01_2019-12-31")
    received = receive_deliveries(raw, AUTHORITY)
    found = clean_accepted(received.lists, received.manifest, received.findings, received.mapping)
    clean = found.cleaned
    core = merge_deliveries(clean.lists, clean.quarantine, found.manifest, "E09000001", bytes(32))
    population = pd.DataFrame({"mid_year": [2019], "persons": [700]}, dtype="Int64")
    facts = measure_kpis(core.tables | {POPULATION: population}, {kpi_id: REGISTRY[kpi_id]}, "E09000001")
    rows = facts[facts["quarter_key"].eq("2019/20 Q3") & facts["basis"].eq("quarter")]
    return rows.iloc[0], set(clean.issues.loc[clean.issues["severity"].eq("error"), "rule"])


def rows_of(start_column, column, wordings):
    return [{"child_id": f"{700 + n}", start_column: START, column: text} for n, text in enumerate(wordings)]


@pytest.mark.parametrize(
    ("kpi_id", "list_name", "start", "column", "header"),
    [
        ("cin_open_stock", "children_in_need", "cin_start_date", "case_status", "Case Status"),
        ("cla_placement_type", "children_in_care", "cla_start_date", "placement_type", "Placement Type"),
        ("referrals_nfa_pct", "referrals", "referral_date", "referral_nfa", "Referral NFA?"),
    ],
)
def test_wordings_that_nobody_knows_are_no_nought(raw, kpi_id, list_name, start, column, header):
    row, errors = figure(raw, kpi_id, list_name, rows_of(start, column, ["Purple", "Green", "Blue"]))
    assert row["symbol"] == "x"
    assert f"Too many wordings in the column {header} of " in row["reason"]
    assert "codes_unread" in errors


def test_half_of_them_known_is_read(raw):
    records = rows_of("cin_start_date", "case_status", ["CIN", "CIN", "Purple", "Green"])
    row, errors = figure(raw, "cin_open_stock", "children_in_need", records)
    assert (row["value"], "codes_unread" in errors) == (2, False)


def test_one_unknown_wording_alone_is_a_slip(raw):
    row, errors = figure(
        raw, "cin_open_stock", "children_in_need", rows_of("cin_start_date", "case_status", ["Purple"])
    )
    assert (row["value"], "codes_unread" in errors) == (0, False)


def test_blank_is_not_unread(raw):
    records = rows_of("cin_start_date", "case_status", ["CIN", None, None])
    row, errors = figure(raw, "cin_open_stock", "children_in_need", records)
    assert (row["value"], "codes_unread" in errors) == (1, False)


@pytest.mark.parametrize("column", ["gender", "ethnicity", "has_disability"])
def test_what_is_said_of_the_child_is_unknown_not_absent(raw, column):
    records = [
        row | {"case_status": "CIN"} for row in rows_of("cin_start_date", column, ["Purple", "Green", "Blue"])
    ]
    row, errors = figure(raw, "cin_open_stock", "children_in_need", records)
    assert (row["value"], "codes_unread" in errors) == (3, False)
