"""A file that was read is not parsed again, and what was kept of it is what reading it again would give."""

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from cf_pipeline.contracts.mapping import NO_MAPPING, CouncilMapping
from cf_pipeline.errors import MachineError
from cf_pipeline.ingest import file_results
from cf_pipeline.ingest.deliveries import DeliveredFile
from cf_pipeline.ingest.file_results import file_key
from cf_pipeline.ingest.files.limits import DEFAULT_LIMITS
from cf_pipeline.ingest.receive import receive_deliveries
from cf_pipeline.project.results.lake_results import LakeResults
from tests.support.workbooks import AUTHORITY, deliver, deliver_text, full_table, narrow_table, truncated

CONTACT = {"child_id": "A1", "contact_date": dt.date(2019, 11, 5), "contact_source": "Police"}
ENQUIRY = {"child_id": "A1", "s47_start_date": dt.date(2019, 11, 6)}
CSV = b"Child Unique ID,Date of Contact,Contact Source,Phone of worker\nA1,2019-11-05,Police,1\n"


@pytest.fixture
def store(tmp_path):
    return lambda version="v1": LakeResults(str(tmp_path / "lake"), "files", AUTHORITY, version)


@pytest.fixture
def parsed(monkeypatch):
    """The names of the files that are parsed from now on."""
    names = []

    def read_lists(file, limits, mapping):
        names.append(file.name)
        return original(file, limits, mapping)

    original = file_results.read_lists
    monkeypatch.setattr(file_results, "read_lists", read_lists)
    return names


def as_text(frame):
    """What is kept has texts written out, what is read without a store has categories of them."""
    return frame.astype({name: "str" for name, dtype in frame.dtypes.items() if str(dtype) == "category"})


def assert_same(received, other):
    for name in ("manifest", "findings", "unmatched_headers"):
        pd.testing.assert_frame_equal(getattr(received, name), getattr(other, name))
    assert received.refusals == other.refusals
    assert received.lists.keys() == other.lists.keys()
    for name, rows in received.lists.items():
        pd.testing.assert_frame_equal(as_text(rows), as_text(other.lists[name]))


def deliver_of_every_kind(raw):
    """Deliveries with lists, findings, unmatched headers, refusals, duplicates and dates in title rows."""
    both = {"List 1": full_table("contacts", CONTACT, CONTACT | {"child_id": None, "contact_source": "#N/A"})}
    both |= {"List 4": full_table("section_47_enquiries", ENQUIRY), "Notes": [["nothing"]]}
    deliver(raw, both, "2019-09-30")
    deliver(raw, {"List 1": [["as at 30 June 2019"], *narrow_table("contacts", CONTACT)]}, "2019-06-30")
    deliver(raw, {"List 1": [["as at 31 March 2019"], *narrow_table("contacts", CONTACT)]}, "", "loose.xlsx")
    deliver(raw, {"List 1": full_table("contacts", CONTACT)}, "2018-01-01_2018-12-31")
    deliver_text(raw, CSV, "2019-12-31")
    deliver_text(raw, CSV, "2019-12-31", "the same again.csv")
    deliver_text(
        raw, b"Child Unique ID,Contact Source,Gender,Ethnicity\nA1,Police,F,WBRI\n", "2019-12-31", "near.csv"
    )
    deliver_text(raw, b"one,two\n1,2\n", "2019-12-31", "no list.csv")
    deliver_text(raw, b"a letter", "2019-12-31", "letter.docx")
    truncated(deliver(raw, {"List 1": full_table("contacts", CONTACT)}, "2018-12-31"))
    deliver(raw, {"List 1": full_table("contacts", CONTACT)}, "spring", "undated.xlsx")


def test_what_is_kept_is_what_reading_gives(raw, store, parsed):
    deliver_of_every_kind(raw)
    cold = receive_deliveries(raw, AUTHORITY)
    first = receive_deliveries(raw, AUTHORITY, store=store())
    parsed.clear()
    warm = receive_deliveries(raw, AUTHORITY, store=store())
    assert_same(cold, first)
    assert_same(cold, warm)
    assert first.keys == warm.keys
    assert set(warm.keys) == {"2018-01-01_2018-12-31", "2019-03-31", "2019-06-30", "2019-09-30", "2019-12-31"}
    # what refuses its delivery is read each time; nothing is kept of what is no spreadsheet
    assert sorted(parsed) == ["annex_a.xlsx", "letter.docx", "spring/undated.xlsx"]


def test_only_the_new_file_is_parsed(raw, store, parsed):
    deliver_text(raw, CSV, "2019-09-30")
    before = receive_deliveries(raw, AUTHORITY, store=store())
    parsed.clear()
    deliver_text(raw, CSV.replace(b"A1", b"B1"), "2019-12-31", "new.csv")
    after = receive_deliveries(raw, AUTHORITY, store=store())
    assert parsed == ["new.csv"]
    assert after.keys["2019-09-30"] == before.keys["2019-09-30"]
    assert_same(receive_deliveries(raw, AUTHORITY), after)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: file.write_bytes(file.read_bytes()[:-1]),
        lambda file: file.write_bytes(file.read_bytes()[:-9] + b"x" + file.read_bytes()[-8:]),
        lambda file: file.write_bytes(b""),
        lambda file: shutil.rmtree(file.parent),
        lambda file: (file.unlink(), file.mkdir()),
    ],
    ids=["truncated", "damaged", "empty", "the store deleted", "a folder in its place"],
)
def test_a_result_that_is_not_as_it_was_written_is_read_again(raw, store, parsed, tmp_path, spoil):
    deliver_text(raw, CSV)
    cold = receive_deliveries(raw, AUTHORITY, store=store())
    parsed.clear()
    (file,) = (path for path in (tmp_path / "lake").rglob("*") if path.is_file())
    spoil(file)
    if file.is_dir():
        with pytest.raises(MachineError):  # found, and what was read cannot be kept
            receive_deliveries(raw, AUTHORITY, store=store())
        return
    again = receive_deliveries(raw, AUTHORITY, store=store())
    assert parsed == ["list.csv"]
    assert_same(cold, again)


