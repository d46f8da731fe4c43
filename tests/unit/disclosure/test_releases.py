"""What the department publishes of an authority counts where it agrees with the authority's own figures."""

import pandas as pd

from cf_pipeline.disclosure.cells import read_counts
from cf_pipeline.disclosure.equations import PublishedElsewhere, ratio_drafts
from cf_pipeline.disclosure.releases import department_figures
from cf_pipeline.disclosure.sides import count_sides
from tests.support.disclosure_figures import figures, kpi_rows, registry

REGISTRY = registry("referrals_count", "rereferrals_12m_pct", "cla_stock")
SIDES = count_sides(REGISTRY)
YEAR = figures(
    kpi_rows("referrals_count", "2018/19 Q4", {"all": 80}, "year"),
    kpi_rows("rereferrals_12m_pct", "2018/19 Q4", {"all": (11, 80)}, "year"),
    kpi_rows("cla_stock", "2018/19 Q4", {"all": 9}),
)
COUNTS = read_counts(YEAR["fact_kpi_quarterly"], SIDES, "").counts


def found(kpi_id: str, value: float | None, year: int = 2019, *others: float) -> PublishedElsewhere:
    rows = pd.DataFrame(
        [{"kpi_id": kpi_id, "category": "all", "year_ending": year, "value": value}]
        + [{"kpi_id": kpi_id, "category": "all", "year_ending": 2001, "value": other} for other in others]
    )
    return department_figures(rows, REGISTRY, SIDES, COUNTS)


def test_the_department_s_count_of_the_year_is_known() -> None:
    assert [(cell.side, cell.period) for cell in found("referrals_count", 80.0).cells] == [
        ("referrals_count numerator", "ytd 2018/19 Q4")
    ]
    assert [cell.period for cell in found("cla_stock", 9.0).cells] == ["quarter 2018/19 Q4"]


def test_another_count_another_year_and_no_count_are_not() -> None:
    for elsewhere in (
        found("referrals_count", 81.0),
        found("referrals_count", 80.0, 2018),
        found("cla_stock", None),
    ):
        assert elsewhere == PublishedElsewhere()


def test_a_rounded_percentage_is_known_to_its_decimals() -> None:
    """11 of 80 are 13.75%: 13.8 in a series with decimals, 14 in one without."""
    assert [(fact.steps, fact.decimals) for fact in found("rereferrals_12m_pct", 13.8).ratios] == [(138, 1)]
    assert [(fact.steps, fact.decimals) for fact in found("rereferrals_12m_pct", 14.0).ratios] == [(14, 0)]
    assert found("rereferrals_12m_pct", 14.0, 2019, 13.5).ratios == ()


def test_a_rounded_percentage_leaves_the_numerators_that_round_to_it() -> None:
    (fact,) = found("rereferrals_12m_pct", 13.8).ratios
    fitting = [
        numerator
        for numerator in range(81)
        if all(
            sum(factor * {fact.numerator: numerator, fact.denominator: 80}[cell] for cell, factor in terms)
            >= 0
            for terms, _, _ in ratio_drafts(fact)
        )
    ]
    assert fitting == [11]
