import pytest

from cf_pipeline.history.erased_people import ErasedPeople
from cf_pipeline.project.privacy.erasures import (
    Erasures,
    ErasuresError,
    add_key,
    read_erasures,
    ready_people,
    renew_keys,
    write_erasures,
)
from cf_pipeline.project.privacy.register_files import (
    FOLDER,
    KEYS_FILE,
    authorities_with_erasures,
    erasures_hash,
)


@pytest.fixture
def written(tmp_path):
    people = ready_people(tmp_path, read_erasures(tmp_path, "camden").people).with_child("QZX0001")
    erasures = Erasures(people, texts=frozenset({"Team A"}))
    write_erasures(tmp_path, "camden", erasures)
    return erasures


def test_nobody_is_erased_without_a_register(tmp_path):
    assert read_erasures(tmp_path, "camden").people == ErasedPeople("E09000007")
    assert erasures_hash(tmp_path, "camden") == read_erasures(tmp_path, "camden").hash == ""


def test_a_register_is_read_as_it_was_written(tmp_path, written):
    found = read_erasures(tmp_path, "camden")
    assert found.people == written.people
    assert found.texts == {"Team A"}
    assert found.amounts.empty
    assert found.hash == written.hash == erasures_hash(tmp_path, "camden") != ""
    assert authorities_with_erasures(tmp_path) == ["camden"]


def test_no_file_of_it_holds_an_id_and_all_are_private(tmp_path, written):
    files = list((tmp_path / FOLDER).iterdir())
    assert len(files) == 2
    for path in files:
        assert b"QZX0001" not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0


def test_a_damaged_register_stops_everything(tmp_path, written):
    (path,) = (tmp_path / FOLDER).glob("*.register")
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ErasuresError, match="erased children would be loaded again"):
        read_erasures(tmp_path, "camden")


def test_without_its_keys_a_register_stops_everything(tmp_path, written):
    (tmp_path / FOLDER / KEYS_FILE).unlink()
    with pytest.raises(ErasuresError, match=r"register\.keys cannot be read"):
        read_erasures(tmp_path, "camden")


def test_renewed_keys_find_the_same_people_and_no_hash_is_the_one_of_before(tmp_path, written):
    add_key(tmp_path)  # a renewal that was killed before it wrote a register
    renew_keys(tmp_path)
    found = read_erasures(tmp_path, "camden")
    assert len(found.people.keys) == 3
    assert found.people.hashes == {found.people.hash_id("QZX0001")} != written.people.hashes
    assert not found.people.hashes & {found.people.hash_id("QZX0002")}
    assert found.texts == written.texts


def test_without_a_register_no_key_is_made(tmp_path):
    renew_keys(tmp_path)
    assert not (tmp_path / FOLDER).exists()
