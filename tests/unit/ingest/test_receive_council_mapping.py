"""A council's own names of sheets and headers, and the headers that it has to decide."""

import datetime as dt
import errno
import os
import re
from pathlib import Path

import pytest

from cf_pipeline.clean import clean_lists
from cf_pipeline.cli.file_check import check_file
from cf_pipeline.contracts import mapping
from cf_pipeline.contracts.mapping import MappingError, load_mapping
from cf_pipeline.errors import MachineError
from cf_pipeline.ingest.receive import receive_deliveries
from cf_pipeline.ingest.tables.redact import redact_header
from cf_pipeline.ingest.tables.unmatched_headers import UNMATCHED
from tests.support import small_deliveries
from tests.support.workbooks import AUTHORITY, as_csv, deliver, narrow_table

DAY = dt.date(2019, 11, 5)
CONTACT = {"child_id": "A1", "contact_date": DAY, "contact_source": "Police"}
PAGE = Path(__file__).parents[3] / "docs" / "mapping.md"


def write_mapping(raw, text):
    folder = raw / AUTHORITY
    folder.mkdir(exist_ok=True)
    (folder / "mapping.toml").write_text(text, encoding="utf-8")


def test_the_example_of_the_page_is_a_mapping_that_loads(tmp_path):
    example = re.search(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "mapping.toml").write_text(example[1], encoding="utf-8")
    mapping = load_mapping(tmp_path)
    assert mapping.headers == {"contacts": {"Worked on": "contact_date", "Came from": "contact_source"}}
    assert mapping.sheets == {"Front door": "contacts"}
    assert (mapping.id_zero_pad, mapping.load_hidden_sheets) == (8, True)
    assert mapping.codes["contact_referral_source"] == {"Met Police MASH": "6"}


def test_a_council_s_header_makes_the_list_and_wins_over_the_official_one(raw):
    rows = [["Child ID", "WORKED  ON", "Date of Contact"], ["A1", DAY, dt.date(1999, 1, 1)]]
    write_mapping(raw, '[headers.contacts]\n"Worked on" = "contact_date"\n"In no file" = "contact_source"\n')
    deliver(raw, {"Contacts": rows})
    received = receive_deliveries(raw, AUTHORITY)
    assert received.lists["contacts"]["contact_date"].tolist() == ["2019-11-05"]
    assert received.findings.empty


def test_a_council_s_sheet_is_the_list_it_says_or_none(raw):
    visits = [["Child ID", "Visit date", "Child seen", "Seen alone"], ["A1", DAY, "Yes", "Yes"]]
    write_mapping(raw, '[sheets]\n"Home visits" = "cp_visits"\n"Staff" = "contacts"\n')
    deliver(
        raw, {"Home visits": visits, "Staff": [["Child ID", "Gender", "Contact Source"], ["A1", "F", "x"]]}
    )
    received = receive_deliveries(raw, AUTHORITY)
    assert received.manifest[["list", "status"]].fillna("").to_numpy().tolist() == [
        ["cp_visits", "read"],
        ["", "refused"],
    ]
    assert "sheet 'Staff': it looks like the list contacts without Date of Contact" in received.refusals[0]


def test_a_csv_may_be_named_by_its_file(raw):
    rows = [["Child ID", "Visit date", "Child seen", "Seen alone"], ["A1", DAY, "Yes", "Yes"]]
    as_csv(raw / AUTHORITY / "2019-12-31" / "export7.csv", rows)
    write_mapping(raw, '[sheets]\nexport7 = "cla_visits"\n')
    assert receive_deliveries(raw, AUTHORITY).manifest["list"].tolist() == ["cla_visits"]


def test_headers_that_nothing_knows_are_kept_with_their_rows_and_the_nearest_column(raw):
    rows = narrow_table("contacts", CONTACT, CONTACT)
    rows[0] += ["Contact outcom code", "Zebra"]
    rows[1] += ["NFA", None]
    rows[2] += [None, None]
    deliver(raw, {"List 1": rows})
    unmatched = receive_deliveries(raw, AUTHORITY).unmatched_headers
    assert unmatched.dtypes.astype(str).to_dict() == UNMATCHED.dtypes
    assert unmatched[["list", "sheet", "header", "rows", "guess"]].to_numpy().tolist() == [
        ["contacts", "List 1", "Contact outcom code", 1, "contact_outcome"],
        ["contacts", "List 1", "Zebra", 0, ""],
    ]


def test_a_refused_sheet_leaves_its_headers_to_decide(raw):
    rows = [["Child ID", "Gender", "Contact Source", "Contact made"], ["A1", "F", "Police", DAY]]
    deliver(raw, {"List 1": rows})
    unmatched = receive_deliveries(raw, AUTHORITY).unmatched_headers
    assert unmatched[["list", "header", "rows"]].to_numpy().tolist() == [["contacts", "Contact made", 1]]


@pytest.mark.parametrize(
    "header",
    [
        "1234567",
        "12/03/2012",
        "5 May 2011",
        "2012-03-05",
        "A12B345678",
        "was seen at home with her mother " * 2,
    ],
)
def test_a_header_that_looks_like_a_record_is_not_shown(raw, header):
    assert redact_header(header) == "(not shown)"
    rows = narrow_table("contacts", CONTACT)
    deliver(raw, {"List 1": [[*rows[0], header], [*rows[1], "x"]]})
    received = receive_deliveries(raw, AUTHORITY)
    assert received.unmatched_headers["header"].tolist() == ["(not shown)"]
    assert received.unmatched_headers["guess"].tolist() == [""]
    assert received.manifest["columns_ignored"].tolist() == ["(not shown)"]


