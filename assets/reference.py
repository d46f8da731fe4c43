"""What others published: `reference/comparators`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assets.columns import published_schema
from assets.specs import table_spec
from assets.steps import step, table
from cf_pipeline.compare.comparators import published_comparators

COMPARATORS_KEY = ("reference", "comparators")


@step(
    "comparators",
    [
        table_spec(
            COMPARATORS_KEY,
            "Published figures of London, England and authorities, with source and release (OGL).",
            published_schema("fact_comparator"),
            partitioned=False,
        )
    ],
)
def comparators() -> Iterator[Any]:
    """The figures that ship with the package."""
    yield table(COMPARATORS_KEY, published_comparators())
