"""What is computed from a KPI's totals is shown where no total up to its quarter is hidden."""

import pandas as pd

from cf_pipeline.disclosure.computed_tables import computed_rows, first_hidden_quarters
from tests.support.disclosure_figures import public

ROWS = pd.DataFrame(
    [
        ("cla_stock", "quarter", "2018/19 Q1", "total", None),
        ("cla_stock", "quarter", "2018/19 Q2", "total", "c"),
        ("cla_stock", "quarter", "2018/19 Q3", "total", None),
        ("cla_stock", "quarter", "2018/19 Q1", "gender", "c"),
        ("cpp_stock", "quarter", "2018/19 Q1", "total", None),
        ("s47_count", "year", "2018/19 Q4", "total", None),
    ],
    columns=["kpi_id", "basis", "quarter_key", "breakdown", "symbol"],
)
FIRST = first_hidden_quarters(ROWS, public())


def test_the_first_hidden_total_of_each_kpi_is_found() -> None:
    assert FIRST == {"cla_stock": "2018/19 Q2", "cpp_stock": "~", "s47_count": ""}


def test_a_control_limit_is_shown_up_to_the_first_hidden_total() -> None:
    limits = pd.DataFrame(
        {
            "kpi_id": ["cla_stock", "cla_stock", "cla_stock", "cpp_stock", "s47_count", "unknown"],
            "quarter_key": [
                "2018/19 Q1",
                "2018/19 Q2",
                "2018/19 Q3",
                "2018/19 Q3",
                "2018/19 Q4",
                "2018/19 Q1",
            ],
        }
    )
    assert computed_rows("fact_control_limit", limits, FIRST, public()).index.tolist() == [0, 3]


def test_a_headline_is_shown_when_each_of_its_kpis_is() -> None:
    headlines = pd.DataFrame(
        {
            "quarter_key": ["2018/19 Q1", "2018/19 Q3", "2018/19 Q3", "2018/19 Q3"],
            "kpi_ids": ["cla_stock;cpp_stock", "cla_stock;cpp_stock", "cpp_stock", None],
        }
    )
    assert computed_rows("fact_headline", headlines, FIRST, public()).index.tolist() == [0, 2]


def test_comparisons_of_another_basis_and_forecasts_of_a_breakdown_are_not_shown() -> None:
    comparisons = pd.DataFrame(
        {"kpi_id": "cpp_stock", "quarter_key": "2018/19 Q1", "basis": ["quarter", "ytd"]}
    )
    assert computed_rows("fact_kpi_comparison", comparisons, FIRST, public()).index.tolist() == [0]
    forecasts = pd.DataFrame(
        {"kpi_id": "cpp_stock", "quarter_key": "2018/19 Q1", "breakdown": ["total", "gender"]}
    )
    assert computed_rows("fact_kpi_forecast", forecasts, FIRST, public()).index.tolist() == [0]
