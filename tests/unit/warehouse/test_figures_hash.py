"""The hash of figures follows from their cells alone, and every cell counts."""

from __future__ import annotations

import pandas as pd
import pytest

from cf_pipeline.warehouse.figures_hash import figures_hash
from tests.support import publication_example as example

NAME = "fact_kpi_quarterly"


@pytest.fixture(scope="module")
def facts() -> pd.DataFrame:
    return example.tables()[NAME]


def hash_of(facts: pd.DataFrame) -> str:
    return figures_hash({NAME: facts})


def test_how_a_column_is_kept_does_not_count(facts: pd.DataFrame) -> None:
    as_text = facts.astype({"kpi_id": "str", "reason": "str", "breakdown": "str"})
    reasons = as_text["reason"]
    others = pd.CategoricalDtype([*sorted(reasons.dropna().unique(), reverse=True), "of no row"])
    assert hash_of(as_text) == hash_of(facts) == hash_of(as_text.assign(reason=reasons.astype(others)))
    assert hash_of(facts.astype({"value": "Float64"})) == hash_of(facts.astype({"value": "float64"}))


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("kpi_id", "another"),
        ("reason", "another sentence"),
        ("value", None),
        ("value", 0.0),
        ("numerator", 3.5),
        ("as_at", pd.Timestamp("2019-12-30")),
        ("as_at", None),
    ],
)
def test_every_cell_counts(facts: pd.DataFrame, column: str, cell: object) -> None:
    place = facts[column].notna().to_numpy().nonzero()[0][0]
    plain = facts.astype(dict.fromkeys(facts.select_dtypes("category"), "str"))
    changed = plain.copy()
    changed.loc[place, column] = cell
    assert hash_of(changed) != hash_of(plain)


def test_two_texts_that_change_places_are_other_figures(facts: pd.DataFrame) -> None:
    swapped = facts["reason"].astype("str").sort_values(ignore_index=True)
    assert hash_of(facts.assign(reason=swapped)) != hash_of(facts)


def test_nothing_below_zero_is_nothing(facts: pd.DataFrame) -> None:
    assert hash_of(facts.assign(value=-0.0)) == hash_of(facts.assign(value=0.0))
