"""What counts as something new."""

from __future__ import annotations

from pathlib import Path

from cf_pipeline.project.input_hash import inputs_hash, product_files, received_hash
from cf_pipeline.project.last_run import AuthorityResult, LastRun, read_last_run, write_last_run
from tests.support.small_deliveries import deliver


def test_another_content_name_or_empty_folder_is_new(tmp_path: Path) -> None:
    file = deliver(tmp_path, "camden")
    seen = [received_hash(tmp_path, "camden")]
    file.write_text(file.read_text() + "c9,M,WBRI,2010-05-01,9,2019-10-03,1A\n")
    seen.append(received_hash(tmp_path, "camden"))
    file.rename(file.with_name("list_1.csv"))
    seen.append(received_hash(tmp_path, "camden"))
    (tmp_path / "camden" / "2020-03-31").mkdir()
    seen.append(received_hash(tmp_path, "camden"))
    assert len(set(seen)) == 4


def test_the_same_files_are_the_same_wherever_the_drop_zone_is(tmp_path: Path) -> None:
    for zone in ("a", "b"):
        deliver(tmp_path / zone, "camden")
    assert received_hash(tmp_path / "a", "camden") == received_hash(tmp_path / "b", "camden")


def test_a_setting_that_decides_is_an_input() -> None:
    files = {"camden": "abc"}
    assert inputs_hash(files, {"similar_pct": 5}) == inputs_hash(files, {"similar_pct": 5})
    assert inputs_hash(files, {"similar_pct": 5}) != inputs_hash(files, {"similar_pct": 6})


def test_what_the_last_run_said_can_be_said_again(tmp_path: Path) -> None:
    last = LastRun(
        "run-1", "hash", (AuthorityResult("camden", 1, 3, 2, 1, 0, 30, "2019-12-31"),), ("camden/x: damaged",)
    )
    write_last_run(tmp_path, last)
    assert read_last_run(tmp_path) == last


def test_an_unreadable_memory_is_none(tmp_path: Path) -> None:
    (tmp_path / "last_run.json").write_text("{}")
    assert read_last_run(tmp_path) is None


def test_a_change_of_any_part_of_the_product_is_new() -> None:
    files = product_files()
    for name in (
        "clean/values/dates.py",
        "clean/codes/data/code_aliases.csv",
        "contracts/lists/contacts.toml",
        "headlines/data/headlines.toml",
        "kpi/registry/contacts.toml",
        "outputs/templates/report.css",
    ):
        assert files[name].is_file()
    assert len({name.partition("/")[0] for name in files}) > 15
