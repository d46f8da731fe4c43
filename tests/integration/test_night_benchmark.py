"""The benchmark of a night: its figures beside their bars, its councils, and a project of its own."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pandas as pd
import pytest

from benchmarks.cost import PYTHON, CommandError, measure_command, median_cost
from benchmarks.councils import main as write_councils
from benchmarks.figure import TABLE_BEGINS, TABLE_ENDS, Figure, markdown, place_table, record
from benchmarks.load import repeat_councils, write_csv_files
from benchmarks.project import Project, folder_bytes
from cf_pipeline.warehouse.tables.schemas import PUBLISHED

REACHED = Figure("sample", "the sample from nothing", 7.5, "B", 8.0, "11.2 s of CPU")
MISSED = Figure("explain", "one figure explained", 1.25, "B", 1.0)
TOLD = Figure("deliveries", "4 deliveries from nothing", 123.4, "B")
PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"


def test_a_figure_beyond_its_bar_is_named_and_one_without_a_bar_is_only_told() -> None:
    assert [figure.reaches_bar for figure in (REACHED, MISSED, TOLD)] == [True, False, True]
    assert MISSED.line() == "explain: one figure explained: 1.25 B  at most 1  MISSED"
    assert TOLD.line() == "deliveries: 4 deliveries from nothing: 123 B"
    assert json.loads(record([MISSED]))[0]["reaches_bar"] is False


def test_the_table_stands_between_the_marks_of_the_page_and_nothing_else_changes() -> None:
    page = PAGE.read_text(encoding="utf-8")
    once = place_table(page, [REACHED, MISSED])
    assert markdown([REACHED, MISSED]) in once
    assert place_table(once, [TOLD]) == place_table(page, [TOLD])
    assert once.partition(TABLE_ENDS)[2] == page.partition(TABLE_ENDS)[2]
    assert once.partition(TABLE_BEGINS)[0] == page.partition(TABLE_BEGINS)[0]
    with pytest.raises(ValueError, match="has not the lines"):
        place_table("# no marks", [TOLD])


def test_what_a_command_costs_includes_its_children_and_a_failed_one_is_no_measurement() -> None:
    work = "sum(i * i for i in range(2_000_000))"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{work}'], check=True)"
    without, with_child = (measure_command([PYTHON, "-c", code]) for code in ("pass", child))
    assert with_child.cpu_seconds > without.cpu_seconds
    assert median_cost([without, with_child]).peak_mb == max(without.peak_mb, with_child.peak_mb)
    with pytest.raises(CommandError, match="exit status 3"):
        measure_command([PYTHON, "-c", "raise SystemExit(3)"])


def test_the_bare_load_gets_every_row_of_every_council(
    published: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    tables = repeat_councils({PUBLISHED.name: published}, 3)
    figures = tables[PUBLISHED.name]["fact_kpi_quarterly"]
    assert figures["authority_code"].iloc[0] == published["fact_kpi_quarterly"]["authority_code"].iloc[0]
    assert figures["authority_code"].nunique() == 3
    files = write_csv_files(tmp_path, tables)
    for name, frame in tables[PUBLISHED.name].items():
        with files[PUBLISHED.name, name].open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        assert len(rows) == len(frame)
        assert all(len(row) == len(frame.columns) for row in rows)


@pytest.mark.slow
def test_further_deliveries_of_a_council_belong_to_the_same_history(tmp_path: Path) -> None:
    size = ["--years", "1", "--children", "60", "--plan", "3"]
    write_councils([str(tmp_path / "one"), "--only", "barnet", "--deliveries", "1", *size])
    write_councils([str(tmp_path / "two"), "--only", "barnet", "--deliveries", "2", "--skip", "2", *size])
    write_councils([str(tmp_path / "all"), "--only", "barnet", "--deliveries", "2", *size])
    names = {
        part: sorted(path.name for path in (tmp_path / part / "barnet").iterdir())
        for part in ("one", "two", "all")
    }
    assert names["one"] + names["two"] == names["all"]
    for part in ("one", "two"):
        for file in (tmp_path / part).rglob("*.xlsx"):
            same = tmp_path / "all" / file.relative_to(tmp_path / part)
            assert same.read_bytes() == file.read_bytes()


@pytest.mark.slow
def test_a_file_of_two_names_is_as_large_as_one(tmp_path: Path) -> None:
    (tmp_path / "shown").write_bytes(b"12345")
    (tmp_path / "versions").mkdir()
    (tmp_path / "versions/1").hardlink_to(tmp_path / "shown")
    (tmp_path / "other").write_bytes(b"12345")
    assert folder_bytes(tmp_path) == 10


def test_a_project_knows_no_setting_of_whoever_measures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CF_NO_SUCH_SETTING", "would stop every command")
    project = Project(tmp_path)
    file = project.deliver_contacts()
    assert project.measure("check", file).cpu_seconds > 0
