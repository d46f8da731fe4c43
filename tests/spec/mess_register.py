"""The register of what is wrong in real exports: what each gets, and the tests that prove it.

`python -m tests.spec.mess_register > docs/input_mess.md` writes the page from `mess_register.csv` and the
tests marked `@pytest.mark.mess(number)`; the tests are found by reading their source, none is run.
"""

from __future__ import annotations

import ast
import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).parent.parent
PAGE = TESTS.parent / "docs" / "input_mess.md"
ROWS = range(1, 68)
HEAD = """# What is wrong in real exports, and what happens to it here

Written by `python -m tests.spec.mess_register > docs/input_mess.md` from `tests/spec/mess_register.csv` and
the tests that carry the mark `mess`; do not edit.

| no. | what is wrong | what happens | proven by |
|---|---|---|---|
"""


@dataclass(frozen=True)
class Mess:
    """One row of the register: what is wrong, what happens, and why no test proves it where none does."""

    number: int
    wrong: str
    treatment: str
    why_no_test: str


def register() -> list[Mess]:
    """The rows of `mess_register.csv`."""
    with (Path(__file__).parent / "mess_register.csv").open(encoding="utf-8") as lines:
        return [
            Mess(int(row["number"]), row["wrong"], row["treatment"], row["why_no_test"])
            for row in csv.DictReader(lines)
        ]


def proofs(tests: Path = TESTS) -> dict[int, list[str]]:
    """Number -> the tests marked with it, as 'folder/file.py::test', in order."""
    found: dict[int, list[str]] = defaultdict(list)
    for path in sorted(tests.rglob("test_*.py")):
        for number, test in _marked(ast.parse(path.read_text(encoding="utf-8"))):
            found[number].append(f"{path.relative_to(tests).as_posix()}::{test}")
    return found


def page() -> str:
    """The register as Markdown."""
    proven = proofs()
    lines = [
        f"| {mess.number} | {mess.wrong} | {mess.treatment} | {_proof(mess, proven.get(mess.number, []))} |\n"
        for mess in register()
    ]
    return HEAD + "".join(lines)


def _proof(mess: Mess, tests: list[str]) -> str:
    return "<br>".join(f"`{test}`" for test in tests) or f"no test: {mess.why_no_test}"


def _marked(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Each number a test, its class or its module is marked with; parameters may carry the mark too."""
    whole = _numbers([node.value for node in tree.body if _is_pytestmark(node)])
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            of_class = _numbers(node.decorator_list)
            for test in node.body:
                if isinstance(test, ast.FunctionDef) and test.name.startswith("test_"):
                    yield from ((number, test.name) for number in of_class)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield from ((number, node.name) for number in (*whole, *_numbers(node.decorator_list)))


def _is_pytestmark(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and [getattr(name, "id", "") for name in node.targets] == [
        "pytestmark"
    ]


def _numbers(expressions: list[ast.expr]) -> tuple[int, ...]:
    calls = [
        node for expression in expressions for node in ast.walk(expression) if isinstance(node, ast.Call)
    ]
    marks = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "mess"]
    return tuple(dict.fromkeys(int(ast.literal_eval(argument)) for mark in marks for argument in mark.args))


if __name__ == "__main__":
    print(page(), end="")
