"""`docs/adding_a_kpi.md` is true: its record, its example and its twin, put where it says, make a KPI.

They are added to a copy of the project, in which nothing else is changed.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "adding_a_kpi.md"
KPI_ID = "referrals_from_schools_pct"
COPIED_FOLDERS = ("cf_pipeline", "tests/spec", "tests/second_opinion", "tests/support")
COPIED_FILES = ("pyproject.toml", "tests/__init__.py", "tests/conftest.py")
PRINT_WHAT_FOLLOWS = """
import json
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.outputs.docs_pages.kpis import kpis_page
from tests.spec.kpi_examples import page
from tests.support.publication_example import comparators, publication
from tests.support.published_tables import published_tables

tables = published_tables([], load_registry(), comparators(), publication())
dim_kpi = json.loads(tables["dim_kpi"].to_json(orient="records"))
print(json.dumps({"dim_kpi": dim_kpi, "kpis.md": kpis_page(), "kpi_examples.md": page()}))
"""
"""Prints what the copy says of every KPI in the warehouse's words and on the pages made from the registry."""


def code_blocks(language: str) -> list[str]:
    """The blocks of the guide in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.M | re.S)


(RECORD,) = code_blocks("toml")
EXAMPLE, TWIN = code_blocks("python")


@pytest.fixture(scope="module")
def project_with_the_kpi(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with the guide's record, example and twin at the end of the files it names."""
    copy = tmp_path_factory.mktemp("project")
    for name in COPIED_FOLDERS:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in COPIED_FILES:
        shutil.copyfile(ROOT / name, copy / name)
    append(copy / "cf_pipeline/kpi/registry/referrals.toml", f"\n{RECORD}")
    append(copy / "tests/spec/examples/referrals.py", f"{EXAMPLE.rstrip()},\n", before="]")
    twin = TWIN.strip().removeprefix("{").removesuffix("}")
    append(copy / "tests/second_opinion/counting/areas/referrals.py", twin, before="}")
    return copy


def append(path: Path, text: str, before: str = "") -> None:
    """Add a text at the end of a file, before its closing bracket."""
    content = path.read_text(encoding="utf-8").rstrip()
    assert content.endswith(before)
    path.write_text(f"{content.removesuffix(before)}\n{text}{before}\n", encoding="utf-8")


@pytest.fixture(scope="module")
def what_follows(project_with_the_kpi: Path) -> dict[str, Any]:
    printed = run(project_with_the_kpi, "-c", PRINT_WHAT_FOLLOWS)
    assert printed.returncode == 0, printed.stderr
    found: dict[str, Any] = json.loads(printed.stdout)
    return found


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A Python process whose packages are those of the project."""
    return subprocess.run(
        [sys.executable, *arguments], cwd=project, capture_output=True, text=True, check=False
    )


def test_it_is_new() -> None:
    assert all(KPI_ID in block for block in (RECORD, EXAMPLE, TWIN))
    assert not [path for path in (ROOT / "cf_pipeline/kpi/registry").iterdir() if KPI_ID in path.read_text()]


def test_its_figures_are_those_of_its_example(project_with_the_kpi: Path) -> None:
    checked = run(
        project_with_the_kpi, "-m", "pytest", "tests/spec/test_kpis.py", "-rp", "-k", f"{KPI_ID} or module"
    )
    assert checked.returncode == 0, checked.stdout
    assert f"test_the_figures_are_those_worked_out_by_eye[{KPI_ID}: " in checked.stdout


def test_its_twin_is_where_the_second_opinion_looks_for_it(project_with_the_kpi: Path) -> None:
    test = "tests/second_opinion/test_independence.py::test_each_area_counts_the_kpis_of_its_registry_file"
    checked = run(project_with_the_kpi, "-m", "pytest", test)
    assert checked.returncode == 0, checked.stdout


def test_its_words_are_in_dim_kpi(what_follows: dict[str, Any]) -> None:
    (row,) = [row for row in what_follows["dim_kpi"] if row["kpi_id"] == KPI_ID]
    assert row["area"] == "Contacts and Referrals"
    assert row["title"] == "Referrals from schools and education services"
    assert row["numerator_text"] == "Those whose source is a school or an education service."


def test_it_has_an_entry_in_the_pages_made_from_the_registry(what_follows: dict[str, Any]) -> None:
    assert f"### Referrals from schools and education services (`{KPI_ID}`)" in what_follows["kpis.md"]
    assert f"## Referrals from schools and education services (`{KPI_ID}`)" in what_follows["kpi_examples.md"]
    assert "A referral without a source is in the denominator alone" in what_follows["kpi_examples.md"]