def test_another_version_of_the_product_reads_again(raw, store, parsed):
    deliver_text(raw, CSV)
    receive_deliveries(raw, AUTHORITY, store=store())
    receive_deliveries(raw, AUTHORITY, store=store("v2"))
    assert parsed == ["list.csv"] * 2


def test_another_file_of_the_same_name_is_read(raw, store):
    deliver_text(raw, CSV)
    receive_deliveries(raw, AUTHORITY, store=store())
    deliver_text(raw, CSV.replace(b"A1", b"Z9"))
    received = receive_deliveries(raw, AUTHORITY, store=store())
    assert received.lists["contacts"]["child_id"].tolist() == ["Z9"]


def test_a_line_of_the_mapping_is_noticed(raw, store):
    deliver_text(raw, CSV)
    mapping = raw / AUTHORITY / "mapping.toml"
    received = receive_deliveries(raw, AUTHORITY, store=store())
    assert received.lists["contacts"]["contact_team"].isna().all()
    mapping.write_text('[headers.contacts]\n"Phone of worker" = "contact_team"\n')
    received = receive_deliveries(raw, AUTHORITY, store=store())
    assert received.lists["contacts"]["contact_team"].tolist() == ["1"]
    mapping.write_text("# a comment is no word of the council\n")
    mapped_no_more = receive_deliveries(raw, AUTHORITY, store=store())
    assert mapped_no_more.lists["contacts"]["contact_team"].isna().all()


FILE = DeliveredFile(
    path=Path("/raw/a/2019-12-31/list.csv"),
    name="list.csv",
    location="a/2019-12-31/list.csv",
    delivery_id="2019-12-31",
    as_at=dt.date(2019, 12, 31),
    covers_from=None,
    authority="a",
)


def test_everything_that_reading_looks_at_is_in_the_key():
    keys = [file_key(FILE, "hash", DEFAULT_LIMITS, NO_MAPPING)]
    changes = {
        "path": FILE.path.with_name("other.csv"), "name": "x/list.csv", "location": "b/list.csv",
        "delivery_id": "2019",
        "as_at": None, "covers_from": dt.date(2019, 1, 1), "authority": "b", "folder_names": ("2019-12-31",),
        "refusal": "not_a_file",
    }  # fmt: skip
    assert changes.keys() == vars(FILE).keys()
    keys += [
        file_key(replace(FILE, **{name: value}), "hash", DEFAULT_LIMITS, NO_MAPPING)
        for name, value in changes.items()
    ]
    keys.append(file_key(FILE, "other", DEFAULT_LIMITS, NO_MAPPING))
    keys.append(file_key(FILE, "hash", replace(DEFAULT_LIMITS, sheets=1), NO_MAPPING))
    mappings = {
        "headers": {"contacts": {"Team": "contact_team"}}, "codes": {"gender": {"Lady": "F"}},
        "sheets": {"A": "contacts"},
        "month_first": frozenset({"contacts"}), "id_zero_pad": 8, "load_hidden_sheets": True,
        "infer_codes": frozenset({"gender"}), "categories": frozenset({"East"}),
        "workers": frozenset({"A Name"}), "intervals": {"protection_visit": "10 working days"},
    }  # fmt: skip
    assert mappings.keys() == vars(NO_MAPPING).keys()
    keys += [
        file_key(FILE, "hash", DEFAULT_LIMITS, CouncilMapping(**{name: value}))
        for name, value in mappings.items()
    ]
    assert len(set(keys)) == len(keys)


def test_a_machine_s_fault_is_never_kept(raw, store, parsed, monkeypatch):
    deliver_text(raw, CSV)

    def break_down(file, limits, mapping):
        raise MachineError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(file_results, "read_lists", break_down)
        with pytest.raises(MachineError):
            receive_deliveries(raw, AUTHORITY, store=store())
    received = receive_deliveries(raw, AUTHORITY, store=store())
    assert parsed == ["list.csv"]
    assert len(received.lists["contacts"]) == 1


def test_a_file_replaced_while_it_is_read_is_not_kept_under_the_content_before(raw, store, monkeypatch):
    path = deliver_text(raw, CSV)
    original = file_results.read_lists

    def replace_and_read(file, limits, mapping):
        path.write_bytes(CSV.replace(b"A1", b"Z9"))
        return original(file, limits, mapping)

    with monkeypatch.context() as racing:
        racing.setattr(file_results, "read_lists", replace_and_read)
        received = receive_deliveries(raw, AUTHORITY, store=store())
    assert received.lists["contacts"]["child_id"].tolist() == ["Z9"]
    assert received.keys == {}
    path.write_bytes(CSV)
    received = receive_deliveries(raw, AUTHORITY, store=store())
    assert received.lists["contacts"]["child_id"].tolist() == ["A1"]
