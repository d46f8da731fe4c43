import datetime as dt

import pytest

from cf_pipeline.contracts.mapping import NO_MAPPING, CouncilMapping
from cf_pipeline.history.erased_people import ErasedPeople, withhold_rows
from cf_pipeline.ingest.deliveries import DeliveredFile
from cf_pipeline.ingest.file_lists import read_lists
from cf_pipeline.ingest.files.limits import DEFAULT_LIMITS

HEADERS = "Child Unique ID,Gender,Date of Birth,Date of Contact,Contact Source\n"
KEYS = (bytes(32), bytes(range(32)))


@pytest.fixture
def read(tmp_path):
    def read_rows(*ids):
        path = tmp_path / "contacts.csv"
        path.write_text(HEADERS + "".join(f"{each},F,01/05/2010,02/10/2019,1A\n" for each in ids))
        file = DeliveredFile(
            path=path,
            name=path.name,
            location=path.name,
            delivery_id="2019-12-31",
            as_at=dt.date(2019, 12, 31),
            covers_from=None,
            authority="camden",
        )
        return read_lists(file, DEFAULT_LIMITS)

    return read_rows


def erased(*ids):
    people = ErasedPeople("E09000007", keys=KEYS)
    for each in ids:
        people = people.with_child(each)
    return people


def test_the_rows_of_an_erased_child_are_as_if_they_had_not_been_read(read):
    kept = withhold_rows(read("A1", "B2", "C3"), erased("B2"), NO_MAPPING)
    ((_, rows),) = kept.frames
    assert rows["child_id"].tolist() == ["A1", "C3"]
    assert rows["child_id"].cat.categories.tolist() == ["A1", "C3"]
    assert kept.entries[0].rows_read == 2


def test_each_of_them_is_told_by_its_place_without_an_id(read):
    kept = withhold_rows(read("A1", "B2", "B2"), erased("B2"), NO_MAPPING)
    told = [each for each in kept.findings if each.rule == "erased_child"]
    assert [(each.file, each.excel_row, each.list) for each in told] == [
        ("contacts.csv", 3, "contacts"),
        ("contacts.csv", 4, "contacts"),
    ]
    assert "B2" not in repr(told)


@pytest.mark.parametrize("written", ["b2", " B2 ", '="B2"', "'B2"])
def test_an_id_is_known_however_it_is_written(read, written):
    ((_, rows),) = withhold_rows(read("A1", written), erased("B2"), NO_MAPPING).frames
    assert rows["child_id"].tolist() == ["A1"]


def test_zeros_that_the_mapping_fills_in_are_filled_in(read):
    ((_, rows),) = withhold_rows(read("A1", "123"), erased("00123"), CouncilMapping(id_zero_pad=5)).frames
    assert rows["child_id"].tolist() == ["A1"]


def test_another_child_stays(read):
    ((_, rows),) = withhold_rows(read("0123", "123"), erased("123"), NO_MAPPING).frames
    assert rows["child_id"].tolist() == ["0123"]


def test_hashes_of_two_authorities_differ():
    assert erased("B2").hashes != ErasedPeople("E09000001", keys=KEYS).with_child("B2").hashes


def test_under_one_more_key_the_same_people_are_known_and_the_old_keys_tell_nothing():
    before = erased("B2")
    after = before.with_key(b"k" * 32)
    assert after.hash_id("B2") in after.hashes
    assert before.hash_id("B2") not in after.hashes
    assert after.with_child("C3").hashes > after.hashes
