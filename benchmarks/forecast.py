"""How well year ends are forecast, scored on a file of real series.

    .venv/bin/python benchmarks/forecast.py FILE [--json] [--speed]

FILE holds series (series_id, source, kind, freq, year, period, value), quarterly or monthly; or shares by
month (sid, period as a date, the denominator, then one or more numerators). It prints one table: for each
method, whole years of history (H) and known quarters of the year (k) the error and what the ranges hold; then
the same by group. `--json` prints the rows alone; `--speed` times 100,000 quarterly series of 23 points.

Scored so: a year is `freq` consecutive periods of a series; targets are its last (at most) three whole years
that have H whole years before them; the history is those H years, and is skipped when it sums to 0. The error
is the absolute percentage error of the year's total, at most 200%, where the actual is at least 1; the ranges
are scored wherever there is a target. Groups are the sources; recorded crime (MPS) is split in three by the
mean annual total of the history: under 20, 20 to 200, over 200. The macro figures are means over the groups
of the groups' means, so that no source outweighs another. Shares: the absolute error in percentage points, H
= 2, no groups.
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

import numpy as np  # noqa: E402 - the repository comes before what is installed
import pandas as pd  # noqa: E402

from cf_pipeline.forecast.methods.simple_methods import SIMPLE_METHODS  # noqa: E402
from cf_pipeline.forecast.model.year_end import YearEnds, flow_year_ends, percentage_year_ends  # noqa: E402
from cf_pipeline.forecast.series.known_periods import KnownPeriods  # noqa: E402
from cf_pipeline.forecast.series.series_faults import find_faults  # noqa: E402

YEARS_BEFORE = (2, 3, 5)
QUARTERS = (1, 2, 3)
TARGETS, CAP, LEAST_ACTUAL = 3, 2.0, 1
SPLIT_SOURCE, SPLITS = "MPS", (20, 200)
SERIES_COLUMNS = ("series_id", "source", "freq", "year", "period", "value")
SPEED_SERIES, SPEED_POINTS = 100_000, 23
LEVELS = {"cover_80": 0.80, "cover_95": 0.95}


@dataclass(frozen=True)
class Origins:
    """Every target year of one H: its history and itself, one row each, with its group."""

    years: np.ndarray
    season_length: int
    group: np.ndarray

    def known(self, quarters: int) -> KnownPeriods:
        """What was known after so many quarters of the target year."""
        elapsed = quarters * self.season_length // 4
        return KnownPeriods(
            self.years[:, : self.years.shape[1] - self.season_length + elapsed], self.season_length, elapsed
        )

    @property
    def actual(self) -> np.ndarray:
        """The target years' totals."""
        return np.asarray(self.years[:, -self.season_length :].sum(axis=1))


def origins(series: pd.DataFrame, years_before: int) -> Origins:
    """The targets that have so many whole years before them."""
    season = int(series["freq"].iloc[0])
    histories, groups = [], []
    ordered = series.sort_values(["series_id", "year", "period"], kind="stable")
    length = ordered.groupby("series_id")["value"].transform("size")
    for points, rows in ordered.groupby(length):
        values = rows["value"].to_numpy(dtype="float64").reshape(-1, int(points))
        source = rows["source"].to_numpy()[:: int(points)]
        whole = int(points) // season
        for target in range(max(years_before, whole - TARGETS), whole):
            years = values[:, (target - years_before) * season : (target + 1) * season]
            annual = years[:, : years_before * season].sum(axis=1) / years_before
            kept = annual > 0
            histories.append(years[kept])
            groups.append(_groups(source[kept], annual[kept]))
    if not histories:
        return Origins(np.empty((0, (years_before + 1) * season)), season, np.empty(0, dtype=object))
    return Origins(np.concatenate(histories), season, np.concatenate(groups))


def _groups(source: np.ndarray, annual: np.ndarray) -> np.ndarray:
    low, high = SPLITS
    size = np.select([annual < low, annual <= high], [f"under {low}", f"{low} to {high}"], f"over {high}")
    split = np.array([f"{SPLIT_SOURCE} {each}" for each in size], dtype=object)
    return np.where(source == SPLIT_SOURCE, split, source.astype(object))