WRONG = {
    '[headers.contcts]\nx = "child_id"': "unknown list contcts; did you mean contacts?",
    '[headers]\ncontacts = "x"': "[headers.contacts] must be a table of its own.",
    '[codes]\ngender = "x"': "[codes.gender] must be a table of its own.",
    '[headers.contacts]\nx = "contact_dat"': "unknown column of contacts contact_dat; did you",
    '[sheets]\nload_hidden = "no"': "load_hidden of [sheets] must be true or false.",
    '[dates]\nmonth_first = "contacts"': "month_first of [dates] must be a list of names, as in",
    "[codes]\ninfer = 3": 'infer of [codes] must be a list of names, as in ["contacts"].',
    "[categories]\npublish = 'North'": 'publish of [categories] must be a list of names, as in ["contacts"].',
    "[categories]\nteams = []": "unknown setting of [categories] teams.",
    "[ids]\nzero_pad = 99": "zero_pad of [ids] must be a whole number from 0 to 20.",
    "[what": "cannot be read:",
}


@pytest.mark.parametrize(("text", "sentence"), WRONG.items())
def test_a_wrong_mapping_is_one_sentence_that_names_the_file(raw, text, sentence):
    path = deliver(raw, {"List 1": narrow_table("contacts", CONTACT)})
    write_mapping(raw, text)
    with pytest.raises(MappingError) as error:
        receive_deliveries(raw, AUTHORITY)
    assert str(error.value).startswith("city-of-london/mapping.toml: ")
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)
    assert check_file(path).refusal == str(error.value)


@pytest.mark.mess(6)
def test_one_list_from_several_workbooks_is_their_union_and_only_common_records_are_an_issue(raw):
    deliver(raw, {"List 1": narrow_table("contacts", CONTACT)}, name="a.xlsx")
    deliver(raw, {"List 1": narrow_table("contacts", CONTACT | {"child_id": "B2"})}, name="b.xlsx")
    assert said_twice(raw) == (2, 0)
    deliver(raw, {"List 1": narrow_table("contacts", CONTACT | {"contact_source": "School"})}, name="c.xlsx")
    assert said_twice(raw) == (3, 1)


def said_twice(raw):
    received = receive_deliveries(raw, AUTHORITY)
    cleaned = clean_lists(received.lists, received.manifest, received.findings)
    return len(cleaned.lists["contacts"]), int(cleaned.issues["rule"].eq("list_supplied_twice").sum())


@pytest.mark.mess(9)
def test_the_folder_s_date_wins_over_the_file_s_and_a_title_that_differs_is_said(raw):
    rows = [["Contacts as at 30/09/2019"], *narrow_table("contacts", CONTACT)]
    deliver(raw, {"List 1": rows}, name="contacts 2019-10-31.xlsx")
    received = receive_deliveries(raw, AUTHORITY)
    assert received.manifest["as_at"].dt.strftime("%Y-%m-%d").tolist() == ["2019-12-31"]
    assert received.findings["rule"].tolist() == ["as_at_differs"]


@pytest.mark.mess(9)
def test_the_file_s_date_wins_over_the_title_s(raw):
    rows = [["Contacts as at 30/09/2019"], *narrow_table("contacts", CONTACT)]
    deliver(raw, {"List 1": rows}, delivery="", name="contacts 2019-10-31.xlsx")
    assert receive_deliveries(raw, AUTHORITY).manifest["delivery_id"].tolist() == ["2019-10-31"]


@pytest.mark.mess(9)
@pytest.mark.parametrize("name", ["contacts.xlsx", "contacts 2019-12.xlsx", "contacts December 2019.xlsx"])
def test_neither_today_nor_the_file_s_time_nor_a_month_is_an_as_at_date(raw, name):
    deliver(raw, {"List 1": narrow_table("contacts", CONTACT)}, delivery="", name=name)
    received = receive_deliveries(raw, AUTHORITY)
    assert received.manifest["as_at"].isna().all()
    assert received.manifest["is_delivery_refused"].tolist() == [True]


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (lambda path: path.symlink_to("/nowhere"), "it is a link or a device, not a file"),
        (os.mkfifo, "it is a link or a device, not a file"),
        (lambda path: path.mkdir(), "it is a link or a device, not a file"),
    ],
)
def test_a_mapping_that_is_no_file_is_refused_and_not_passed_over(raw, make, fault):
    small_deliveries.deliver(raw, AUTHORITY)
    make(raw / AUTHORITY / "mapping.toml")
    with pytest.raises(MappingError, match=f"^{AUTHORITY}/mapping.toml: {fault}; put the file itself there"):
        receive_deliveries(raw, AUTHORITY)


def test_a_mapping_that_may_not_be_read_is_refused_and_a_fault_of_the_disk_is_no_refusal(raw, monkeypatch):
    small_deliveries.deliver(raw, AUTHORITY)
    (raw / AUTHORITY / "mapping.toml").touch()
    for number, error in ((errno.EACCES, MappingError), (errno.EIO, MachineError)):

        def fail(*_, number=number, **__):
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(mapping, "read_toml", fail)
        with pytest.raises(error, match=f"^{AUTHORITY}/mapping.toml:? (cannot be opened|could not be read)"):
            receive_deliveries(raw, AUTHORITY)
