"""The key of the pseudonyms: lost or different, no command goes on where records are."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from cf_pipeline.history.pseudonym import pseudonymise
from cf_pipeline.project.id_key import (
    FILE,
    IdKeyError,
    check_people,
    fingerprint,
    verified_id_key,
)
from cf_pipeline.project.lake_layout import PERSON, table_path
from cf_pipeline.project.parquet_table import write_table
from cf_pipeline.project.settings import Settings, SettingsError, load_settings
from cf_pipeline.project.setup import prepare_project

KEY, OTHER = "k" * 32, "o" * 32
CITY = "E09000001"


def settings(root: Path, key: str | None = None) -> Settings:
    return load_settings(root, {"CF_ID_KEY": key} if key else {})


def people(key: str, scope: str = CITY) -> pd.DataFrame:
    ids = pd.Series(["00123", "00124", None], dtype="str")
    return pd.DataFrame(
        {
            "authority_code": CITY,
            "person_ref": pseudonymise(ids, scope, key.encode()).fillna("0"),
            "child_id": ids,
        }
    )


def put_people(root: Path, key: str, scope: str = CITY) -> None:
    """A lake as an earlier version of the product left it: people, and no fingerprint."""
    path = table_path(settings(root, key).lake, PERSON, "city-of-london")
    write_table(path, people(key, scope).drop(columns="authority_code"), PERSON)


def test_the_first_use_of_a_key_leaves_its_fingerprint_and_never_the_key(tmp_path: Path) -> None:
    assert verified_id_key(settings(tmp_path, KEY)) == KEY.encode()
    file = tmp_path / "data" / "lake" / FILE
    assert file.read_text().strip() == fingerprint(KEY.encode())
    assert KEY not in file.read_text()
    assert verified_id_key(settings(tmp_path, KEY)) == KEY.encode()


def test_init_leaves_the_fingerprint_of_the_key_it_makes(tmp_path: Path) -> None:
    prepare_project(settings(tmp_path))
    assert (tmp_path / "data" / "lake" / FILE).is_file()
    assert len(verified_id_key(settings(tmp_path))) == 64


def test_another_key_is_refused_with_what_to_do(tmp_path: Path) -> None:
    verified_id_key(settings(tmp_path, KEY))
    with pytest.raises(IdKeyError, match=r"is not the one with which .*Put your copy of the key back as"):
        verified_id_key(settings(tmp_path, OTHER))
    with pytest.raises(IdKeyError, match="is not the one"):
        prepare_project(settings(tmp_path, OTHER))


def test_a_lost_key_is_refused_and_init_makes_no_new_one(tmp_path: Path) -> None:
    prepare_project(settings(tmp_path))
    key_file = tmp_path / "data" / "id.key"
    key_file.rename(tmp_path / "copy")
    for command in (verified_id_key, prepare_project):
        with pytest.raises(IdKeyError, match="is lost, and"):
            command(settings(tmp_path))
    assert not key_file.exists()
    (tmp_path / "copy").rename(key_file)
    assert prepare_project(settings(tmp_path)) == []


def test_without_a_key_and_without_records_init_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="run `cf-pipeline init`"):
        verified_id_key(settings(tmp_path))


@pytest.mark.parametrize("scope", [CITY, f"{CITY}:adopter_id"])
def test_a_lake_without_a_fingerprint_takes_the_key_that_gives_its_pseudonyms(tmp_path: Path, scope) -> None:
    put_people(tmp_path, KEY, scope)
    with pytest.raises(IdKeyError, match="is not the one"):
        verified_id_key(settings(tmp_path, OTHER))
    with pytest.raises(IdKeyError, match="is lost"):
        prepare_project(settings(tmp_path))
    assert verified_id_key(settings(tmp_path, KEY)) == KEY.encode()
    assert (tmp_path / "data" / "lake" / FILE).is_file()


def test_restricted_records_of_another_key_are_not_replaced(tmp_path: Path) -> None:
    check_people(people(KEY), settings(tmp_path, KEY))
    check_people(people(KEY).head(0), settings(tmp_path, OTHER))
    with pytest.raises(IdKeyError, match="nothing was published"):
        check_people(people(KEY), settings(tmp_path, OTHER))


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"0123"])
def test_a_damaged_fingerprint_is_made_again_by_the_key_of_the_records_alone(
    tmp_path: Path, content: bytes
) -> None:
    put_people(tmp_path, KEY)
    verified_id_key(settings(tmp_path, KEY))
    file = tmp_path / "data" / "lake" / FILE
    file.write_bytes(content)
    with pytest.raises(IdKeyError, match="is not the one with which"):
        verified_id_key(settings(tmp_path, OTHER))
    assert verified_id_key(settings(tmp_path, KEY)) == KEY.encode()
    assert file.read_text().strip() == fingerprint(KEY.encode())