def scores(series: pd.DataFrame) -> list[dict[str, Any]]:
    """One row a method, H and k: macro_mape, cover_80, cover_95 (percent) and the groups' own figures."""
    rows = []
    for years_before in YEARS_BEFORE:
        found = origins(series, years_before)
        for quarters in QUARTERS if len(found.group) else ():
            known = found.known(quarters)
            rows.append(_row("model", years_before, quarters, found, flow_year_ends(known)))
            for name, method in SIMPLE_METHODS.items():
                point = method.flow(known.numerators, known)
                rows.append(_row(name, years_before, quarters, found, YearEnds(point, {}, {})))
    return rows


def _row(method: str, years_before: int, quarters: int, found: Origins, ends: YearEnds) -> dict[str, Any]:
    actual = found.actual
    scored = actual >= LEAST_ACTUAL
    errors = np.abs(ends.point - actual)[scored] / actual[scored]
    groups: dict[str, dict[str, Any]] = {
        str(name): {"origins": int(size)}
        for name, size in pd.Series(found.group).value_counts().sort_index().items()
    }
    by_group = {"macro_mape": pd.Series(np.minimum(errors, CAP)).groupby(found.group[scored]).mean()}
    for name, level in LEVELS.items():
        if ends.lower:
            inside = (ends.lower[level] <= actual) & (actual <= ends.upper[level])
            by_group[name] = pd.Series(inside).groupby(found.group).mean()
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


def share_scores(shares: pd.DataFrame) -> list[dict[str, Any]]:
    """One row a method, numerator and k (and 'all'): mean absolute error in points, cover_80, cover_95."""
    season, years = 12, 3
    denominator, *numerators = [name for name in shares.columns if name not in ("sid", "period")]
    ordered = shares.sort_values(["sid", "period"], kind="stable")
    whole = ordered.groupby("sid")["period"].transform("size").eq(season * years)
    bottoms = ordered.loc[whole, denominator].to_numpy(dtype="float64").reshape(-1, season * years)
    rows = []
    for quarters in QUARTERS:
        until = 2 * season + quarters * season // 4
        measured = []
        for name in numerators:
            tops = ordered.loc[whole, name].to_numpy(dtype="float64").reshape(bottoms.shape)
            known = KnownPeriods(tops[:, :until], season, until - 2 * season, bottoms[:, :until])
            actual = 100 * tops[:, -season:].sum(axis=1) / bottoms[:, -season:].sum(axis=1)
            measured.append((name, known, actual))
        for method in ("model", *SIMPLE_METHODS):
            found = [(name, actual, _share(method, known)) for name, known, actual in measured]
            rows += [_share_row(method, name, quarters, [(actual, ends)]) for name, actual, ends in found]
            rows.append(_share_row(method, "all", quarters, [(actual, ends) for _, actual, ends in found]))
    return rows


def _share(method: str, known: KnownPeriods) -> YearEnds:
    if method == "model":
        return percentage_year_ends(known)
    top, bottom = (
        SIMPLE_METHODS[method].flow(values, known)
        for values in (known.numerators, known.require_denominators())
    )
    return YearEnds(100 * top / bottom, {}, {})


def _share_row(
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


def speed() -> float:
    """CPU seconds for the year ends, with ranges, of 100,000 quarterly series of 23 points."""
    series = np.random.default_rng(0).poisson(50, (SPEED_SERIES, SPEED_POINTS)).astype("float64")
    start = time.process_time()
    flow_year_ends(KnownPeriods(series, 4, SPEED_POINTS % 4))
    return round(time.process_time() - start, 2)


def read(path: Path) -> pd.DataFrame:
    """The file's rows.

    Raises:
        SystemExit: with one sentence when the file is not there, has other columns, or a series is at fault.
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
    """Prints the scores of a file."""
    parser = argparse.ArgumentParser(description="Scores year-end forecasts on a file of real series.")
    parser.add_argument("file", type=Path, help="a csv or csv.gz of series")
    parser.add_argument(
        "--json", action="store_true", help="rows of method, H, k, macro_mape, cover_80, cover_95"
    )
    parser.add_argument(
        "--speed", action="store_true", help="also time 100,000 quarterly series of 23 points"
    )
    wanted = parser.parse_args()
    series = read(wanted.file)
    rows = scores(series) if "value" in series.columns else share_scores(series)
    if wanted.json:
        print(json.dumps(rows))
        return
    _print_table(rows)
    if wanted.speed:
        print(f"\n{SPEED_SERIES:,} quarterly series of {SPEED_POINTS} points: {speed()} s CPU")


if __name__ == "__main__":
    main()
