"""Measures the CPU time of the back-test, and the accuracy of forecasts, on synthetic councils.

    .venv/bin/python benchmarks/back_test.py [--authorities 33] [--different 33] [--years 8]

The command writes a synthetic sample and measures every KPI with its breakdowns. It then times what a refresh
does with the figures: the forecasts of every year by every method, and the back-test. It prints:

- CPU seconds, one authority after another, as in a run.
- For each number of known quarters and method: the mean error (at most 200% for one forecast) and the
  percentages of outturns inside the ranges.
- For each KPI: the mean errors of the model and of pro rata.

Measuring 33 councils takes long. With `--different 3` three councils are measured and repeated for the
timing; the accuracy is that of the three.

Bar: none. The latest result is in docs/forecasts.md, "The back-test".
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
from cf_pipeline.history.merge.core import merge_deliveries  # noqa: E402
from cf_pipeline.ingest.receive import receive_deliveries  # noqa: E402
from cf_pipeline.kpi.definitions.registry import load_registry  # noqa: E402
from cf_pipeline.kpi.measure.monthly import measure_months  # noqa: E402
from cf_pipeline.kpi.measure.quarterly import measure_kpis  # noqa: E402
from cf_pipeline.sample import write_sample  # noqa: E402

KEY = b"a key for a benchmark only, long enough"
Figures = tuple[pd.DataFrame, pd.DataFrame]


def measure_council(raw: Path, slug: str) -> Figures:
    """The figures of one council, by quarter and by month."""
    received = receive_deliveries(raw, slug)
    cleaned = clean_lists(received.lists, received.manifest)
    code = authority(slug).authority_code
    core = merge_deliveries(cleaned.lists, cleaned.quarantine, received.manifest, code, KEY)
    registry = load_registry()
    return measure_kpis(core.tables, registry, code), measure_months(core.tables, registry, code)


def backtest_councils(councils: list[Figures]) -> tuple[pd.DataFrame, float]:
    """The back-test of every council, and the CPU seconds of their forecasts and back-tests."""
    registry, start = load_registry(), time.process_time()
    records = [
        backtest(forecast_year_ends(quarterly, registry, CouncilChoices("model"), monthly))
        for quarterly, monthly in councils
    ]
    return pd.concat(records, ignore_index=True), time.process_time() - start


def errors_by_kpi(records: pd.DataFrame) -> pd.DataFrame:
    """The mean errors of the model and of pro rata over the forecasts that both made, and their number."""
    errors = records.assign(error=records["abs_pct_error"].clip(upper=LARGEST_ERROR)).pivot_table(
        index=["kpi_id", "authority_code", "fiscal_year", "quarters_used"], columns="method", values="error"
    )
    both = errors[["model", "pro_rata"]].dropna()
    means = both.groupby("kpi_id").mean()
    return means.assign(forecasts=both.groupby("kpi_id").size()).sort_values("model")


def main() -> None:
    """Print the CPU time and the accuracy."""
    parser = argparse.ArgumentParser(description="Measures the time and the accuracy of the back-test.")
    parser.add_argument("--authorities", type=int, default=33)
    parser.add_argument("--different", type=int, help="councils that are measured (default: all)")
    parser.add_argument("--years", type=int, default=8)
    options = parser.parse_args()
    different = min(options.different or options.authorities, options.authorities)
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder)
        write_sample(raw, authorities=different, years=options.years)
        slugs = sorted(path.name for path in raw.iterdir())
        councils = []
        for slug in slugs:
            councils.append(measure_council(raw, slug))
            print(f"{slug}: {len(councils[-1][0]):,} figures", file=sys.stderr)
    repeated = [councils[number % different] for number in range(options.authorities)]
    seconds = backtest_councils(repeated)[1]
    records, _ = backtest_councils(councils)
    print(
        f"{options.authorities} councils ({different} different), {options.years} years: "
        f"{seconds:.1f} s CPU; "
        f"{len(records):,} back-tested forecasts of the different ones\n"
    )
    print(accuracy_by_method(records, ["quarters_used"]).round(1).to_string(index=False))
    print()
    print(errors_by_kpi(records).round(1).to_string())


if __name__ == "__main__":
    main()
