"""docs/comparators.md is what the list of published tables says."""

from pathlib import Path

from cf_pipeline.comparators.open_data.catalogue import catalogue
from cf_pipeline.outputs.docs_pages.comparators import comparators_page

PAGE = Path(__file__).parents[4] / "docs" / "comparators.md"


def test_the_page_in_the_repository_is_the_page_of_the_data() -> None:
    assert PAGE.read_text(encoding="utf-8") == comparators_page(), (
        "run python -m cf_pipeline.outputs.docs_pages.comparators > docs/comparators.md"
    )


def test_every_series_of_every_table_is_on_the_page() -> None:
    rows = [line for line in comparators_page().splitlines() if line.startswith("| `")]
    assert len(rows) == len(catalogue().series)
