"""The example of docs/forecasts.md: City of London's referrals, as they stood in January 2020.

Published by DfE: 57, 93, 55 and 81 referrals in 2015/16 to 2018/19, and 100 in 2019/20. The committee paper
of 10 February 2020 gives 33 for quarter 3; 18 and 23 before it are the sample's, within what the paper
allows. How the earlier years fell into quarters is not published: they are spread evenly.
"""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from cf_pipeline.contracts.rounding import round_range
from cf_pipeline.forecast import CouncilChoices, forecast_year_ends
from cf_pipeline.forecast.backtest import backtest
from cf_pipeline.forecast.explain import add_explanations
from cf_pipeline.kpi.definitions.registry import load_registry
from tests.support.forecast_series import quarterly

KPI = "referrals_count"
PUBLISHED, OUTTURN = [57, 93, 55, 81], 100
SO_FAR = [18, 23, 33]
DOCS = Path(__file__).parents[3] / "docs" / "forecasts.md"


@pytest.fixture(scope="module")
def forecasts():
    tops = [(total + 3 - quarter) // 4 for total in PUBLISHED for quarter in range(4)]
    table = forecast_year_ends(quarterly(KPI, tops + SO_FAR), load_registry(), CouncilChoices("model"))
    newest = table[table["fiscal_year"].eq("2019/20") & table["quarters_used"].eq(3)]
    return newest.set_index("method")


def test_what_each_method_would_have_said_in_january_2020(forecasts):
    assert forecasts["forecast"].round(1).to_dict() == {
        "last_year_remainder": 94.0,
        "latest_value": 107.0,
        "model": 102.0,
        "pro_rata": 98.7,
    }


def test_the_outturn_lay_within_the_models_range_and_last_year_below_it(forecasts):
    model = forecasts.loc["model"]
    assert (model["lower_80"], model["upper_80"]) == (93, 115)
    assert model["lower_80"] <= OUTTURN <= model["upper_80"]
    assert model["last_year"] < model["lower_80"]


def explained(kpi_id, tops, bottoms=None, choices=None, **other):
    registry = load_registry()
    table = forecast_year_ends(quarterly(kpi_id, tops, bottoms, **other), registry, choices)
    rows = add_explanations(table, backtest(table), registry)
    return rows[rows["fiscal_year"].eq(rows["fiscal_year"].max())].set_index(["quarters_used", "method"])


def test_a_forecast_outside_the_model_s_range_says_so():
    # Six of the year's eight or so come in the first three quarters, as every year: pro rata says eight.
    rows = explained("adopt_count", [3, 2, 1, 0] * 4 + [3, 2, 1])
    assert rows.loc[(3, "model"), "forecast"] == 6
    assert rows.loc[(3, "pro_rata"), "outside_range"] == (
        "The year-end forecast of 8 (pro rata) lies above the range of 6 to 7, in which the model expects "
        "8 of 10 such years to end."
    )
    assert pd.isna(rows.loc[(3, "model"), "outside_range"])


def test_below_the_range_it_says_below_and_inside_it_nothing():
    rows = explained("contacts_count", [100, 100, 100, 20] * 4 + [100, 100, 100])
    assert " of 400 (pro rata) lies above the range of " in rows.loc[(3, "pro_rata"), "outside_range"]
    rows = explained("contacts_count", [20, 20, 20, 100] * 4 + [20, 20, 20])
    assert " of 80 (pro rata) lies below the range of " in rows.loc[(3, "pro_rata"), "outside_range"]
    rows = explained("contacts_count", [50, 54, 47, 52] * 4 + [49, 53, 48])
    assert rows["outside_range"].isna().all()


def test_an_outturn_lies_outside_nothing():
    rows = explained("contacts_count", [100, 100, 100, 20] * 4 + [20, 20, 20, 100], last="2019/20 Q4")
    assert rows.xs(4, level="quarters_used")["outside_range"].isna().all()


@pytest.mark.parametrize(("part", "range_words"), [(0, "0% to 1%"), (300, "99% to 100%")])
def test_a_percentage_that_never_moved_has_a_range_with_a_width(part, range_words):
    rows = explained("contacts_1wd_pct", [part] * 15, [300] * 15)
    assert f"between {range_words.replace(' to ', ' and ')}" in rows.loc[(3, "model"), "explanation"]


def test_a_range_whose_ends_round_to_one_figure_is_rounded_outward():
    assert round_range(Fraction("0.1"), Fraction("0.4")) == (0, 1)
    assert round_range(Fraction("99.62"), Fraction("99.9")) == (99, 100)
    assert round_range(Fraction("97.41"), Fraction("97.44"), 1) == (Decimal("97.4"), Decimal("97.5"))
    assert round_range(Fraction("91.4"), Fraction("93.6")) == (91, 94)
    assert round_range(Fraction(7), Fraction(7)) == (7, 7)


def test_the_page_says_the_same(forecasts):
    page = DOCS.read_text(encoding="utf-8")
    for method, row in forecasts.iterrows():
        (line,) = [
            line for line in page.splitlines() if line.startswith(f"| `{method}` | {row['forecast']:.1f} |")
        ]
        error = 100 * abs(row["forecast"] - OUTTURN) / OUTTURN
        assert f"| {error:.1f}% |" in line
