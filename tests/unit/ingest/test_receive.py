"""The deliveries of an authority in the drop zone: manifest, lists, refusals."""

import datetime as dt
import shutil

import pandas as pd

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.ingest.manifest import MANIFEST
from cf_pipeline.ingest.receive import (
    find_authorities,
    fingerprint,
    receive_deliveries,
    receive_file,
    refusals_in_drop_zone,
)
from tests.support.workbooks import (
    AS_AT,
    AUTHORITY,
    as_csv,
    deliver,
    deliver_text,
    full_table,
    header_row,
    narrow_table,
    write_workbook,
)

CONTACT = {"child_id": "A1", "contact_date": dt.date(2019, 11, 5), "contact_source": "q) 6: Police"}
REFERRAL = {"child_id": "A1", "referral_date": dt.date(2019, 11, 6), "referral_source": "Police"}


def read(received, list_name):
    return received.lists[list_name]


def test_a_delivery_is_lists_of_text_with_the_place_of_every_row(raw):
    deliver(raw, {"List 1": full_table("contacts", CONTACT, CONTACT | {"child_id": 12345})})
    contacts = read(receive_deliveries(raw, AUTHORITY), "contacts")
    assert list(contacts["child_id"]) == ["A1", "12345"]
    assert list(contacts["contact_date"]) == ["2019-11-05", "2019-11-05"]
    assert list(contacts["excel_row"]) == [2, 3]
    place = contacts[["delivery_id", "as_at", "file", "sheet"]].iloc[0].tolist()
    assert place == [AS_AT, pd.Timestamp(AS_AT), "annex_a.xlsx", "List 1"]


def test_every_list_is_there_with_its_contract_s_columns_even_when_not_supplied(raw):
    deliver(raw, {"List 1": full_table("contacts", CONTACT)})
    received = receive_deliveries(raw, AUTHORITY)
    assert list(received.lists) == list(list_contracts())
    for name, contract in list_contracts().items():
        assert received.lists[name].dtypes.astype(str).equals(contract.empty_text().dtypes.astype(str))


def test_the_manifest_has_one_row_for_each_list_of_each_file(raw):
    deliver(
        raw,
        {
            "Cover": [["Annex A"]],
            "List 1": full_table("contacts", CONTACT),
            "x": full_table("referrals", REFERRAL),
        },
    )
    manifest = receive_deliveries(raw, AUTHORITY).manifest
    assert manifest.dtypes.astype(str).to_dict() == MANIFEST.dtypes
    assert manifest[["list", "sheet", "header_row", "rows_read", "status"]].to_numpy().tolist() == [
        ["contacts", "List 1", 1, 1, "read"],
        ["referrals", "x", 1, 1, "read"],
    ]
    assert manifest["sheets_ignored"].tolist() == ["Cover", "Cover"]
    assert manifest["sha256"].str.len().tolist() == [64, 64]


def test_headers_that_are_no_column_are_listed_and_their_cells_left_behind(raw):
    rows = narrow_table("contacts", CONTACT)
    rows[0].append("Social worker's notes; private")
    rows[1].append("a secret")
    deliver(raw, {"List 1": rows})
    received = receive_deliveries(raw, AUTHORITY)
    assert received.manifest["columns_ignored"].tolist() == ["Social worker's notes, private"]
    assert received.manifest["columns_supplied"].tolist() == ["child_id;contact_date;contact_source"]
    assert "a secret" not in received.lists["contacts"].to_csv()


def test_blank_rows_are_not_rows_and_excel_s_row_numbers_stay_right(raw):
    rows = full_table("contacts", CONTACT, {}, {"child_id": "  "}, CONTACT | {"child_id": "B2"})
    deliver(raw, {"List 1": rows})
    received = receive_deliveries(raw, AUTHORITY)
    assert received.lists["contacts"]["excel_row"].tolist() == [2, 5]
    assert received.manifest["rows_read"].tolist() == [2]


def test_a_folder_may_say_from_when_it_covers(raw):
    deliver(raw, {"List 1": full_table("contacts", CONTACT)}, delivery="2016-04-01_2019-03-31")
    manifest = receive_deliveries(raw, AUTHORITY).manifest
    assert manifest["as_at"].tolist() == [pd.Timestamp("2019-03-31")]
    assert manifest["covers_from"].tolist() == [pd.Timestamp("2016-04-01")]
    assert manifest["delivery_id"].tolist() == ["2016-04-01_2019-03-31"]


