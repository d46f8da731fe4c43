"""Measures how accurate year-end forecasts are, on a file of real series.

    .venv/bin/python benchmarks/forecast.py FILE [--json] [--speed]

FILE holds series (series_id, source, kind, freq, year, period, value), quarterly or monthly; or shares by
month (sid, period as a date, the denominator, then one or more numerators). The command prints one table: for
each method, number of whole years of history (H) and of known quarters of the year (k), the error and the
coverage of the ranges; then the same by group. `--json` prints only the rows; `--speed` also times 100,000
quarterly series of 23 points.

How a forecast is scored:

- A year is `freq` consecutive periods of a series. Targets are its last (at most) three whole years that have
  H whole years before them. The history is those H years; a history that sums to 0 is skipped.
- The error is the absolute percentage error of the year's total, at most 200%, where the actual is at least
  1. The ranges are scored for every target.
- Groups are the sources. Recorded crime (MPS) is split in three by the mean annual total of the history:
  under 20, 20 to 200, over 200. The macro figures are means over the groups of the groups' means, so that no
  source outweighs another.
- Shares have the absolute error in percentage points, H = 2, and no groups.

Bars, on the development half of the series: macro error at H = 3 at most 15.4, 11.1 and 6.5 (k = 1, 2, 3) by
quarter and 15.3, 11.1 and 6.3 by month, lower than pro rata's by 33, 21 and 10% and than last year's
remainder by 10% at k = 1 and 2; 80% ranges hold 78 to 86%, in every group of 100 origins at least 70%, and
95% ranges 91 to 98%; 100,000 series take under 2.5 s. They are tested in
`tests/integration/test_forecast_benchmark.py`; results are in docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import cf_pipeline  # noqa: E402, F401, I001 - before numpy: it sets one thread, as a run has

import numpy as np  # noqa: E402 - after `cf_pipeline`, as above
import pandas as pd  # noqa: E402

from cf_pipeline.forecast.methods.simple_methods import SIMPLE_METHODS  # noqa: E402
from cf_pipeline.forecast.model.year_end import YearEnds, flow_year_ends, percentage_year_ends  # noqa: E402
from cf_pipeline.forecast.series.known_periods import KnownPeriods  # noqa: E402
from cf_pipeline.forecast.series.series_faults import find_faults  # noqa: E402

YEARS_BEFORE = (2, 3, 5)
QUARTERS = (1, 2, 3)
TARGET_YEARS, LARGEST_ERROR, LEAST_ACTUAL = 3, 2.0, 1
SPLIT_SOURCE, SPLITS = "MPS", (20, 200)
SERIES_COLUMNS = ("series_id", "source", "freq", "year", "period", "value")
SPEED_SERIES, SPEED_POINTS = 100_000, 23
LEVELS = {"cover_80": 0.80, "cover_95": 0.95}


@dataclass(frozen=True)
class Origins:
    """The target years with H whole years before them, from which forecasts are made.

    years: one row a target, its history followed by itself, one column a period.
    group: of each target.
    """

    years: np.ndarray
    season_length: int
    group: np.ndarray

    def known_periods(self, quarters: int) -> KnownPeriods:
        """The periods known after so many quarters of the target year."""
        elapsed = quarters * self.season_length // 4
        return KnownPeriods(
            self.years[:, : self.years.shape[1] - self.season_length + elapsed], self.season_length, elapsed
        )

    @property
    def actual(self) -> np.ndarray:
        """The target years' totals."""
        return np.asarray(self.years[:, -self.season_length :].sum(axis=1))


def find_origins(series: pd.DataFrame, years_before: int) -> Origins:
    """The target years that have so many whole years before them."""
    season = int(series["freq"].iloc[0])
    histories, groups = [], []
    ordered = series.sort_values(["series_id", "year", "period"], kind="stable")
    length = ordered.groupby("series_id")["value"].transform("size")
    for points, rows in ordered.groupby(length):
        values = rows["value"].to_numpy(dtype="float64").reshape(-1, int(points))
        source = rows["source"].to_numpy()[:: int(points)]
        whole_years = int(points) // season
        for target in range(max(years_before, whole_years - TARGET_YEARS), whole_years):
            years = values[:, (target - years_before) * season : (target + 1) * season]
            annual = years[:, : years_before * season].sum(axis=1) / years_before
            has_cases = annual > 0
            histories.append(years[has_cases])
            groups.append(_group_names(source[has_cases], annual[has_cases]))
    if not histories:
        return Origins(np.empty((0, (years_before + 1) * season)), season, np.empty(0, dtype=object))
    return Origins(np.concatenate(histories), season, np.concatenate(groups))


