"""The example of docs/forecasts.md: City of London's referrals, as they stood in January 2020.

Published by DfE: 57, 93, 55 and 81 referrals in 2015/16 to 2018/19, and 100 in 2019/20. The committee paper
of 10 February 2020 gives 33 for quarter 3; 18 and 23 before it are the sample's, within what the paper
allows. How the earlier years fell into quarters is not published: they are spread evenly.
"""

from pathlib import Path

import pytest

from cf_pipeline.forecast import CouncilChoices, forecast_year_ends
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
        "model": 103.0,
        "pro_rata": 98.7,
    }


def test_the_outturn_lay_within_the_models_range_and_last_year_below_it(forecasts):
    model = forecasts.loc["model"]
    assert (model["lower_80"], model["upper_80"]) == (94, 116)
    assert model["lower_80"] <= OUTTURN <= model["upper_80"]
    assert model["last_year"] < model["lower_80"]


def test_the_page_says_the_same(forecasts):
    page = DOCS.read_text(encoding="utf-8")
    for method, row in forecasts.iterrows():
        (line,) = [
            line for line in page.splitlines() if line.startswith(f"| `{method}` | {row['forecast']:.1f} |")
        ]
        error = 100 * abs(row["forecast"] - OUTTURN) / OUTTURN
        assert f"| {error:.1f}% |" in line
