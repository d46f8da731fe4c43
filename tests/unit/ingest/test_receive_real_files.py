"""The real workbooks: every list found, every row accounted for."""

import shutil

import pytest

from cf_pipeline.clean import clean_lists
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.ingest.receive import receive_deliveries

ANNEX_A = [name for name, contract in list_contracts().items() if contract.number]
EXPECTED = {
    "liia_2022_Annex_A.xlsx": ("2021-03-16", [5, 5, 6, 5, 5, 5, 7, 5, 6, 5, 5]),
    "ofsted_layout_2015-01-sample.xlsx": ("2015-03-31", [0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0]),
}


def received_and_cleaned(raw, samples, name):
    as_at, rows = EXPECTED[name]
    folder = raw / "hackney" / as_at
    folder.mkdir(parents=True)
    shutil.copy(samples / "annex_a" / name, folder / name)
    received = receive_deliveries(raw, "hackney")
    return received, clean_lists(received.lists, received.manifest), rows


@pytest.mark.samples
@pytest.mark.parametrize("name", EXPECTED)
def test_eleven_lists_with_all_their_rows(raw, samples, name):
    received, cleaned, rows = received_and_cleaned(raw, samples, name)
    assert received.refusals == []
    manifest = received.manifest.set_index("list")["rows_read"]
    assert [manifest[name] for name in ANNEX_A] == rows
    assert [len(cleaned.lists[name]) for name in ANNEX_A] == rows
    assert cleaned.quarantine.empty


@pytest.mark.samples
def test_short_names_of_referral_sources_are_their_codes(raw, samples):
    _, cleaned, _ = received_and_cleaned(raw, samples, "ofsted_layout_2015-01-sample.xlsx")
    assert cleaned.lists["referrals"]["referral_source"].tolist()[:3] == ["2A", "3F", "6"]


@pytest.mark.samples
def test_ids_are_text_without_a_decimal_point_and_ages_whole_years(raw, samples):
    _, cleaned, _ = received_and_cleaned(raw, samples, "liia_2022_Annex_A.xlsx")
    contacts = cleaned.lists["contacts"]
    assert contacts["child_id"].str.fullmatch(r"\d+").all()
    assert contacts["age_reported"].tolist() == [6, 8, 11, 14, 15]


@pytest.mark.samples
def test_what_is_odd_in_the_real_workbook_is_said(raw, samples):
    _, cleaned, _ = received_and_cleaned(raw, samples, "liia_2022_Annex_A.xlsx")
    rules = cleaned.issues.groupby("list")["rule"].agg(set).to_dict()
    assert "postcode_unreadable" in rules["children_in_care"]
    assert "event_before_birth" in rules["children_in_care"]
    assert "column_missing" in rules["care_leavers"]
    before_birth = cleaned.issues.query("rule == 'event_before_birth'")
    assert before_birth[["list", "excel_row"]].to_numpy().tolist() == [
        ["child_protection_plans", 8],
        ["children_in_care", 5],
        ["adoptions", 5],
    ]