def test_a_loose_file_takes_its_date_from_its_name_then_from_its_title(raw):
    rows = full_table("contacts", CONTACT)
    deliver(raw, {"List 1": rows}, delivery="", name="annex 30-09-2019.xlsx")
    deliver(raw, {"List 1": [["Contacts as at 31/12/2019"], [], *rows]}, delivery="", name="annex.xlsx")
    received = receive_deliveries(raw, AUTHORITY)
    assert received.refusals == []
    assert received.manifest["delivery_id"].tolist() == ["2019-09-30", "2019-12-31"]


def test_without_a_date_anywhere_the_delivery_is_refused_in_one_sentence(raw):
    deliver(raw, {"List 1": full_table("contacts", CONTACT)}, delivery="", name="annex 2019-12.xlsx")
    received = receive_deliveries(raw, AUTHORITY)
    assert len(received.refusals) == 1
    assert received.refusals[0].startswith(
        "city-of-london/annex 2019-12.xlsx: the delivery has no as-at date"
    )
    assert received.manifest["is_delivery_refused"].tolist() == [True]
    assert read(received, "contacts").empty


def test_a_workbook_without_a_known_list_is_refused_alone(raw):
    deliver(raw, {"List 1": full_table("contacts", CONTACT)})
    deliver(raw, {"Sheet1": [["Staff", "Leave"], ["x", 3]]}, name="leave.xlsx")
    received = receive_deliveries(raw, AUTHORITY)
    assert [sentence.split(":")[0] for sentence in received.refusals] == [
        "city-of-london/2019-12-31/leave.xlsx"
    ]
    assert received.manifest["is_delivery_refused"].tolist() == [False, False]
    assert len(read(received, "contacts")) == 1


def test_an_empty_folder_is_one_sentence_and_the_rest_goes_on(raw):
    deliver(raw, {"List 1": full_table("contacts", CONTACT)})
    (raw / AUTHORITY / "2020-03-31").mkdir()
    received = receive_deliveries(raw, AUTHORITY)
    assert received.refusals == [
        "city-of-london/2020-03-31: the delivery holds no spreadsheet; add the files or remove the folder"
    ]
    assert len(read(received, "contacts")) == 1


def test_an_authority_without_deliveries_is_one_sentence(raw):
    (raw / AUTHORITY).mkdir()
    assert len(receive_deliveries(raw, AUTHORITY).refusals) == 1


def test_lock_files_are_nobody_s_and_other_documents_are_listed_as_ignored(raw):
    deliver(raw, {"List 1": full_table("contacts", CONTACT)})
    for name in ("~$annex_a.xlsx", ".hidden.xlsx", "Thumbs.db", "letter.docx"):
        deliver_text(raw, b"x", name=name)
    received = receive_deliveries(raw, AUTHORITY)
    assert received.refusals == []
    assert received.manifest[["file", "status"]].to_numpy().tolist() == [
        ["annex_a.xlsx", "read"],
        ["letter.docx", "ignored"],
    ]


def test_the_same_content_twice_in_a_delivery_is_read_once(raw):
    first = deliver(raw, {"List 1": full_table("contacts", CONTACT)}, name="a.xlsx")
    shutil.copy(first, first.with_name("b.xlsx"))
    received = receive_deliveries(raw, AUTHORITY)
    assert received.manifest["status"].tolist() == ["read", "ignored"]
    assert len(read(received, "contacts")) == 1


def test_one_list_from_two_files_of_a_delivery_is_their_union(raw):
    deliver(raw, {"List 1": full_table("contacts", CONTACT)}, name="a.xlsx")
    deliver(raw, {"List 1": full_table("contacts", CONTACT | {"child_id": "B2"})}, name="b.xlsx")
    assert read(receive_deliveries(raw, AUTHORITY), "contacts")["file"].tolist() == ["a.xlsx", "b.xlsx"]


