"""The tables that a report is made from, with or without charts.

A report without charts is written after each delivery: it reads no row that it does not show.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR, Quarter
from cf_pipeline.outputs.charts import figures as charts
from cf_pipeline.outputs.output_form import RowsByTable

TABLES: RowsByTable = {
    "dim_authority": {},
    "dim_kpi": {},
    "dim_category": {"breakdown": "band"},
    "fact_kpi_quarterly": {"breakdown": ["total", "band"]},
    "fact_kpi_comparison": {"against": ["london", "region", "england"]},
    "fact_kpi_forecast": {"breakdown": "total"},
    "fact_headline": {},
    "fact_target": {},
    "fact_forecast_record": {},
    "delivery": {},
    "data_quality": {},
    "kpi_revision": {},
    "v_kpi_change": {},
}
"""What a report without charts shows, with the values that its rows have; see `OutputForm.tables`."""
CHART_TABLES: RowsByTable = {**TABLES, **charts.TABLES, "kpi_revision": {}, "release": {}}
"""What one with charts shows, of those that its edition's schema has."""
DATA_TABLES: RowsByTable = {**CHART_TABLES, "fact_kpi_quarterly": {}, "dim_category": {}}
"""What one with charts and with its figures as data shows: every breakdown."""


def rows_of_report(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The rows of `CHART_TABLES` among those of `DATA_TABLES`: most breakdowns are shown as data alone."""
    facts, categories = tables["fact_kpi_quarterly"], tables["dim_category"]
    return {
        **tables,
        "fact_kpi_quarterly": facts[facts["breakdown"].isin(_breakdowns("fact_kpi_quarterly"))],
        "dim_category": categories[categories["breakdown"].isin(_breakdowns("dim_category"))],
    }


def _breakdowns(name: str) -> list[str]:
    """The breakdowns that charts show of a table."""
    found = CHART_TABLES[name]["breakdown"]
    return [*map(str, found)] if isinstance(found, list) else [str(found)]


def rows_of_quarter(quarter_key: str) -> dict[str, dict[str, object]]:
    """Table -> the values of its columns in the rows that a report without charts shows of a quarter."""
    quarter = Quarter.parse(quarter_key)
    # Last year's outturn is at its quarter 4, which is always among them.
    shown = [quarter.previous(back).key for back in range(QUARTERS_PER_YEAR + 1)]
    return {
        "fact_kpi_quarterly": {"quarter_key": shown},
        "fact_kpi_comparison": {"quarter_key": quarter.key},
        "fact_kpi_forecast": {"fiscal_year": quarter.fiscal_year, "quarters_used": quarter.number},
        "fact_headline": {"quarter_key": quarter.key},
        "fact_forecast_record": {"quarters_used": quarter.number},
        "v_kpi_change": {"quarter_key": quarter.key},
    }


def rows_with_charts(quarter_key: str) -> dict[str, dict[str, object]]:
    """The same of a report with charts: its trends go back twelve quarters."""
    trend = [each.key for each in charts.trend_quarters(Quarter.parse(quarter_key))]
    rows = {**rows_of_quarter(quarter_key), **charts.rows_of_charts(quarter_key)}
    return {**rows, "fact_kpi_quarterly": {"quarter_key": trend}}
