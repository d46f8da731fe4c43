"""What tells a record behind a figure from the child's others."""

from __future__ import annotations

import pytest

from cf_pipeline.dashboard.pages.records.figure_records import record_text

CHILD = "0cfbc2d5819356775089a8ed6b173e8f"


@pytest.mark.parametrize(
    ("record_key", "text"),
    [
        (f"id:C1001138|{CHILD}#0", "C1001138"),
        (f"{CHILD}|2019-11-24T00:00#0", "2019-11-24"),
        (f"{CHILD}|2019-11-24T09:30#1", "2019-11-24T09:30"),
        (f"children_in_need|{CHILD}|2017-11-20T00:00#0", "2017-11-20"),
        (CHILD, ""),
        (None, ""),
    ],
)
def test_a_record_is_told_by_its_number_or_the_day_it_began(record_key: str | None, text: str) -> None:
    assert record_text(record_key, CHILD) == text
