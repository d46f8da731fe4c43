"""What a reader calls a code."""

from __future__ import annotations

import pytest

from cf_pipeline.contracts.code_labels import code_labels
from cf_pipeline.contracts.codes import code_sets


@pytest.mark.parametrize(
    ("code_set", "code", "label"),
    [
        ("gender", "M", "Male"),  # 'a) Male'
        ("activity_status", "F1", "Full time in higher education"),  # 'F1: Full time in higher education'
        ("ethnicity", "WBRI", "White british"),  # 'a) WBRI' is the code alone
        ("contact_outcome", "NFA_FLAG", "No further action"),  # no official wording
        ("accommodation_suitability", "NK", "Not recorded"),  # the only one of its set without any
        (
            "lac_ceased_reason",
            "X1",
            "Episode ceases and new episode begins on same day for any reason",
        ),  # 'u) X1: CodeError'
    ],
)
def test_a_label_is_the_official_wording_or_else_the_plain_one(code_set: str, code: str, label: str) -> None:
    assert code_labels(code_set)[code] == label


@pytest.mark.parametrize("code_set", code_sets())
def test_no_code_is_without_a_label(code_set: str) -> None:
    assert all(code_labels(code_set).values())
