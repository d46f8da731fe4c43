"""The second opinion shares no code with what it checks, leaves no KPI out, and reads the lists alike."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

from cf_pipeline.contracts.dates.calendar import LAST_YEAR
from cf_pipeline.contracts.dates.calendar import bank_holidays as bank_holidays_of_the_product
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.merge.volatile_columns import material_columns
from tests.second_opinion.counting.days import SATURDAY, bank_holidays
from tests.second_opinion.counting.figures import AREAS
from tests.second_opinion.counting.lists import KEY_DATES, LISTS, MOVING

HERE = Path(__file__).parent
REGISTRY = HERE.parents[1] / "cf_pipeline" / "kpi" / "registry"
PLAIN = sorted([*(HERE / "counting").rglob("*.py"), *(HERE / "wording").glob("*.py")])
FIRST_YEAR = 2003
"""Before it the calendar of the second opinion knows no proclaimed or moved holidays."""


@pytest.mark.parametrize("module", PLAIN, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_it_imports_the_standard_library_and_itself_only(module: Path) -> None:
    strange = {"cf_pipeline", "assets", "resources", "pandas", "numpy", "tests.spec", "tests.support"}
    assert {name for name in imported_names(module) if name.startswith(tuple(strange))} == set()


def test_each_area_counts_the_kpis_of_its_registry_file() -> None:
    registered = {
        file.stem: {kpi["id"] for kpi in tomllib.loads(file.read_text("utf-8"))["kpi"]}
        for file in REGISTRY.glob("*.toml")
    }
    assert {area.__name__.rpartition(".")[2]: set(area.KPIS) for area in AREAS} == registered


def test_both_calendars_have_the_same_bank_holidays() -> None:
    days = bank_holidays_of_the_product().astype(object)
    ours = {day for day in days if day.year >= FIRST_YEAR and day.weekday() < SATURDAY}
    assert ours == {day for year in range(FIRST_YEAR, LAST_YEAR + 1) for day in bank_holidays(year)}


def test_every_list_is_placed_in_time_by_its_key_date() -> None:
    contracts = list_contracts()
    assert set(LISTS) == set(contracts)
    assert {name: contract.key_date for name, contract in contracts.items() if contract.key_date} == KEY_DATES


@pytest.mark.parametrize("name", [name for name, facts in LISTS.items() if facts.kind != "state"])
def test_the_columns_that_move_by_themselves_are_read_alike(name: str) -> None:
    contract = list_contracts()[name]
    moving = {column.name for column in contract.columns} - set(material_columns(contract))
    assert moving == {column.name for column in contract.columns if column.name in MOVING}


@pytest.mark.parametrize("module", sorted((HERE / "attackers").glob("*.py")), ids=lambda path: path.stem)
def test_an_attacker_shares_nothing_with_what_it_attacks(module: Path) -> None:
    strange = {"cf_pipeline", "assets", "resources", "pandas", "tests.spec", "tests.support"}
    assert {name for name in imported_names(module) if name.startswith(tuple(strange))} == set()


def imported_names(module: Path) -> set[str]:
    """The names of the modules that a module imports, at its top or below."""
    imported = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {name.name for name in node.names}
        if isinstance(node, ast.ImportFrom):
            imported.add(node.module or "")
    return imported
