"""A second lake is compared with the first, and takes its place whatever moment a kill leaves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from upath import UPath

from cf_pipeline.operations.privacy.second_lake import (
    FOLDER,
    find_differences,
    prepare_second_lake,
    put_second_lake_in_place,
    remove_second_lake,
    second_settings,
)
from cf_pipeline.project.lake_layout import PERSON, QUARANTINE, REPORTED, REVISIONS, core_table, table_path
from cf_pipeline.project.lake_reader import LakeReader
from cf_pipeline.project.lake_tables import lake_table
from cf_pipeline.project.parquet_table import write_table
from cf_pipeline.project.settings import Settings, load_settings

OLD, NEW = ("a1" * 16, "a2" * 16), ("b2" * 16, "b1" * 16)
PAIRS = dict(zip(OLD, NEW, strict=True))
KEY = "n" * 32


@pytest.fixture(params=["folder", "object store"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    found = load_settings(tmp_path, {"CF_ID_KEY": "o" * 32})
    return found if request.param == "folder" else replace(found, lake=f"memory://{tmp_path.name}/lake")


def put_people(lake: str, refs: tuple[str, str], ids: tuple[str, str] = ("1", "2")) -> None:
    rows = lake_table(*PERSON).frame(
        [{"person_ref": r, "child_id": i} for r, i in zip(refs, ids, strict=True)]
    )
    write_table(table_path(lake, PERSON, "camden"), rows.sort_values("person_ref"), PERSON)


def people(settings: Settings) -> pd.DataFrame:
    return LakeReader(settings).read(PERSON, "camden")


def test_it_begins_with_the_cleaned_tables_and_what_was_published_when(settings: Settings) -> None:
    put_people(settings.lake, OLD)
    for key in (QUARANTINE, REPORTED, REVISIONS):
        write_table(table_path(settings.lake, key, "camden"), lake_table(*key).empty(), key)
    second = second_settings(settings, KEY)
    prepare_second_lake(settings, second, ["camden"])
    reader = LakeReader(second)
    for key in (QUARANTINE, REPORTED, REVISIONS):
        assert reader.hash_files([key], "camden") == LakeReader(settings).hash_files([key], "camden")
    assert not reader.has(PERSON, "camden")
    assert second.id_key == KEY.encode()


def test_lakes_that_are_the_same_but_for_pseudonyms_and_order_do_not_differ(settings: Settings) -> None:
    second = second_settings(settings, KEY)
    put_people(settings.lake, OLD)
    put_people(second.lake, NEW)
    assert people(settings)["child_id"].tolist() != people(second)["child_id"].tolist()
    assert find_differences(settings, second, "camden", PAIRS) == []


@pytest.mark.parametrize("ids", [("1", "3"), ("2", "1")], ids=["another child", "children exchanged"])
def test_a_history_that_is_another_is_found(settings: Settings, ids: tuple[str, str]) -> None:
    second = second_settings(settings, KEY)
    put_people(settings.lake, OLD)
    put_people(second.lake, NEW, ids)
    assert find_differences(settings, second, "camden", PAIRS) == ["core/person"]


def test_a_pseudonym_that_no_id_explains_is_found(settings: Settings) -> None:
    second = second_settings(settings, KEY)
    put_people(settings.lake, OLD)
    put_people(second.lake, OLD)
    assert find_differences(settings, second, "camden", PAIRS) == ["core/person"]


@pytest.mark.parametrize("is_killed", [False, True], ids=["undisturbed", "killed between two layers"])
def test_it_takes_the_place_of_the_first_and_leaves_what_has_no_pseudonym(
    settings: Settings, is_killed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = second_settings(settings, KEY)
    deliveries = core_table("deliveries")
    write_table(table_path(settings.lake, QUARANTINE, "camden"), lake_table(*QUARANTINE).empty(), QUARANTINE)
    write_table(table_path(settings.lake, REPORTED, "gone"), lake_table(*REPORTED).empty(), REPORTED)
    write_table(table_path(settings.lake, deliveries, "gone"), lake_table(*deliveries).empty(), deliveries)
    put_people(settings.lake, OLD)
    put_people(second.lake, NEW)
    write_table(table_path(second.lake, REPORTED, "camden"), lake_table(*REPORTED).empty(), REPORTED)
    if is_killed and isinstance(UPath(settings.lake), Path):
        with monkeypatch.context() as patch:
            patch.setattr(Path, "rename", lambda *_: (_ for _ in ()).throw(SystemExit))
            with pytest.raises(SystemExit):
                put_second_lake_in_place(settings)
    put_second_lake_in_place(settings)
    put_second_lake_in_place(settings)
    remove_second_lake(settings)
    reader = LakeReader(settings)
    assert people(settings)["person_ref"].tolist() == sorted(NEW)
    assert reader.has(QUARANTINE, "camden") and reader.has(REPORTED, "camden")
    assert not reader.has(REPORTED, "gone") and not reader.has(deliveries, "gone")
    assert not (UPath(settings.lake) / FOLDER).exists()
