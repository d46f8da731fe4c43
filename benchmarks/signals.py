"""Measures how many KPIs are flagged in councils in which nothing changes.

    .venv/bin/python benchmarks/signals.py [--councils 200] [--quarters 20] [--seed 12] [--json]

Every council has every KPI of the registry that may have a chart. Its figures come from processes that stay
as they are: counts are Poisson with the same seasons each year, shares binomial, a stock is those who stay
from the quarter before and those who arrive, a share of a stock is two such stocks, a median or an average is
that of as many durations as there were cases. Councils have from a few to several hundred cases a quarter.
Whatever is flagged is flagged by chance alone.

The command prints, by kind of series, how many KPIs have firm limits and how many of a hundred of these are
flagged in the newest quarter, and in any one of the quarters. Bar: at most 3 of 100 KPIs a quarter, tested in
`tests/integration/test_signal_benchmark.py`; the result is in docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402 - the repository comes before what is installed
import pandas as pd  # noqa: E402

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR, Quarter  # noqa: E402
from cf_pipeline.forecast.series.series_kind import STOCK, STOCK_SHARE, ratio_scale, series_kind  # noqa: E402
from cf_pipeline.kpi.definitions.registry import Kpi, load_registry  # noqa: E402
from cf_pipeline.spc.control_limits import FIRM_STATUS, control_limits  # noqa: E402

BAR = 3.0
"""Flags in a hundred KPIs a quarter that chance alone may raise."""
FIRST_QUARTER = Quarter(2015, 1)
SIZES = (2.0, 400.0)
"""Cases of a KPI in a quarter, from the smallest council to the largest, evenly on a logarithm."""
STAYS = (1.5, 12.0)
"""Quarters that a child stays in a stock, on average."""
SEASON = 0.25
"""Standard deviation of a quarter's usual level, of the year's mean."""
Sides = tuple[np.ndarray, np.ndarray | None]
"""Numerators and denominators (None for counts): one row a council, one column a quarter."""


class UnchangingCouncils:
    """Figures of councils in which every process stays as it is."""

    def __init__(self, councils: int, quarters: int, seed: int) -> None:
        """Draw the councils' sizes and populations; everything follows from the seed."""
        self.random = np.random.default_rng(seed)
        self.shape = (councils, quarters)
        self.population = (
            self.random.integers(2_000, 60_000, size=(councils, 1))
            * (1 + 0.01 * self.random.standard_normal((councils, -(-quarters // QUARTERS_PER_YEAR)))).repeat(
                QUARTERS_PER_YEAR, axis=1
            )[:, :quarters]
        )

    def levels(self) -> np.ndarray:
        """A usual number of cases for each council."""
        low, high = np.log(SIZES)
        return np.exp(self.random.uniform(low, high, size=(self.shape[0], 1)))

    def counts(self) -> np.ndarray:
        """Poisson counts with the same seasons every year."""
        season = np.exp(SEASON * self.random.uniform() * self.random.standard_normal((self.shape[0], 4)))
        repeats = -(-self.shape[1] // QUARTERS_PER_YEAR)
        return self.random.poisson(self.levels() * np.tile(season, repeats)[:, : self.shape[1]])

    def stocks(self, level: np.ndarray | None = None) -> np.ndarray:
        """Children present at each quarter's end: those who stayed, and those who arrived and stayed."""
        mean = self.levels() if level is None else level
        stay = np.exp(-1 / self.random.uniform(*STAYS, size=(self.shape[0], 1)))
        present = [self.random.poisson(mean)]
        for _ in range(self.shape[1] - 1):
            present.append(self.random.binomial(present[-1], stay) + self.random.poisson(mean * (1 - stay)))
        return np.concatenate(present, axis=1)

    def shares(self) -> np.ndarray:
        """A usual share for each council, more often high or low than in between."""
        return self.random.beta(0.8, 0.8, size=(self.shape[0], 1))

    def sides(self, kpi: Kpi) -> Sides:
        """Numerators and denominators of one KPI in every council and quarter."""
        kind = series_kind(kpi.forecast_rule, kpi.kind)
        if kpi.kind == "rate_10k":
            return (self.stocks() if kind == STOCK else self.counts()), self.population
        if kpi.kind == "percentage":
            if kind == STOCK_SHARE:
                share, level = self.shares(), self.levels()
                part = self.stocks(level * share)
                return part, part + self.stocks(level * (1 - share))
            whole = self.counts()
            return self.random.binomial(whole, self.shares()), whole
        return (self.stocks() if kind == STOCK else self.counts()), None

    def durations(self, summary: Callable[..., np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """The median or mean of as many durations as there were cases, and the cases; NaN without any."""
        cases = self.counts()
        typical = self.random.uniform(5, 200, size=(self.shape[0], 1))
        values = np.full(self.shape, np.nan)
        for council, quarter in np.argwhere(cases > 0):
            days = typical[council, 0] * np.exp(0.7 * self.random.standard_normal(cases[council, quarter]))
            values[council, quarter] = summary(np.floor(days))
        return values, cases

    def figures(self, kpi: Kpi) -> pd.DataFrame:
        """The quarters of one KPI, as the measured KPIs have them."""
        if kpi.kind in ("median_days", "average"):
            value, denominator = self.durations(np.median if kpi.kind == "median_days" else np.mean)
            numerator = value
        else:
            numerator, sizes = self.sides(kpi)
            denominator = np.full(self.shape, np.nan) if sizes is None else sizes
            whole = 1.0 if sizes is None else np.where(sizes > 0, sizes, np.nan)
            value = ratio_scale(kpi.kind) * numerator / whole
        councils, quarters = self.shape
        keys = [quarter_key(position) for position in range(quarters)]
        return pd.DataFrame(
            {
                "authority_code": np.repeat([f"council {number:03}" for number in range(councils)], quarters),
                "quarter_key": np.tile(keys, councils),
                "basis": "quarter",
                "kpi_id": kpi.id,
                "breakdown": "total",
                "category": "all",
                "numerator": numerator.ravel(),
                "denominator": denominator.ravel(),
                "value": value.ravel(),
                "symbol": None,
            }
        )


def quarter_key(position: int) -> str:
    """The key of a quarter by its position after the first."""
    quarter = FIRST_QUARTER
    for _ in range(position):
        quarter = quarter.next()
    return quarter.key


def measure_signals(councils: int = 200, quarters: int = 20, seed: int = 12) -> pd.DataFrame:
    """The flags in councils in which nothing changes.

    Returns:
        One row a kind of series, and 'all' for all of them: kind, kpis (those that have a row in the newest
        quarter), firm (those with firm limits), flagged (in the newest quarter), flagged_pct (of those with
        firm limits) and any_quarter_pct (of all quarters of KPIs with firm limits, how many are flagged).
    """
    registry, synthetic = load_registry(), UnchangingCouncils(councils, quarters, seed)
    rows = []
    for kpi in registry.values():
        if kpi.kind != "distribution":
            limits = control_limits(synthetic.figures(kpi), registry)
            is_flagged = limits["variation"].fillna("").str.startswith("special")
            rows.append(
                pd.DataFrame(
                    {
                        "kind": f"{kpi.kind}, {series_kind(kpi.forecast_rule, kpi.kind)}",
                        "is_newest": limits["quarter_key"].eq(limits["quarter_key"].max()),
                        "is_firm": limits["status"].eq(FIRM_STATUS),
                        "is_flagged": is_flagged,
                    }
                )
            )
    found = pd.concat(rows, ignore_index=True)
    parts = [*((str(kind), part) for kind, part in found.groupby("kind")), ("all", found)]
    return pd.DataFrame([_summary(kind, part) for kind, part in parts])


def _summary(kind: str, found: pd.DataFrame) -> dict[str, object]:
    newest = found[found["is_newest"]]
    firm, flagged = int(newest["is_firm"].sum()), int(newest["is_flagged"].sum())
    all_firm = max(int(found["is_firm"].sum()), 1)
    return {
        "kind": kind,
        "kpis": len(newest),
        "firm": firm,
        "flagged": flagged,
        "flagged_pct": round(100 * flagged / max(firm, 1), 2),
        "any_quarter_pct": round(100 * int(found["is_flagged"].sum()) / all_firm, 2),
    }


def main() -> None:
    """Print the flags by kind of series."""
    parser = argparse.ArgumentParser(description="Measures false flags in councils without any change.")
    parser.add_argument("--councils", type=int, default=200)
    parser.add_argument("--quarters", type=int, default=20)
    parser.add_argument("--seed", type=int, default=12)
    parser.add_argument("--json", action="store_true", help="only the rows, as JSON")
    options = parser.parse_args()
    table = measure_signals(options.councils, options.quarters, options.seed)
    if options.json:
        print(json.dumps(table.to_dict("records")))
        return
    print(table.to_string(index=False))
    flagged = float(table["flagged_pct"].iloc[-1])
    print(f"\n{flagged} of 100 KPIs with firm limits are flagged in the newest quarter; the bar is {BAR:g}.")


if __name__ == "__main__":
    main()
