import pytest

from cf_pipeline.outputs.report.report_tables import rows_of_quarter, rows_with_charts
from tests.support import publication_example as example
from tests.support.report_example import render_report


@pytest.mark.parametrize("quarter", ["2018/19 Q4", "2019/20 Q1", "2019/20 Q3", "2019/20 Q4"])
@pytest.mark.parametrize("has_charts", [False, True])
def test_the_rows_of_a_quarter_are_all_that_its_report_shows(quarter, has_charts):
    tables = example.report_tables()
    latest = tables | {"dim_authority": tables["dim_authority"].assign(latest_quarter_key=quarter)}
    shown = dict(latest)
    rows = rows_with_charts(quarter) if has_charts else rows_of_quarter(quarter)
    for name, where in rows.items():
        for column, value in where.items():
            values = value if isinstance(value, list) else [value]
            shown[name] = shown[name][shown[name][column].isin(values)]
    assert sum(map(len, shown.values())) < sum(map(len, latest.values()))
    assert render_report(shown, has_charts=has_charts) == render_report(latest, has_charts=has_charts)
