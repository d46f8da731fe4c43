"""The registry of output forms, and what follows from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cf_pipeline.outputs.forms import FORMS, editions
from cf_pipeline.outputs.output_form import Edition

README = Path(__file__).parents[3] / "README.md"


def test_a_form_has_a_name_of_its_own_and_so_has_each_file() -> None:
    assert len({form.name for form in FORMS}) == len(FORMS)
    assert len({edition.file_name for edition in editions()}) == len(editions())


@pytest.mark.parametrize("edition", editions(), ids=lambda edition: edition.file_name)
def test_a_file_with_case_ids_lies_apart_from_the_others(edition: Edition) -> None:
    assert edition.is_restricted == edition.file_name.startswith("restricted/")


def test_the_readme_has_every_file_in_the_registrys_order() -> None:
    expected = [
        f"| `data/outputs/<authority>/{edition.file_name}` | {edition.content} | {edition.readers} |"
        for edition in editions()
    ]
    rows = [line for line in README.read_text(encoding="utf-8").splitlines() if "data/outputs/<" in line]
    assert rows == expected
