"""`cf-pipeline run` runs the authorities with something new, and no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cf_pipeline import warehouse
from cf_pipeline.cli.main import main
from cf_pipeline.project import input_hash
from cf_pipeline.project.runs.good_run import FOLDER
from tests.support.product import forget_product
from tests.support.small_deliveries import deliver

CODES = {"camden": "E09000007", "hackney": "E09000012"}


def contacts(project: Path) -> dict[str, float]:
    facts = warehouse.read_table(
        f"duckdb:///{project}/data/warehouse/published.duckdb",
        "fact_kpi_quarterly",
        {"kpi_id": "contacts_count", "basis": "quarter", "breakdown": "total", "quarter_key": "2019/20 Q3"},
    )
    values = dict(zip(facts["authority_code"], facts["value"], strict=True))
    return {name: float(values[code]) for name, code in CODES.items()}


def manifest_state(project: Path, name: str) -> int:
    return (project / f"data/lake/raw/deliveries/{name}.parquet").stat().st_mtime_ns


@pytest.fixture
def change_style(project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Adds a stylesheet to the product."""
    files, style = input_hash.product_files, project / "report.css"
    style.write_text("p { margin: 0 }")
    added = input_hash.ProductFile(style, "a hash of its content")

    def change() -> None:
        monkeypatch.setattr(
            input_hash,
            "product_files",
            lambda *names: files(*names) | ({} if names else {"report.css": added}),
        )
        forget_product()

    yield change
    forget_product()


@pytest.mark.slow
def test_only_an_authority_with_something_new_is_run(
    project: Path, change_style: Callable[[], None], capsys: pytest.CaptureFixture[str]
) -> None:
    for name in CODES:
        deliver(project / "raw", name, rows=2)
    assert main(["run"]) == 0
    before = manifest_state(project, "camden")
    capsys.readouterr()

    deliver(project / "raw", "hackney", rows=3)
    assert main(["run"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "1 of 2 authorities had nothing new and were not run" in said
    assert "camden 1 2 2 0 0" in said
    assert "hackney 1 3 3 0 0" in said
    assert contacts(project) == {"camden": 2, "hackney": 3}
    assert manifest_state(project, "camden") == before

    (project / "data" / "last_run.json").unlink()
    assert main(["run"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "2 of 2 authorities had nothing new and were not run" in said
    assert "Published again: every figure is identical to the last digit." in said
    assert manifest_state(project, "camden") == before

    change_style()
    assert main(["run"]) == 0
    assert "2 of 2 authorities had nothing new" in capsys.readouterr().out
    assert manifest_state(project, "camden") == before

    (project / f"data/lake/{FOLDER}/camden.json").unlink()
    assert main(["run"]) == 0
    assert "1 of 2 authorities had nothing new" in capsys.readouterr().out
    assert manifest_state(project, "camden") > before
    assert contacts(project) == {"camden": 2, "hackney": 3}

    assert main(["run", "--all"]) == 0
    assert "had nothing new" not in capsys.readouterr().out
    assert contacts(project) == {"camden": 2, "hackney": 3}


@pytest.mark.slow
def test_several_authorities_are_run_in_processes_of_their_own(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in CODES:
        deliver(project / "raw", name)
    assert main(["run", "--jobs", "2"]) == 0
    assert contacts(project) == {"camden": 3, "hackney": 3}
    assert all((project / f"data/lake/{FOLDER}/{name}.json").is_file() for name in CODES)
    assert main(["run"]) == 0
    assert "Nothing new" in capsys.readouterr().out


@pytest.mark.parametrize("jobs", ["0", "-1", "many"])
def test_a_number_of_jobs_that_is_none_is_refused(jobs: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["run", f"--jobs={jobs}"])
    assert stopped.value.code == 1
    assert f"'{jobs}' is not a whole number of 1 or more" in capsys.readouterr().err
