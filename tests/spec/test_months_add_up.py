"""A KPI that is forecast from its months counts in them what it counts in the year: on every example."""

import pytest
from casebook import AUTHORITY
from checking import ALL, tables_of

from cf_pipeline.kpi.measure import measure
from cf_pipeline.kpi.months import RULES_OF_SUMS
from cf_pipeline.kpi.periods import MONTH
from cf_pipeline.kpi.registry import load_registry

REGISTRY = load_registry()
SUMS = [
    position
    for position, example in enumerate(ALL)
    if REGISTRY[example.kpi_id].forecast_rule in RULES_OF_SUMS
]
SIDES = ["numerator", "denominator"]


@pytest.mark.parametrize(
    "position", SUMS, ids=lambda position: f"{ALL[position].kpi_id}: {ALL[position].title}"
)
def test_the_months_of_a_year_add_up_to_the_year_to_date(position: int) -> None:
    kpi_id = ALL[position].kpi_id
    tables = tables_of(position)
    months, facts = (measure(tables, REGISTRY, AUTHORITY, [kpi_id], [basis]) for basis in (MONTH, "ytd"))
    year = facts[
        facts["kpi_id"].eq(kpi_id) & facts["basis"].eq("ytd") & facts["quarter_key"].eq("2019/20 Q3")
    ]
    of_year = year.set_index(["breakdown", "category"])[SIDES].astype("Float64")
    of_months = (
        months[months["quarter_key"].ge("2019-04")].groupby(["breakdown", "category"])[SIDES].sum(min_count=1)
    )
    assert of_months.reindex(of_year.index).fillna(-1).equals(of_year.fillna(-1))
