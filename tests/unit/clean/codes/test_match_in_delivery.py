"""Codes in a delivery, end to end: council words first, guesses flagged, unmatched wordings listed."""

import datetime as dt

from cf_pipeline.clean import clean_lists
from cf_pipeline.contracts.mapping import NO_MAPPING, CouncilMapping
from cf_pipeline.ingest.receive import receive_deliveries
from tests.support.workbooks import AUTHORITY, deliver, narrow_table

DAY = dt.date(2019, 11, 5)
BORN = dt.date(2001, 1, 1)


def cleaned(raw, sheets, mapping=NO_MAPPING):
    deliver(raw, sheets)
    received = receive_deliveries(raw, AUTHORITY)
    return clean_lists(received.lists, received.manifest, mapping=mapping)


def contacts(*sources):
    rows = [
        {"child_id": f"A{number}", "contact_date": DAY, "date_of_birth": BORN, "contact_source": source}
        for number, source in enumerate(sources)
    ]
    return {"List 1": narrow_table("contacts", *rows)}


def rules(result, column):
    issues = result.issues[result.issues["column"] == column]
    return issues[["rule", "excel_row"]].to_numpy().tolist()


def test_a_council_s_wording_is_the_code_it_says(raw):
    mapping = CouncilMapping(codes={"contact_referral_source": {"DAUI": "1A", "School": "2B"}})
    result = cleaned(raw, contacts("DAUI", "school", "Police"), mapping)
    assert result.lists["contacts"]["contact_source"].tolist() == ["1A", "2B", "6"]
    assert rules(result, "contact_source") == []
    assert result.unmatched_codes.empty


def test_an_unmatched_wording_is_blank_with_an_issue_and_a_line_to_decide(raw):
    result = cleaned(raw, contacts("SLEX", "SLEX", "Local constable"))
    assert result.lists["contacts"]["contact_source"].isna().all()
    assert rules(result, "contact_source") == [["code_unmatched", row] for row in (2, 3, 4)]
    decide = result.unmatched_codes[["wording", "rows", "guess"]].astype(object)
    assert decide.where(decide.notna(), None).to_numpy().tolist() == [
        ["SLEX", 2, None],
        ["Local constable", 1, "6"],
    ]


def test_key_words_a_council_asks_for_give_codes_that_are_flagged(raw):
    mapping = CouncilMapping(infer_codes=frozenset({"contact_referral_source"}))
    result = cleaned(raw, contacts("Local constable"), mapping)
    assert result.lists["contacts"]["contact_source"].tolist() == ["6"]
    assert rules(result, "contact_source") == [["code_inferred", 2]]


def test_two_facts_of_a_care_leaver_s_accommodation_fill_both_columns(raw):
    leaver = {
        "child_id": "A1",
        "date_of_birth": BORN,
        "eligibility": "Relevant child",
        "accommodation_type": "Y2",
        "accommodation_suitability": None,
    }
    result = cleaned(raw, {"List 9": narrow_table("care_leavers", leaver)})
    row = result.lists["care_leavers"].iloc[0]
    assert (row["accommodation_type"], row["accommodation_suitability"]) == ("Y", "2")
    assert rules(result, "accommodation_suitability") == [["two_facts_split", 2]]
