"""docs/headlines.md has every template with an example."""

from __future__ import annotations

from pathlib import Path

import pytest

from cf_pipeline.outputs.docs_pages.headlines import (
    FILES,
    PLACEHOLDER,
    example,
    examples,
    headlines_page,
    read_templates,
)

PAGE = Path(__file__).parents[4] / "docs" / "headlines.md"
TEMPLATES = [
    (file, group, key, text)
    for file in FILES
    for group, templates in read_templates(file).items()
    for key, found in templates.items()
    for text in (found if isinstance(found, list) else [found])
]


def test_the_page_in_the_repository_is_the_page_of_the_templates() -> None:
    assert PAGE.read_text(encoding="utf-8") == headlines_page(), (
        "run python -m cf_pipeline.outputs.docs_pages.headlines > docs/headlines.md"
    )


@pytest.mark.parametrize(("file", "group", "key", "text"), TEMPLATES)
def test_an_example_has_no_placeholder_left_and_reads_as_text(
    file: str, group: str, key: str, text: str
) -> None:
    shown = example(file, group, key, text)
    assert not PLACEHOLDER.search(shown)
    assert "  " not in shown and " ." not in shown and ".." not in shown


def test_no_example_is_for_a_template_that_is_gone() -> None:
    known = {(file, group, key) for file, group, key, _ in TEMPLATES}
    groups = {(file, group) for file, group, _ in known}
    for file in FILES:
        for group, values in examples().get(file, {}).items():
            assert (file, group) in groups
            assert {(file, group, key) for key, value in values.items() if isinstance(value, dict)} <= known