def _group_names(source: np.ndarray, annual: np.ndarray) -> np.ndarray:
    low, high = SPLITS
    size = np.select([annual < low, annual <= high], [f"under {low}", f"{low} to {high}"], f"over {high}")
    split = np.array([f"{SPLIT_SOURCE} {name}" for name in size], dtype=object)
    return np.where(source == SPLIT_SOURCE, split, source.astype(object))


def score_counts(series: pd.DataFrame) -> list[dict[str, Any]]:
    """One row a method, H and k: macro_mape, cover_80, cover_95 (percent) and the figures of each group."""
    rows = []
    for years_before in YEARS_BEFORE:
        targets = find_origins(series, years_before)
        for quarters in QUARTERS if len(targets.group) else ():
            known = targets.known_periods(quarters)
            rows.append(_score("model", years_before, quarters, targets, flow_year_ends(known)))
            for name, method in SIMPLE_METHODS.items():
                point = method.flow(known.numerators, known)
                rows.append(_score(name, years_before, quarters, targets, YearEnds(point, {}, {})))
    return rows


def _score(method: str, years_before: int, quarters: int, targets: Origins, ends: YearEnds) -> dict[str, Any]:
    actual = targets.actual
    has_error = actual >= LEAST_ACTUAL
    errors = np.abs(ends.point - actual)[has_error] / actual[has_error]
    groups: dict[str, dict[str, Any]] = {
        str(name): {"origins": int(size)}
        for name, size in pd.Series(targets.group).value_counts().sort_index().items()
    }
    by_group = {
        "macro_mape": pd.Series(np.minimum(errors, LARGEST_ERROR)).groupby(targets.group[has_error]).mean()
    }
    for name, level in LEVELS.items():
        if ends.lower:
            inside = (ends.lower[level] <= actual) & (actual <= ends.upper[level])
            by_group[name] = pd.Series(inside).groupby(targets.group).mean()
    for measure, figures in by_group.items():
        for group, figure in figures.items():
            groups[str(group)][measure.removeprefix("macro_")] = round(100 * float(figure), 2)
    macro = {
        measure: round(100 * float(by_group[measure].mean()), 2) if measure in by_group else None
        for measure in ("macro_mape", *LEVELS)
    }
    return {
        "method": method,
        "H": years_before,
        "k": quarters,
        "origins": len(actual),
        **macro,
        "groups": groups,
    }


def score_shares(shares: pd.DataFrame) -> list[dict[str, Any]]:
    """One row a method, numerator and k (and 'all'): mean absolute error in points, cover_80, cover_95."""
    season, years = 12, 3
    denominator, *numerators = [name for name in shares.columns if name not in ("sid", "period")]
    ordered = shares.sort_values(["sid", "period"], kind="stable")
    whole = ordered.groupby("sid")["period"].transform("size").eq(season * years)
    denominators = ordered.loc[whole, denominator].to_numpy(dtype="float64").reshape(-1, season * years)
    rows = []
    for quarters in QUARTERS:
        end = 2 * season + quarters * season // 4
        shares_known = []
        for name in numerators:
            values = ordered.loc[whole, name].to_numpy(dtype="float64").reshape(denominators.shape)
            known = KnownPeriods(values[:, :end], season, end - 2 * season, denominators[:, :end])
            actual = 100 * values[:, -season:].sum(axis=1) / denominators[:, -season:].sum(axis=1)
            shares_known.append((name, known, actual))
        for method in ("model", *SIMPLE_METHODS):
            year_ends = [
                (name, actual, _share_year_ends(method, known)) for name, known, actual in shares_known
            ]
            rows += [
                _score_share(method, name, quarters, [(actual, ends)]) for name, actual, ends in year_ends
            ]
            rows.append(
                _score_share(method, "all", quarters, [(actual, ends) for _, actual, ends in year_ends])
            )
    return rows


def _share_year_ends(method: str, known: KnownPeriods) -> YearEnds:
    if method == "model":
        return percentage_year_ends(known)
    numerator, denominator = (
        SIMPLE_METHODS[method].flow(values, known)
        for values in (known.numerators, known.require_denominators())
    )
    return YearEnds(100 * numerator / denominator, {}, {})


