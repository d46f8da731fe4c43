"""A KPI that is forecast from its months counts in them what it counts in the year: on every example."""

import pytest

from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.kpi.measure.monthly import SUMMABLE_RULES
from cf_pipeline.kpi.measure.periods import MONTH
from cf_pipeline.kpi.measure.quarterly import measure_kpis
from tests.spec.casebook import AUTHORITY
from tests.spec.example_figures import ALL, example_tables

REGISTRY = load_registry()
SUMS = {
    example.kpi_id: position
    for position, example in reversed(list(enumerate(ALL)))
    if REGISTRY[example.kpi_id].forecast_rule in SUMMABLE_RULES
}
"""The first example of each KPI that adds up."""
SIDES = ["numerator", "denominator"]


@pytest.mark.slow  # a second pass over the examples, month by month
@pytest.mark.parametrize("kpi_id", SUMS)
def test_the_months_of_a_year_add_up_to_the_year_to_date(kpi_id: str) -> None:
    tables = example_tables(SUMS[kpi_id])
    months, facts = (measure_kpis(tables, REGISTRY, AUTHORITY, [kpi_id], [basis]) for basis in (MONTH, "ytd"))
    year = facts[facts["quarter_key"].eq("2019/20 Q3")]
    of_year = year.set_index(["breakdown", "category"])[SIDES].dropna(how="all")
    this_year = months[months["quarter_key"].ge("2019-04")]
    of_months = this_year.groupby(["breakdown", "category"])[SIDES].sum(min_count=1).reindex(of_year.index)
    # A rate's population is the year's, not the sum of its months.
    sides = SIDES[:1] if REGISTRY[kpi_id].kind == "rate_10k" else SIDES
    assert of_months[sides].fillna(-1).equals(of_year[sides].fillna(-1))


def test_most_of_the_examples_have_a_year_to_add_up_to() -> None:
    totals = [
        measure_kpis(example_tables(position), REGISTRY, AUTHORITY, [kpi_id], ["ytd"])["numerator"].max()
        for kpi_id, position in list(SUMS.items())[:6]
    ]
    assert sum(totals) > 10