def test_a_csv_is_a_list_whatever_its_delimiter_and_encoding(raw):
    rows = full_table("contacts", CONTACT | {"contact_team": "Señor – team"})
    folder = raw / AUTHORITY / AS_AT
    for number, (delimiter, encoding) in enumerate(
        [(",", "utf-8"), (";", "utf-8-sig"), ("\t", "utf-16"), ("|", "cp1252")]
    ):
        as_csv(folder / f"{number}.csv", rows, delimiter, encoding)
    contacts = read(receive_deliveries(raw, AUTHORITY), "contacts")
    assert contacts["contact_team"].tolist() == ["Señor – team"] * 4
    assert contacts["sheet"].isna().all() or (contacts["sheet"] == "").all()


def test_text_saved_under_a_workbook_s_name_is_read_for_what_it_is(raw):
    as_csv(raw / AUTHORITY / AS_AT / "contacts.xls", full_table("contacts", CONTACT), "\t")
    assert len(read(receive_deliveries(raw, AUTHORITY), "contacts")) == 1


def test_authorities_are_folders_and_underscored_folders_are_not(raw):
    for name in ("hackney", "city-of-london", "_reference", ".git", "City of London"):
        (raw / name).mkdir()
    assert find_authorities(raw) == ["city-of-london", "hackney"]
    assert len(refusals_in_drop_zone(raw)) == 1


def test_the_fingerprint_changes_with_content_and_with_names_only(raw):
    path = deliver(raw, {"List 1": [header_row("contacts")]})
    before = fingerprint(raw, AUTHORITY)
    path.touch()
    assert fingerprint(raw, AUTHORITY) == before
    path.rename(path.with_name("other.xlsx"))
    renamed = fingerprint(raw, AUTHORITY)
    write_workbook(path.with_name("other.xlsx"), {"List 1": full_table("contacts", CONTACT)})
    assert len({before, renamed, fingerprint(raw, AUTHORITY)}) == 3


def test_a_sheet_that_lacks_its_key_date_is_named_and_the_other_sheets_are_read(raw):
    rows = full_table("referrals", REFERRAL)
    rows[0][rows[0].index("Date of referral")] = "When"
    deliver(raw, {"List 1": full_table("contacts", CONTACT), "List 3": rows})
    received = receive_deliveries(raw, AUTHORITY)
    assert received.refusals == [
        "city-of-london/2019-12-31/annex_a.xlsx, sheet 'List 3': it looks like the list referrals without "
        "Date of referral; give the columns the headers of the guidance"
    ]
    assert received.manifest["status"].tolist() == ["read", "refused"]
    assert len(read(received, "contacts")) == 1


def test_a_hidden_sheet_is_listed_and_not_read(raw):
    path = raw / AUTHORITY / AS_AT / "a.xlsx"
    sheets = {"List 1": full_table("contacts", CONTACT), "List 3": full_table("referrals", REFERRAL)}
    write_workbook(path, sheets, hidden=["List 3"])
    received = receive_deliveries(raw, AUTHORITY)
    assert received.manifest[["list", "sheets_ignored"]].to_numpy().tolist() == [
        ["contacts", "List 3 (hidden)"]
    ]
    assert read(received, "referrals").empty


def test_one_file_can_be_read_wherever_it_lies(tmp_path):
    path = write_workbook(tmp_path / "contacts.xlsx", {"List 1": full_table("contacts", CONTACT)})
    assert len(receive_file(path).refusals) == 1
    received = receive_file(path, dt.date(2019, 12, 31))
    assert received.refusals == []
    assert received.lists["contacts"]["delivery_id"].tolist() == ["2019-12-31"]
    assumed = receive_file(path, assumed_as_at=dt.date(2019, 12, 31))
    assert (assumed.is_dated, received.is_dated) == (False, True)
    pd.testing.assert_frame_equal(assumed.lists["contacts"], received.lists["contacts"])
    pd.testing.assert_frame_equal(assumed.manifest, received.manifest)
    dated = path.rename(tmp_path / "contacts 2019-09-30.xlsx")
    found = receive_file(dated, assumed_as_at=dt.date(2019, 12, 31))
    assert (found.is_dated, found.lists["contacts"]["delivery_id"].tolist()) == (True, ["2019-09-30"])
