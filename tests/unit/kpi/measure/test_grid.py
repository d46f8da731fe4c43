"""Rows of figures, made of the blocks of all KPIs at once."""

import numpy as np
import numpy.typing as npt

from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.kpi.measure.grid import Block, KpiTexts, count_figures, fact_rows, ratio_figures
from cf_pipeline.kpi.measure.periods import join_periods, no_reasons, periods_of, set_reason
from cf_pipeline.kpi.measure.quarterly import QUARTERLY

QUARTERS = [Quarter(2019, 3), Quarter(2019, 4)]
PERIODS = join_periods([periods_of(QUARTERS, basis) for basis in ("quarter", "year")])


def numbers(*rows: list[float]) -> npt.NDArray[np.float64]:
    return np.array(rows, dtype="float64")


def rows_of(*blocks: Block, columns: list[str]) -> list[tuple[object, ...]]:
    rows = fact_rows(
        blocks, PERIODS, QUARTERLY.dtypes, authority_code="E1", as_at=np.datetime64("2020-03-31")
    )
    assert {name: str(dtype) for name, dtype in rows.dtypes.items()} == QUARTERLY.dtypes
    return list(
        rows[columns].astype(object).where(rows[columns].notna(), None).itertuples(index=False, name=None)
    )


def texts_of(kpi_id: str, reason: str | None = None) -> KpiTexts:
    none = no_reasons(PERIODS)
    return KpiTexts(kpi_id, set_reason(none, np.array([True, False, False]), reason), none, none)


def test_rows_come_kpi_by_kpi_basis_by_basis_and_block_by_block() -> None:
    counts = numbers([1, 2, 3])
    one, two = (texts_of(name) for name in ("one", "two"))
    total = Block(one, "total", ["all"], count_figures(counts, counts))
    gender = Block(one, "gender", ["f"], count_figures(counts, counts))
    other = Block(two, "total", ["all"], count_figures(counts, counts))
    assert rows_of(
        total, gender, other, columns=["kpi_id", "basis", "breakdown", "quarter_key", "value"]
    ) == [
        ("one", "quarter", "total", "2019/20 Q3", 1),
        ("one", "quarter", "total", "2019/20 Q4", 2),
        ("one", "quarter", "gender", "2019/20 Q3", 1),
        ("one", "quarter", "gender", "2019/20 Q4", 2),
        ("one", "year", "total", "2019/20 Q4", 3),
        ("one", "year", "gender", "2019/20 Q4", 3),
        ("two", "quarter", "total", "2019/20 Q3", 1),
        ("two", "quarter", "total", "2019/20 Q4", 2),
        ("two", "year", "total", "2019/20 Q4", 3),
    ]


def test_a_category_has_rows_on_the_bases_in_which_a_record_has_it() -> None:
    counts = numbers([1, 0, 0], [0, 2, 2])
    figures = count_figures(counts, counts)
    block = Block(texts_of("one"), "gender", ["f", "m"], figures, figures.is_in_use(PERIODS))
    assert rows_of(block, columns=["basis", "category", "value"]) == [
        ("quarter", "f", 1),
        ("quarter", "f", 0),
        ("quarter", "m", 0),
        ("quarter", "m", 2),
        ("year", "m", 2),
    ]


def test_a_period_that_is_not_covered_is_x_and_nothing_to_measure_is_z_both_with_a_reason() -> None:
    figures = ratio_figures(numbers([1, 0, 1]), numbers([2, 0, 4]), 100, numbers([3, 0, 5]))
    block = Block(texts_of("one", "Not delivered."), "total", ["all"], figures)
    assert rows_of(block, columns=["numerator", "denominator", "value", "symbol", "reason"]) == [
        (None, None, None, "x", "Not delivered."),
        (0, 0, None, "z", "There was nothing to measure in the period."),
        (1, 4, 25, None, None),
    ]


def test_a_breakdown_has_no_rows_in_periods_that_are_not_covered() -> None:
    counts = numbers([1, 2, 3])
    block = Block(
        texts_of("one", "Not delivered."), "gender", ["f"], count_figures(counts, counts), only_covered=True
    )
    assert rows_of(block, columns=["basis", "value"]) == [("quarter", 2), ("year", 3)]
