"""Measures the CPU time of counting KPIs, against bare counting with numpy, and how it grows with the rows.

    .venv/bin/python -m benchmarks.kpi

The command makes synthetic referrals and assessments (with a fixed seed), measures counts, shares and stocks
with breakdowns for 20 quarters, and prints CPU seconds, the least of three runs. They are compared with one
`numpy.bincount` pass a measure, breakdown and side over codes made beforehand. Medians and distinct children
are timed separately. Stocks at the ends of quarters are compared with a loop over quarters in pandas, and the
time per row at 100,000 rows with that at 1,000,000.

Bars: at most 12 times the bincount passes at 1,000,000 rows; the time per row grows by at most 20%; the stock
is 5 times faster than the loop, with the same output. Results: docs/benchmarks.md.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd

from cf_pipeline.contracts.dates.quarters import Quarter, quarters_between
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.tables.core_tables import core_columns
from cf_pipeline.kpi.definitions.registry import Kpi, load_registry
from cf_pipeline.kpi.measure.availability import Availability
from cf_pipeline.kpi.measure.count_records import RecordCounter
from cf_pipeline.kpi.measure.periods import periods_of
from cf_pipeline.kpi.measure.quarterly import measure_kpis

SEED = 20260331
QUARTERS = quarters_between(Quarter(2015, 1).start, Quarter(2019, 4).end)
COUNTS_AND_SHARES = ("referrals_count", "referrals_nfa_pct", "assess_started_count", "assess_child_seen_pct")
STOCKS = ("assess_open_stock",)
MEDIANS_AND_CHILDREN = ("referrals_children_count", "assess_median_wd")
AUTHORITY = "E09000001"
Tables = dict[str, pd.DataFrame]


def make_tables(size: int) -> Tables:
    """Synthetic core tables: `size` referrals and `size` assessments of a tenth as many children."""
    rng = np.random.default_rng(SEED)
    children = np.array([f"child-{number:07d}" for number in range(size // 10)], dtype=object)
    child = rng.integers(0, len(children), size)
    first = np.datetime64(Quarter(2015, 1).start)
    start = first + rng.integers(0, 5 * 365, size)
    working_days = rng.integers(0, 80, size)
    common = {
        "person_ref": children[child],
        "record_key": [f"{number:08d}" for number in range(size)],
        "status": "current",
        "birth_date": (first - 365 * 12 + rng.integers(0, 365 * 12, len(children)))[child],
        "gender": np.array(["M", "F", "U"])[rng.integers(0, 3, size)],
        "ethnicity": np.array(["WBRI", "MWBC", "AIND", "BCRB", "OOTH"])[rng.integers(0, 5, size)],
        "allocated_team": np.array(["North", "South", "East", "West"])[rng.integers(0, 4, size)],
    }
    referrals = common | {
        "referral_date": start,
        "referral_source": np.array(["1A", "2A", "3A", "6", "8"])[rng.integers(0, 5, size)],
        "referral_nfa": np.array(["Y", "N"])[rng.integers(0, 2, size)],
    }
    assessments = common | {
        "assessment_start_date": start,
        "assessment_authorised_date": start + working_days,
        "assessment_working_days": working_days,
        "child_seen": np.array(["Y", "N"])[rng.integers(0, 2, size)],
        "has_disability": np.array(["Y", "N"])[rng.integers(0, 2, size)],
    }
    person = pd.DataFrame({"person_ref": children, "gender": "M", "ethnicity": "WBRI", "has_disability": "N"})
    covers = pd.DataFrame(
        {
            "delivery_id": "all",
            "as_at": pd.Timestamp("2020-03-31"),
            "list": ["referrals", "assessments"],
            "covers_from": pd.Timestamp("2015-04-01"),
            "covers_to": pd.Timestamp("2020-03-31"),
            "columns_supplied": [
                ";".join(list_contracts()[name].column_names) for name in ("referrals", "assessments")
            ],
        }
    )
    return {
        "referrals": _core_table("referrals", referrals),
        "assessments": _core_table("assessments", assessments),
        "person": person.astype("str"),
        "coverage": covers,
        "deliveries": covers[["delivery_id", "as_at", "covers_from"]].head(1),
    }


def make_bincount_passes(tables: Tables, kpis: Iterable[Kpi]) -> Callable[[], None]:
    """A function that runs one bincount for each measure, breakdown (and total) and side, over the same rows.

    Rows, categories and periods are computed beforehand, so that only counting is timed.
    """
    counter = RecordCounter(tables, load_registry(), Availability.from_tables(tables))
    periods = periods_of(QUARTERS, "quarter")
    passes: list[tuple[np.ndarray, np.ndarray, int]] = []
    for kpi in kpis:
        sides = [kpi.numerator] if kpi.denominator is None else [kpi.numerator, kpi.denominator]
        for side in sides:
            records = counter.count(side, periods)
            passes.append((np.zeros(len(records), dtype="int64"), records.period, 1))
            for breakdown in kpi.breakdowns:
                categories = counter.categories(breakdown, records, side)
                passes.append((categories.codes.astype("int64"), records.period, len(categories.names)))

    def run() -> None:
        for code, period, categories in passes:
            np.bincount(code * len(periods) + period, minlength=categories * len(periods))

    return run


def count_stock_in_loop(rows: pd.DataFrame) -> pd.DataFrame:
    """The stock at the end of each quarter by team, counted quarter by quarter in pandas."""
    start, end, team = (
        rows[name] for name in ("assessment_start_date", "assessment_authorised_date", "allocated_team")
    )
    stocks = {}
    for quarter in QUARTERS:
        day = pd.Timestamp(quarter.end)
        stocks[quarter.key] = team[(start <= day) & (end.isna() | (end > day))].value_counts()
    return pd.DataFrame(stocks).T.sort_index(axis=1)


def stock_by_team(facts: pd.DataFrame) -> pd.DataFrame:
    """The stock at the end of each quarter by team, from measured figures."""
    rows = facts[facts["breakdown"].eq("team")]
    return rows.pivot_table(index="quarter_key", columns="category", values="value")


def least_cpu_seconds(work: Callable[[], object]) -> float:
    """The least CPU seconds of three runs."""
    seconds = []
    for _ in range(3):
        before = time.process_time()
        work()
        seconds.append(time.process_time() - before)
    return min(seconds)


def measurement_of(tables: Tables, kpi_ids: Iterable[str]) -> Callable[[], pd.DataFrame]:
    """A function that measures some KPIs, basis quarter."""
    return lambda: measure_kpis(tables, load_registry(), AUTHORITY, list(kpi_ids), ["quarter"])


def _core_table(name: str, columns: dict[str, object]) -> pd.DataFrame:
    dtypes = core_columns(name)
    return pd.DataFrame(columns).reindex(columns=list(dtypes)).astype(dtypes)


def main() -> None:
    """Print every figure."""
    registry = load_registry()
    costs = {}
    for size in (100_000, 1_000_000):
        tables = make_tables(size)
        product = least_cpu_seconds(measurement_of(tables, [*COUNTS_AND_SHARES, *STOCKS]))
        bare = least_cpu_seconds(
            make_bincount_passes(tables, [registry[name] for name in (*COUNTS_AND_SHARES, *STOCKS)])
        )
        separate = least_cpu_seconds(measurement_of(tables, MEDIANS_AND_CHILDREN))
        costs[size] = product / size
        print(
            f"{size:>9,} rows: {product:.2f} s, bare bincount {bare:.2f} s, {product / bare:.1f} times; "
            f"medians and distinct children {separate:.2f} s"
        )
    print(f"cost a row at 1,000,000 over that at 100,000: {costs[1_000_000] / costs[100_000]:.2f}")
    stock, rows = measurement_of(tables, STOCKS), tables["assessments"]
    product, loop = least_cpu_seconds(stock), least_cpu_seconds(lambda: count_stock_in_loop(rows))
    texts = rows.assign(allocated_team=rows["allocated_team"].astype("str"))
    text_loop = least_cpu_seconds(lambda: count_stock_in_loop(texts))
    is_equal = stock_by_team(stock()).to_numpy().tolist() == count_stock_in_loop(rows).to_numpy().tolist()
    print(f"stock by team at 20 quarter ends: {product:.3f} s, loop {loop:.3f} s: {loop / product:.1f} times")
    print(f"compared with the loop over teams as text: {text_loop / product:.1f} times")
    print(f"equal: {is_equal}")


if __name__ == "__main__":
    main()
