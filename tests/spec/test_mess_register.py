"""Every kind of mess has a test that proves its treatment, or a reason why none does."""

from __future__ import annotations

from pathlib import Path

from tests.spec.mess_register import PAGE, ROWS, page, proofs, register


def test_every_number_has_one_row() -> None:
    assert [mess.number for mess in register()] == list(ROWS)


def test_every_row_is_proven_by_a_test_or_says_why_not() -> None:
    proven = proofs()
    assert [mess.number for mess in register() if not proven.get(mess.number) and not mess.why_no_test] == []


def test_no_row_excuses_a_test_that_there_is() -> None:
    proven = proofs()
    assert [mess.number for mess in register() if proven.get(mess.number) and mess.why_no_test] == []


def test_every_mark_names_a_row() -> None:
    assert [number for number in proofs() if number not in ROWS] == []


def test_the_page_is_the_register_as_it_stands() -> None:
    """Write it again with `python -m tests.spec.mess_register > docs/input_mess.md`."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_a_mark_is_found_on_a_test_a_class_a_module_and_a_parameter(tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text(
        "import pytest\n"
        "pytestmark = pytest.mark.mess(1)\n"
        "@pytest.mark.mess(2, 3)\n"
        "def test_a(): ...\n"
        "@pytest.mark.mess(4)\n"
        "class TestB:\n"
        "    def test_b(self): ...\n"
        "@pytest.mark.parametrize('x', [pytest.param(1, marks=pytest.mark.mess(5))])\n"
        "def test_c(x): ...\n"
        "def unmarked(): ...\n"
    )
    assert {
        number: [test.split("::")[1] for test in tests] for number, tests in proofs(tmp_path).items()
    } == {
        1: ["test_a", "test_c", "test_b"],
        2: ["test_a"],
        3: ["test_a"],
        4: ["test_b"],
        5: ["test_c"],
    }
