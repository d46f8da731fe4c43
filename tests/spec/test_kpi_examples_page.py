"""`docs/kpi_examples.md` shows the examples that the tests run."""

from pathlib import Path

from tests.spec.kpi_examples import page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "kpi_examples.md"


def test_the_page_is_made_from_the_examples_of_today() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "run python -m tests.spec.kpi_examples > docs/kpi_examples.md"
    )
