"""Cleaning lists: every row is loaded or quarantined, and every broken rule has an issue."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cf_pipeline.clean import ContractError, clean_lists
from cf_pipeline.clean.issues import ISSUES, QUARANTINE
from cf_pipeline.clean.lists import _check_contract
from cf_pipeline.clean.rules.catalogue import ALL_RULES, RULES
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.ingest.receive import receive_deliveries
from tests.support.workbooks import AUTHORITY, deliver, full_table, header_row, narrow_table

CANARY = "SECRET-77"
DAY = dt.date(2019, 11, 5)
CONTACT = {
    "child_id": "A1",
    "contact_date": DAY,
    "contact_source": "Police",
    "date_of_birth": dt.date(2010, 1, 1),
}
NEED = {"child_id": "A1", "cin_start_date": DAY, "date_of_birth": dt.date(2010, 1, 1)}


def cleaned(raw, sheets, **place):
    deliver(raw, sheets, **place)
    received = receive_deliveries(raw, AUTHORITY)
    assert received.refusals == []
    return clean_lists(received.lists, received.manifest)


def found(result, *rules):
    issues = result.issues[result.issues["rule"].isin(rules)]
    return issues[["rule", "excel_row", "column"]].to_numpy().tolist()


def test_rows_come_out_typed_and_coded(raw):
    result = cleaned(
        raw, {"List 1": full_table("contacts", CONTACT | {"gender": "Female", "age_reported": 9.8})}
    )
    contacts = result.lists["contacts"]
    assert contacts.dtypes.to_dict() == list_contracts()["contacts"].empty().dtypes.to_dict()
    row = contacts.iloc[0]
    assert (row["child_id"], row["gender"], row["contact_source"], row["age_reported"]) == ("A1", "F", "6", 9)
    assert row["contact_date"] == pd.Timestamp(DAY)


def test_every_list_comes_out_typed_when_nothing_was_supplied(raw):
    result = cleaned(raw, {"List 1": [header_row("contacts")]})
    for name, contract in list_contracts().items():
        assert result.lists[name].dtypes.to_dict() == contract.empty().dtypes.to_dict()
    assert list(result.issues.columns) == ISSUES.column_names
    assert list(result.quarantine.columns) == QUARANTINE.column_names


@pytest.mark.mess(38, 39)
def test_a_bad_cell_is_blank_with_an_issue_at_its_excel_row_and_the_row_stays(raw):
    bad = {
        "date_of_birth": "31/02/2010",
        "gender": "purple",
        "age_reported": "old",
        "contact_completed_date": "1900-01-01",
    }
    result = cleaned(raw, {"List 1": [["Title"], [], *full_table("contacts", CONTACT, CONTACT | bad)]})
    assert len(result.lists["contacts"]) == 2
    assert result.lists["contacts"].loc[1, list(bad)].isna().all()
    assert sorted(
        found(result, "date_unreadable", "date_placeholder", "number_unreadable", "code_unmatched")
    ) == [
        ["code_unmatched", 5, "gender"],
        ["date_placeholder", 5, "contact_completed_date"],
        ["date_unreadable", 5, "date_of_birth"],
        ["number_unreadable", 5, "age_reported"],
    ]


@pytest.mark.mess(25)
def test_blank_rows_are_nothing_wherever_they_stand(raw):
    rows = full_table(
        "contacts", CONTACT, {}, {"contact_team": "  "}, CONTACT | {"contact_date": dt.date(2019, 11, 6)}, {}
    )
    result = cleaned(raw, {"List 1": rows})
    assert result.lists["contacts"]["excel_row"].tolist() == [2, 5]
    assert result.quarantine.empty


@pytest.mark.mess(26, 27, 28)
def test_rows_that_are_no_record_are_set_aside_by_rule(raw):
    rows = full_table(
        "contacts",
        CONTACT,
        {"child_id": "Total: 45"},
        {"contact_source": "Grand total", "age_reported": 3},
        {"child_id": "Applied filters: Team is East"},
        {"contact_team": "Printed by somebody"},
        CONTACT | {"child_id": None},
        CONTACT | {"child_id": "1.2E+07"},
        CONTACT | {"child_id": "A2"},
    )
    rows.insert(3, header_row("contacts"))
    result = cleaned(raw, {"List 1": rows})
    assert result.lists["contacts"]["excel_row"].tolist() == [2, 10]
    assert result.quarantine[["excel_row", "rule"]].to_numpy().tolist() == [
        [3, "total_row"],
        [4, "repeated_header"],
        [5, "total_row"],
        [6, "footer_row"],
        [7, "footer_row"],
        [8, "no_child_id"],
        [9, "id_digits_lost"],
    ]
    assert set(result.quarantine["rule"]) <= set(result.issues["rule"])


@pytest.mark.mess(29)
def test_exact_doubles_stay_for_the_history_to_count(raw):
    assert len(cleaned(raw, {"List 1": full_table("contacts", CONTACT, CONTACT)}).lists["contacts"]) == 2


def test_who_holds_a_case_is_a_digest_and_nobody_is_nothing(raw):
    referral = {
        "child_id": "A1",
        "referral_date": DAY,
        "referral_source": "Police",
        "allocated_worker": "A Name",
    }
    result = cleaned(
        raw, {"List 3": full_table("referrals", referral, referral | {"allocated_worker": None})}
    )
    someone, nobody = result.lists["referrals"]["allocated_worker"]
    assert len(someone) == 16
    assert "name" not in someone.casefold()
    assert pd.isna(nobody)
    del referral["allocated_worker"]
    result = cleaned(raw, {"List 3": narrow_table("referrals", referral)})
    assert result.lists["referrals"]["allocated_worker"].isna().all()


def test_a_blank_key_date_is_an_error_and_an_unreadable_one_says_so_once(raw):
    result = cleaned(
        raw,
        {
            "List 1": full_table(
                "contacts", CONTACT | {"contact_date": None}, CONTACT | {"contact_date": "soon"}
            )
        },
    )
    assert found(result, "key_date_missing", "date_unreadable") == [
        ["date_unreadable", 3, "contact_date"],
        ["key_date_missing", 2, "contact_date"],
    ]


def test_a_visit_that_was_due_and_not_made_is_no_error(raw):
    visit = {"child_id": "A1", "cla_visit_date": None, "cla_visit_due_date": DAY, "is_seen": "No"}
    result = cleaned(
        raw, {"CLA Visits": full_table("cla_visits", visit, visit | {"cla_visit_due_date": None})}
    )
    assert found(result, "key_date_missing") == [["key_date_missing", 3, "cla_visit_date"]]


BIRTH = dt.date(2010, 1, 31)


@pytest.mark.mess(51, 52, 53, 54, 55, 56)
@pytest.mark.parametrize(
    ("record", "rules"),
    [
        ({"cin_closure_date": dt.date(2019, 11, 5)}, []),
        ({"cin_closure_date": dt.date(2019, 11, 4)}, ["end_before_start"]),
        ({"cin_start_date": dt.date(2019, 12, 31)}, []),
        ({"cin_start_date": dt.date(2020, 1, 1)}, ["event_after_as_at"]),
        ({"date_of_birth": BIRTH, "cin_start_date": dt.date(2009, 4, 30)}, []),
        ({"date_of_birth": BIRTH, "cin_start_date": dt.date(2009, 4, 29)}, ["event_before_birth"]),
        ({"date_of_birth": dt.date(2019, 12, 31)}, []),
        ({"date_of_birth": dt.date(2020, 1, 1)}, ["unborn_child"]),
        ({"date_of_birth": dt.date(2020, 9, 30), "cin_start_date": dt.date(2019, 12, 31)}, ["unborn_child"]),
        ({"date_of_birth": dt.date(2020, 10, 1), "cin_start_date": None}, ["birth_date_too_late"]),
        ({"cin_start_date": dt.date(2015, 1, 1), "cin_closure_date": dt.date(2019, 6, 30)}, []),
        (
            {"cin_start_date": dt.date(2015, 1, 1), "cin_closure_date": dt.date(2019, 6, 29)},
            ["event_before_window"],
        ),
        ({"age_reported": 9}, []),
        ({"age_reported": 8}, []),
        ({"age_reported": 7}, ["age_differs"]),
    ],
)
def test_dates_of_a_row_are_held_against_each_other(raw, record, rules):
    result = cleaned(raw, {"List 6": full_table("children_in_need", NEED | record)})
    ignored = {"column_missing", "optional_column_missing", "source_id_missing", "key_date_missing"}
    assert [rule for rule in result.issues["rule"] if rule not in ignored] == rules
    assert len(result.lists["children_in_need"]) == 1


@pytest.mark.mess(55)
def test_a_stated_period_is_the_window(raw):
    old = CONTACT | {"contact_date": dt.date(2017, 5, 1)}
    result = cleaned(raw, {"List 1": full_table("contacts", old)}, delivery="2016-04-01_2019-12-31")
    assert found(result, "event_before_window") == []


@pytest.mark.mess(51)
def test_nobody_in_care_is_unborn(raw):
    record = {"child_id": "A1", "cla_start_date": DAY, "date_of_birth": dt.date(2020, 1, 5)}
    result = cleaned(raw, {"List 8": full_table("children_in_care", record)})
    assert [rule for rule, _, _ in found(result, "unborn_in_care", "unborn_child")] == ["unborn_in_care"]


def test_a_list_that_came_twice_is_flagged_only_when_records_are_shared(raw):
    deliver(raw, {"List 1": full_table("contacts", CONTACT)}, name="a.xlsx")
    assert (
        found(
            cleaned(raw, {"List 1": full_table("contacts", CONTACT | {"child_id": "B"})}, name="b.xlsx"),
            "list_supplied_twice",
        )
        == []
    )
    result = cleaned(
        raw, {"List 1": full_table("contacts", CONTACT, CONTACT | {"child_id": "C"})}, name="c.xlsx"
    )
    assert len(found(result, "list_supplied_twice")) == 1
    assert len(result.lists["contacts"]) == 4


def test_no_issue_and_no_quarantine_holds_a_cell(raw):
    bad = dict.fromkeys(list_contracts()["contacts"].column_names, CANARY)
    result = cleaned(raw, {"List 1": full_table("contacts", bad, bad | {"child_id": None})})
    assert len(result.issues) > 5
    assert CANARY not in result.issues.to_csv() + result.quarantine.to_csv()


def test_a_broken_contract_is_told_in_counts_never_in_values():
    contract = list_contracts()["contacts"]
    rows = contract.empty().reindex([0, 1]).astype(contract.empty().dtypes.to_dict())
    rows = rows.assign(child_id=CANARY, gender=CANARY, delivery_id="x", as_at=pd.Timestamp(DAY), file="f")
    rows = rows.assign(excel_row=pd.array([1, 2], dtype="Int64"))
    rows = rows.astype({"child_id": "str", "gender": "str", "delivery_id": "str", "file": "str"})
    with pytest.raises(ContractError, match=r"contacts.*gender \(code of the set\): 2") as raised:
        _check_contract(contract, rows.astype({"as_at": "datetime64[us]"}))
    assert CANARY not in str(raised.value)
    assert raised.value.__context__ is None


def test_every_rule_says_what_is_wrong_and_what_to_do_and_has_one_name():
    assert len(RULES) == len(ALL_RULES)
    for rule in ALL_RULES:
        assert rule.message
        assert rule.suggestion
        assert rule.lists is None or set(rule.lists) <= set(list_contracts())


CELLS = st.one_of(
    st.none(),
    st.sampled_from(["", "A1", "Total", "12", "31/12/2019", "Child Unique ID", "Police", "1.2E+07", "n/a"]),
    st.text(
        st.characters(min_codepoint=32, exclude_characters="\x7f", exclude_categories=("Cs", "Cc")),
        max_size=12,
    ),
    st.integers(-5, 50_000),
    st.dates(dt.date(1905, 1, 1), dt.date(2030, 1, 1)),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(rows=[["Total", "Child Unique ID", "A"]])  # read as headers of a table that is no known list
@given(rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=8))
def test_rows_read_are_rows_cleaned_and_rows_set_aside(raw, rows):
    sheet = [["Child Unique ID", "Date of Contact", "Contact Source"], *rows]
    deliver(raw, {"List 1": sheet})
    received = receive_deliveries(raw, AUTHORITY)
    result = clean_lists(received.lists, received.manifest)
    filled = [row for row in rows if any(cell is not None and str(cell).strip() for cell in row)]
    of_the_list = received.manifest[received.manifest["list"].eq("contacts")]
    assert of_the_list["rows_read"].tolist() == [len(received.lists["contacts"])]
    assert len(received.lists["contacts"]) <= len(filled)
    assert len(result.lists["contacts"]) + len(result.quarantine) == len(received.lists["contacts"])
