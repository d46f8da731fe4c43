"""When the last good run of an authority stands for the next one."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from upath import UPath

from cf_pipeline.project import lake_layout
from cf_pipeline.project.lake_layout import TableKey, table_path
from cf_pipeline.project.lake_reader import LakeReader
from cf_pipeline.project.parquet_table import DamagedTableError
from cf_pipeline.project.runs.good_run import (
    FINGERPRINT,
    FOLDER,
    FOR_ALL,
    OF_ONE_RUN,
    REFUSALS,
    is_run_news,
    record_good_run,
    remove_good_run,
    write_good_run,
)
from cf_pipeline.project.settings import load_settings
from cf_pipeline.project.unfinished_runs import RUN_ID

INPUTS = "of these files"


def write_run(lake: Path, authority: str, run_id: str = "run-1", refusals: tuple[str, ...] = ()) -> None:
    """The first and last tables of a run, without rows, and those of all authorities."""
    for key in OF_ONE_RUN:
        write(lake, key, authority, run_id, {FINGERPRINT: INPUTS, REFUSALS: list(refusals)})
    for key in FOR_ALL:
        write(lake, key, None, run_id, {})


def write(
    lake: Path, key: TableKey, authority: str | None, run_id: str, attributes: dict[str, object]
) -> None:
    frame = pd.DataFrame({"as_at": pd.Series(dtype="datetime64[us]")})
    frame.attrs = attributes | {RUN_ID: run_id}
    path = table_path(str(lake), key, authority)
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    frame.to_parquet(path)


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """A lake with a recorded run of camden."""
    write_run(tmp_path, "camden")
    assert record_good_run(str(tmp_path), "camden", "run-1")
    return tmp_path


def is_news(lake: Path, fingerprint: str = INPUTS) -> bool:
    return is_run_news(str(lake), "camden", fingerprint)


def table(lake: Path, key: TableKey = lake_layout.MEMBERS) -> UPath:
    return table_path(str(lake), key, "camden")


def test_a_good_run_is_no_news_while_its_inputs_and_tables_stay(lake: Path) -> None:
    assert not is_news(lake)
    assert is_news(lake, "of other files")
    assert is_run_news(str(lake), "hackney", INPUTS)


def cut(lake: Path) -> None:
    table(lake).write_bytes(table(lake).read_bytes()[:-1])


def put_another_run_in_its_place(lake: Path) -> None:
    write(lake, lake_layout.MEMBERS, "camden", "run-2", {})


@pytest.mark.parametrize(
    "change",
    [
        lambda lake: table(lake).unlink(),
        cut,
        put_another_run_in_its_place,
        lambda lake: table_path(str(lake), lake_layout.POPULATION).unlink(),
        lambda lake: (lake / FOLDER / "camden.json").unlink(),
        lambda lake: (lake / FOLDER / "camden.json").write_text("{"),
        lambda lake: (lake / FOLDER / "camden.json").write_text('{"fingerprint": "of these files"}'),
        lambda lake: remove_good_run(str(lake), "camden"),
        lambda lake: remove_good_run(str(lake), None),
    ],
    ids=[
        "table_gone",
        "table_cut",
        "table_of_another_run",
        "table_of_all_gone",
        "record_gone",
        "record_damaged",
        "record_without_tables",
        "record_removed",
        "all_records_removed",
    ],
)
def test_what_is_missing_damaged_or_of_another_run_is_news(
    lake: Path, change: Callable[[Path], object]
) -> None:
    change(lake)
    assert is_news(lake)


def test_a_run_that_made_some_tables_only_is_not_recorded(lake: Path) -> None:
    write(lake, lake_layout.MEMBERS, "camden", "run-2", {FINGERPRINT: INPUTS})
    for run_id in ("run-1", "run-2"):
        assert not record_good_run(str(lake), "camden", run_id)
    assert is_news(lake)


def test_a_run_without_a_table_is_not_recorded(tmp_path: Path) -> None:
    write_run(tmp_path, "camden")
    table(tmp_path, lake_layout.HEADLINES).unlink()
    assert not record_good_run(str(tmp_path), "camden", "run-1")


def test_a_refusal_of_the_moment_keeps_a_run_from_being_the_last_word(tmp_path: Path) -> None:
    for sentence, is_recorded in (
        ("camden/2019-12-31/a.xlsx: the file is empty (0 bytes); export it again", True),
        (
            "camden/2019-12-31/a.xlsx: the file was still being written while it was read; "
            "run again when the copy has ended",
            False,
        ),
    ):
        write_run(tmp_path, "camden", refusals=(sentence,))
        assert record_good_run(str(tmp_path), "camden", "run-1") == is_recorded


def test_a_damaged_table_that_is_read_makes_its_authority_news_and_no_other(lake: Path) -> None:
    write_run(lake, "hackney")
    assert record_good_run(str(lake), "hackney", "run-1")
    reader = LakeReader(load_settings(lake, {"CF_LAKE": str(lake)}))
    content = table(lake).read_bytes()
    stat = table(lake).stat()
    table(lake).write_bytes(b"\0" * len(content))
    os.utime(table(lake), ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert not is_news(lake)  # nobody has read it yet
    with pytest.raises(DamagedTableError):
        reader.read(lake_layout.MEMBERS, "camden")
    assert is_news(lake)
    assert not is_run_news(str(lake), "hackney", INPUTS)


def test_the_record_is_for_its_owner_alone(lake: Path) -> None:
    assert (lake / FOLDER / "camden.json").stat().st_mode & 0o777 == 0o600


def test_tables_that_another_way_made_are_those_of_a_good_run_once_it_is_written(tmp_path: Path) -> None:
    write_run(tmp_path, "camden")
    assert is_run_news(str(tmp_path), "camden", INPUTS)
    write_good_run(str(tmp_path), "camden", INPUTS)
    assert not is_run_news(str(tmp_path), "camden", INPUTS)
    assert is_run_news(str(tmp_path), "camden", "of other files")
