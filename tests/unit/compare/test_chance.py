"""A share beside London's: whether chance alone would explain the difference."""

import pandas as pd
import pytest

from cf_pipeline.compare.chance import add_chance
from cf_pipeline.kpi.definitions.registry import load_registry

KEY = {"authority_code": "E09000001", "quarter_key": "2018/19 Q4", "basis": "year"}


def chance(top, bottom, reference, kpi_id="assess_45wd_pct", against="london"):
    comparison = pd.DataFrame([KEY | {"kpi_id": kpi_id, "against": against, "reference": reference}])
    total = KEY | {"kpi_id": kpi_id, "breakdown": "total", "numerator": top, "denominator": bottom}
    facts = pd.DataFrame([total]).astype({"numerator": "Float64", "denominator": "Float64"})
    (words,) = add_chance(comparison, facts, load_registry())["chance"]
    return words


@pytest.mark.parametrize(
    ("top", "words"),
    [
        (80, "similar to London"),
        (73, "similar to London"),
        (71, "at the edge of what chance alone would explain"),
        (66, "outside what chance alone would explain"),
        (93, "outside what chance alone would explain"),
    ],
)
def test_a_share_of_a_hundred_beside_eighty_percent(top, words):
    # Exact binomial limits of 100 cases at 80%: 95% from 71.5 to 87.3, 99.8% from 66.4 to 91.1.
    assert chance(top, 100, 80.0) == words


def test_few_cases_are_not_judged():
    assert chance(9, 20, 80.0) == "too few to judge"


@pytest.mark.parametrize(
    ("kpi_id", "against"), [("contacts_count", "london"), ("assess_45wd_pct", "last_year")]
)
def test_counts_and_comparisons_in_time_have_none(kpi_id, against):
    assert pd.isna(chance(80, 100, 80.0, kpi_id, against))


def test_a_figure_that_is_absent_has_none():
    assert pd.isna(chance(None, None, 80.0))


def test_the_place_is_named():
    assert chance(80, 100, 80.0, against="neighbours") == "similar to the statistical neighbours"
    assert chance(80, 100, 80.0, against="region") == "similar to its region"
