"""The shape of the code: small folders, modules and functions, and a module's tests where its name says."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("cf_pipeline", "assets", "resources")
UNIT = ROOT / "tests" / "unit"
MODULES_A_FOLDER, MODULES_IN_THE_ROOT = 14, 3
LINES_A_MODULE, LINES_A_FUNCTION, PARAMETERS = 300, 50, 8
PRODUCT = sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))
EVERYTHING = [*PRODUCT, *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "benchmarks").rglob("*.py"))]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many parameters a caller may give; `self` and `cls` are none of them."""
    listed = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    return len([argument for argument in listed if argument.arg not in ("self", "cls")])


def is_asset(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """An asset's parameters are its inputs: as many as the graph has there."""
    decorators = [ast.unparse(decorator) for decorator in function.decorator_list]
    return any(decorator.startswith(("step(", "dg.asset", "dg.multi_asset")) for decorator in decorators)


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function; of an asset without its inputs."""
    first = function.body[0].lineno if is_asset(function) else function.lineno
    return (function.end_lineno or first) - first + 1


def test_no_folder_holds_more_modules_than_one_can_look_over() -> None:
    folders = {path.parent for path in PRODUCT}
    modules = {
        named(folder): len([path for path in folder.glob("*.py") if path.stem != "__init__"])
        for folder in folders
    }
    assert {folder: count for folder, count in modules.items() if count > MODULES_A_FOLDER} == {}


def test_the_root_of_the_domain_holds_hardly_a_module() -> None:
    modules = [path.name for path in (ROOT / "cf_pipeline").glob("*.py") if path.stem != "__init__"]
    assert len(modules) <= MODULES_IN_THE_ROOT


def test_no_module_is_too_long_to_read_at_once() -> None:
    lengths = {named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in EVERYTHING}
    assert {module: lines for module, lines in lengths.items() if lines > LINES_A_MODULE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    lengths = {
        f"{named(path)}::{function.name}": length(function)
        for path in EVERYTHING
        for function in functions(path)
    }
    assert {function: lines for function, lines in lengths.items() if lines > LINES_A_FUNCTION} == {}


def test_no_function_takes_more_than_one_can_remember() -> None:
    taken = {
        f"{named(path)}::{function.name}": parameters(function)
        for path in EVERYTHING
        for function in functions(path)
        if not is_asset(function)
    }
    assert {function: count for function, count in taken.items() if count > PARAMETERS} == {}


@pytest.mark.parametrize("folder", sorted({path.parent for path in UNIT.rglob("*/test_*.py")}), ids=named)
def test_a_module_s_tests_are_where_its_name_says(folder: Path) -> None:
    """`values/dates.py` has `values/test_dates.py`; of several files each is `test_dates_<aspect>.py`."""
    home = ROOT / "cf_pipeline" / folder.relative_to(UNIT)
    modules = [path.stem for path in home.glob("*.py")]
    astray = [
        named(path)
        for path in folder.glob("test_*.py")
        if not any(f"{path.stem}_".startswith(f"test_{module}_") for module in modules)
    ]
    assert astray == []


def test_every_package_and_every_kind_of_data_file_is_installed() -> None:
    setuptools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    packages = {
        named(path.parent).replace("/", ".")
        for name in PACKAGES
        for path in (ROOT / name).rglob("__init__.py")
    }
    assert set(setuptools["packages"]) == packages
    endings = {
        path.suffix
        for name in PACKAGES
        for path in (ROOT / name).rglob("*")
        if path.is_file() and path.suffix != ".py" and path.parent.name != "__pycache__"
    }
    assert {f"**/*{ending}" for ending in endings} == set(setuptools["package-data"]["cf_pipeline"])