def _score_share(
    method: str, name: str, quarters: int, parts: list[tuple[np.ndarray, YearEnds]]
) -> dict[str, Any]:
    errors = np.concatenate([np.abs(ends.point - actual) for actual, ends in parts])
    row = {"method": method, "share": name, "H": 2, "k": quarters, "origins": len(errors)}
    row["mean_abs_error_points"] = round(float(errors.mean()), 3)
    for measure, level in LEVELS.items():
        inside = [
            (ends.lower[level] <= actual) & (actual <= ends.upper[level])
            for actual, ends in parts
            if ends.lower
        ]
        row[measure] = round(100 * float(np.concatenate(inside).mean()), 2) if inside else None
    return row


def measure_speed() -> float:
    """CPU seconds for the year ends, with ranges, of 100,000 quarterly series of 23 points, in one thread."""
    series = np.random.default_rng(0).poisson(50, (SPEED_SERIES, SPEED_POINTS)).astype("float64")
    start = time.process_time()
    flow_year_ends(KnownPeriods(series, 4, SPEED_POINTS % 4))
    return round(time.process_time() - start, 2)


def read_series(path: Path) -> pd.DataFrame:
    """The rows of a file of series or shares.

    Raises:
        SystemExit: with one sentence, when the file cannot be read, has other columns or a faulty series.
    """
    try:
        frame = pd.read_csv(path)
    except (OSError, UnicodeDecodeError, ValueError):
        raise SystemExit(f"{path}: cannot be read as a table of series; give a csv or csv.gz file.") from None
    if set(SERIES_COLUMNS) <= set(frame.columns):
        if set(frame["freq"]) not in ({4}, {12}):
            raise SystemExit(f"{path}: freq is 4 or 12, the same in every row; split the file.")
        position, values = frame["year"] * frame["freq"] + frame["period"], ["value"]
        name, shown = (
            frame["series_id"],
            "year " + frame["year"].astype(str) + " period " + frame["period"].astype(str),
        )
    elif {"sid", "period"} <= set(frame.columns) and frame.shape[1] >= 4:
        month = pd.to_datetime(frame["period"], format="%Y-%m-%d")
        position, values = (
            month.dt.year * 12 + month.dt.month,
            list(frame.columns.difference(["sid", "period"])),
        )
        name, shown = frame["sid"], frame["period"]
    else:
        raise SystemExit(f"{path}: has no columns {', '.join(SERIES_COLUMNS)}; name them so.")
    rows = pd.DataFrame({"series": name, "period": position, "period_name": shown, **frame[values]})
    wrong = find_faults(rows, values, require_whole_numbers=False)
    if len(wrong):
        more = f" ({len(wrong)} series are at fault.)" if len(wrong) > 1 else ""
        raise SystemExit(f"{path}: series {wrong.index[0]}, {wrong.iloc[0]}{more}")
    return frame


def _print_table(rows: list[dict[str, Any]]) -> None:
    columns = [name for name in rows[0] if name != "groups"]
    table = pd.DataFrame(rows)[columns].astype(object)
    print(table.where(table.notna(), "").to_string(index=False))
    grouped = [(row, name, figures) for row in rows for name, figures in row.get("groups", {}).items()]
    if grouped:
        print("\nThe model by group")
        lines = [
            {"H": row["H"], "k": row["k"], "group": name, **figures}
            for row, name, figures in grouped
            if row["method"] == "model"
        ]
        print(pd.DataFrame(lines).to_string(index=False))


def main() -> None:
    """Print the scores of a file."""
    parser = argparse.ArgumentParser(description="Scores year-end forecasts on a file of real series.")
    parser.add_argument("file", type=Path, help="a csv or csv.gz of series")
    parser.add_argument(
        "--json", action="store_true", help="rows of method, H, k, macro_mape, cover_80, cover_95"
    )
    parser.add_argument(
        "--speed", action="store_true", help="also time 100,000 quarterly series of 23 points"
    )
    options = parser.parse_args()
    series = read_series(options.file)
    rows = score_counts(series) if "value" in series.columns else score_shares(series)
    if options.json:
        print(json.dumps(rows))
        return
    _print_table(rows)
    if options.speed:
        print(f"\n{SPEED_SERIES:,} quarterly series of {SPEED_POINTS} points: {measure_speed()} s CPU")


if __name__ == "__main__":
    main()
