"""What the back-test costs, and what it says of the synthetic councils.

    .venv/bin/python benchmarks/back_test.py [--authorities 33] [--different 33] [--years 8]

writes a synthetic sample, measures every KPI with its breakdowns, and then times what a refresh does with the
figures: the forecasts of every year by every method, and their record. It prints the CPU seconds (one
authority after another, as the runs do) and the record: for each number of known quarters and method the mean
error of at most 200% and the shares of outturns inside the ranges; then, for each KPI, how the model did
beside pro rata. Measuring 33 councils takes long: with `--different 3` three are measured and stand in for
the others in the timing; the record is of the different ones.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import pandas as pd  # noqa: E402 - the repository comes before what is installed

from cf_pipeline.clean import clean_lists  # noqa: E402
from cf_pipeline.contracts.authorities import authority  # noqa: E402
from cf_pipeline.forecast import CouncilChoices, forecast_year_ends  # noqa: E402
from cf_pipeline.forecast.backtest import LARGEST_ERROR, accuracy_by_method, backtest  # noqa: E402
from cf_pipeline.history import merge_deliveries  # noqa: E402
from cf_pipeline.ingest.receive import receive_deliveries  # noqa: E402
from cf_pipeline.kpi.definitions.registry import load_registry  # noqa: E402
from cf_pipeline.kpi.measure.monthly import measure_months  # noqa: E402
from cf_pipeline.kpi.measure.quarterly import measure_kpis  # noqa: E402
from cf_pipeline.sample import write_sample  # noqa: E402

KEY = b"a key for a benchmark only, long enough"
Figures = tuple[pd.DataFrame, pd.DataFrame]


def figures(raw: Path, slug: str) -> Figures:
    """The figures of one council by quarter and by month."""
    received = receive_deliveries(raw, slug)
    cleaned = clean_lists(received.lists, received.manifest)
    code = authority(slug).authority_code
    core = merge_deliveries(cleaned.lists, cleaned.quarantine, received.manifest, code, KEY)
    registry = load_registry()
    return measure_kpis(core.tables, registry, code), measure_months(core.tables, registry, code)


def back_tested(councils: list[Figures]) -> tuple[pd.DataFrame, float]:
    """The record of every council, and the CPU seconds for their forecasts and records."""
    registry, start = load_registry(), time.process_time()
    records = [
        backtest(forecast_year_ends(quarterly, registry, CouncilChoices("model"), monthly))
        for quarterly, monthly in councils
    ]
    return pd.concat(records, ignore_index=True), time.process_time() - start


def beside(records: pd.DataFrame) -> pd.DataFrame:
    """For each KPI the mean error of the model and of pro rata over the forecasts that both made."""
    errors = records.assign(error=records["abs_pct_error"].clip(upper=LARGEST_ERROR)).pivot_table(
        index=["kpi_id", "authority_code", "fiscal_year", "quarters_used"], columns="method", values="error"
    )
    both = errors[["model", "pro_rata"]].dropna()
    means = both.groupby("kpi_id").mean()
    return means.assign(forecasts=both.groupby("kpi_id").size()).sort_values("model")


def main() -> None:
    """Prints the cost and the record."""
    parser = argparse.ArgumentParser(description="What the back-test costs and says.")
    parser.add_argument("--authorities", type=int, default=33)
    parser.add_argument("--different", type=int, help="councils that are measured (default: all)")
    parser.add_argument("--years", type=int, default=8)
    wanted = parser.parse_args()
    different = min(wanted.different or wanted.authorities, wanted.authorities)
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder)
        write_sample(raw, authorities=different, years=wanted.years)
        slugs = sorted(path.name for path in raw.iterdir())
        councils = []
        for slug in slugs:
            councils.append(figures(raw, slug))
            print(f"{slug}: {len(councils[-1][0]):,} figures", file=sys.stderr)
    everyone = [councils[number % different] for number in range(wanted.authorities)]
    seconds = back_tested(everyone)[1]
    records, _ = back_tested(councils)
    print(
        f"{wanted.authorities} councils ({different} different), {wanted.years} years: {seconds:.1f} s CPU; "
        f"{len(records):,} records of the different ones\n"
    )
    print(accuracy_by_method(records, ["quarters_used"]).round(1).to_string(index=False))
    print()
    print(beside(records).round(1).to_string())


if __name__ == "__main__":
    main()
