"""How quickly KPIs are counted, beside the bare counting of numpy, and how the cost grows.

    python -m benchmarks.kpi

makes referrals and assessments out of nothing (the seed is fixed), measures counts, shares and stocks with
breakdowns for 20 quarters, and prints CPU seconds beside one `numpy.bincount` pass a measure, breakdown and
side over codes made beforehand. Medians and different children are timed apart. Stocks at the ends of
quarters are compared with a loop over quarters in pandas, and the cost a row at 100,000 rows with that at
1,000,000.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.quarters import Quarter, quarters_between
from cf_pipeline.history.tables.core_tables import core_columns
from cf_pipeline.kpi.definitions.registry import Kpi, load_registry
from cf_pipeline.kpi.measure.availability import Availability
from cf_pipeline.kpi.measure.count_records import RecordCounter
from cf_pipeline.kpi.measure.periods import periods_of
from cf_pipeline.kpi.measure.quarterly import measure_kpis

SEED = 20260331
QUARTERS = quarters_between(Quarter(2015, 1).start, Quarter(2019, 4).end)
COUNTED = ("referrals_count", "referrals_nfa_pct", "assess_started_count", "assess_child_seen_pct")
STOCKS = ("assess_open_stock",)
APART = ("referrals_children_count", "assess_median_wd")
AUTHORITY = "E09000001"
Tables = dict[str, pd.DataFrame]


def tables_of(size: int) -> Tables:
    """Core tables with `size` referrals and as many assessments of a tenth as many children."""
    rng = np.random.default_rng(SEED)
    children = np.array([f"child-{number:07d}" for number in range(size // 10)], dtype=object)
    who = rng.integers(0, len(children), size)
    first = np.datetime64(Quarter(2015, 1).start)
    start = first + rng.integers(0, 5 * 365, size)
    taken = rng.integers(0, 80, size)
    common = {
        "person_ref": children[who],
        "record_key": [f"{number:08d}" for number in range(size)],
        "status": "current",
        "birth_date": (first - 365 * 12 + rng.integers(0, 365 * 12, len(children)))[who],
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
        "assessment_authorised_date": start + taken,
        "assessment_working_days": taken,
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
        "referrals": _shaped("referrals", referrals),
        "assessments": _shaped("assessments", assessments),
        "person": person.astype("str"),
        "coverage": covers,
        "deliveries": covers[["delivery_id", "as_at", "covers_from"]].head(1),
    }


def bare_passes(tables: Tables, kpis: Iterable[Kpi]) -> Callable[[], None]:
    """One bincount for each measure, breakdown (and total) and side, over the very rows that are counted.

    Rows, categories and periods are found beforehand, so that nothing but counting is timed.
    """
    counter = RecordCounter(tables, load_registry(), Availability(tables["coverage"]))
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


def loop_over_quarters(rows: pd.DataFrame) -> pd.DataFrame:
    """The stock at the end of each quarter by team, one quarter after the other."""
    start, end, team = (
        rows[name] for name in ("assessment_start_date", "assessment_authorised_date", "allocated_team")
    )
    found = {}
    for quarter in QUARTERS:
        day = pd.Timestamp(quarter.end)
        found[quarter.key] = team[(start <= day) & (end.isna() | (end > day))].value_counts()
    return pd.DataFrame(found).T.sort_index(axis=1)


def by_team(facts: pd.DataFrame) -> pd.DataFrame:
    """The stock at the end of each quarter by team, of measured figures."""
    rows = facts[facts["breakdown"].eq("team")]
    return rows.pivot_table(index="quarter_key", columns="category", values="value")


def cpu(work: Callable[[], object]) -> float:
    """The least CPU seconds of three runs."""
    found = []
    for _ in range(3):
        before = time.process_time()
        work()
        found.append(time.process_time() - before)
    return min(found)


def measured(tables: Tables, ids: Iterable[str]) -> Callable[[], pd.DataFrame]:
    """Measures some KPIs on the basis quarter."""
    return lambda: measure_kpis(tables, load_registry(), AUTHORITY, list(ids), ["quarter"])


def _shaped(name: str, columns: dict[str, object]) -> pd.DataFrame:
    wanted = core_columns(name)
    return pd.DataFrame(columns).reindex(columns=list(wanted)).astype(wanted)


def main() -> None:
    """Prints every figure."""
    registry = load_registry()
    costs = {}
    for size in (100_000, 1_000_000):
        tables = tables_of(size)
        counted = cpu(measured(tables, [*COUNTED, *STOCKS]))
        bare = cpu(bare_passes(tables, [registry[name] for name in (*COUNTED, *STOCKS)]))
        apart = cpu(measured(tables, APART))
        costs[size] = counted / size
        print(
            f"{size:>9,} rows: {counted:.2f} s, bare bincount {bare:.2f} s, {counted / bare:.1f} times; "
            f"medians and different children {apart:.2f} s"
        )
    print(f"cost a row at 1,000,000 over that at 100,000: {costs[1_000_000] / costs[100_000]:.2f}")
    stock, rows = measured(tables, STOCKS), tables["assessments"]
    ours, looped = cpu(stock), cpu(lambda: loop_over_quarters(rows))
    words = rows.assign(allocated_team=rows["allocated_team"].astype("str"))
    in_words = cpu(lambda: loop_over_quarters(words))
    same = by_team(stock()).to_numpy().tolist() == loop_over_quarters(rows).to_numpy().tolist()
    print(f"stock by team at 20 quarter ends: {ours:.3f} s, loop {looped:.3f} s: {looped / ours:.1f} times")
    print(f"beside the loop over teams in words: {in_words / ours:.1f} times")
    print(f"equal: {same}")


if __name__ == "__main__":
    main()
