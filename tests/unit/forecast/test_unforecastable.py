"""A KPI that cannot be forecast says why, naming itself and the period; the others go on."""

import pandas as pd
import pytest

from cf_pipeline.forecast import CouncilChoices, forecast_year_ends
from cf_pipeline.kpi.definitions.registry import load_registry
from tests.support.forecast_series import AUTHORITY, monthly, quarterly

REGISTRY = load_registry()
GOOD = quarterly("referrals_count", [20, 22, 24, 34] * 3 + [20, 22, 24])


def refusal_label(bad, months=None):
    """The label of the refused KPI, once the other has been forecast all the same."""
    table = forecast_year_ends(
        pd.concat([bad, GOOD], ignore_index=True), REGISTRY, CouncilChoices("model"), months
    )
    good = table[table["kpi_id"].eq("referrals_count") & table["method"].eq("model")]
    assert good["forecast"].iloc[-1] == pytest.approx(100, abs=2)
    refused = table[table["kpi_id"].eq("contacts_count")]
    assert refused["forecast"].isna().all()
    assert set(refused["symbol"]) == {"x"}
    assert sorted(refused["method"]) == ["last_year_remainder", "latest_value", "model", "pro_rata"]
    (label,) = set(refused["label"])
    return label


@pytest.mark.parametrize(
    ("value", "words"),
    [(-3, "has a value below zero"), (2.5, "is not a whole number"), (float("nan"), "has no number")],
)
def test_a_quarter_with_a_wrong_number(value, words):
    bad = quarterly("contacts_count", [20, 22, 24, 34] * 3 + [20, 22, 24])
    at = bad["quarter_key"].eq("2018/19 Q2") & bad["basis"].eq("quarter")
    bad.loc[at, "numerator"] = value
    label = refusal_label(bad)
    assert label.startswith("KPI contacts_count, 2018/19 Q2: ")
    assert words in label


def test_a_quarter_that_is_missing():
    bad = quarterly("contacts_count", [20, 22, 24, 34] * 3 + [20, 22, 24])
    assert refusal_label(bad[bad["quarter_key"].ne("2018/19 Q2")]).startswith(
        "KPI contacts_count, 2018/19 Q3: comes after a period that is missing"
    )


@pytest.mark.parametrize("basis", ["quarter", "ytd", "year"])
def test_a_period_that_is_there_twice(basis):
    bad = quarterly("contacts_count", [20, 22, 24, 34] * 3 + [20, 22, 24])
    twice = bad[bad["quarter_key"].eq("2018/19 Q4") & bad["basis"].eq(basis)]
    assert refusal_label(pd.concat([bad, twice])).startswith(
        "KPI contacts_count, 2018/19 Q4: has more than one value"
    )


def test_a_month_with_a_wrong_number():
    quarters = quarterly("contacts_count", [30] * 15)
    months = monthly("contacts_count", [10] * 40 + [-1] + [10] * 4)
    assert refusal_label(quarters, months).startswith("KPI contacts_count, 2019-08: has a value below zero")


def test_a_period_that_is_not_covered_is_no_fault():
    figures = quarterly("contacts_count", [20, None, 24, 34] + [20, 22, 24, 34] * 2 + [20])
    table = forecast_year_ends(figures, REGISTRY, CouncilChoices("model"))
    assert table["authority_code"].eq(AUTHORITY).all()
    assert not table["label"].str.startswith("KPI").any()
