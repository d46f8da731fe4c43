"""Measures what disclosure control costs and hides, on a published warehouse.

    .venv/bin/python benchmarks/disclosure.py FILE [--authorities 3] [--audience members_public] [--json]

FILE is a DuckDB file with the schema published_v1, such as `data/warehouse/published.duckdb`; it is opened
read-only. For each authority the command suppresses the figures, attacks the result as the gate does, and
prints CPU seconds of both, the counts hidden for their size and to protect others, the share of rows hidden,
and how many KPIs have a figure in one of the last eight quarters or in a year. Bars: the gate at most 60 CPU
seconds for the sample and 15 for a council of many; further cells at most a fifth of the small ones under the
goal 'not_exact' for every KPI (`--goal not_exact`).
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import duckdb  # noqa: E402 - the repository comes before what is installed
import pandas as pd  # noqa: E402

from cf_pipeline.disclosure.attack import attack_publication  # noqa: E402
from cf_pipeline.disclosure.policy import AudiencePolicy, product_policy  # noqa: E402
from cf_pipeline.disclosure.suppress import suppress_figures  # noqa: E402
from cf_pipeline.kpi.definitions.registry import load_registry  # noqa: E402

QUARTERLY = "fact_kpi_quarterly"
LATEST_QUARTERS = 8


@dataclass(frozen=True)
class Result:
    """What one authority's publication costs (CPU seconds) and hides."""

    authority: str
    suppress_seconds: float
    gate_seconds: float
    cells: int
    small_cells: int
    further_cells: int
    further_share: float
    rows_hidden_share: float
    kpis_with_a_figure: int
    kpis: int
    year_kpis: int
    withheld: int


def read_tables(file: Path, authority: str, audience: AudiencePolicy) -> dict[str, pd.DataFrame]:
    """The tables of published_v1 that the audience may see, with the facts of one authority."""
    names = [QUARTERLY, "dim_category", *audience.plain_tables, *audience.computed_tables]
    with duckdb.connect(str(file), read_only=True) as connection:
        tables = {}
        for name in names:
            is_own = name.startswith("fact_") and name != "fact_comparator"
            rows = connection.table(f"published_v1.{name}")
            tables[name] = (rows.filter(f"authority_code = '{authority}'") if is_own else rows).df()
    return tables


def authorities(file: Path, count: int) -> list[str]:
    """The first authorities with figures."""
    with duckdb.connect(str(file), read_only=True) as connection:
        connection.execute("set schema 'published_v1'")
        rows = connection.execute(
            "select distinct authority_code from fact_kpi_quarterly order by 1"
        ).fetchall()
    return [row[0] for row in rows[:count]]


def measure(tables: dict[str, pd.DataFrame], authority: str, audience: AudiencePolicy) -> Result:
    """Suppress and attack one authority's tables."""
    registry = load_registry()
    began = time.process_time()
    result = suppress_figures(tables, audience, registry)
    suppressed = time.process_time()
    record = attack_publication(result.tables, tables, audience, registry)
    attacked = time.process_time()
    rows = result.tables[QUARTERLY]
    counted = rows[~rows["symbol"].isin(["x", "z"])]
    totals = counted[counted["breakdown"].eq("total")]
    latest = sorted(totals["quarter_key"].unique())[-LATEST_QUARTERS:]
    recent = totals[totals["quarter_key"].isin(latest)]
    return Result(
        authority,
        round(suppressed - began, 1),
        round(attacked - suppressed, 1),
        record.cells,
        result.small_cells,
        result.further_cells,
        round(result.further_cells / max(result.small_cells, 1), 3),
        round(float(counted["symbol"].eq(audience.symbol).mean()), 3),
        recent.loc[recent["value"].notna(), "kpi_id"].nunique(),
        recent["kpi_id"].nunique(),
        len(result.year_kpis),
        len(result.withheld),
    )


def main() -> None:
    """Print one line an authority."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--authorities", type=int, default=1)
    parser.add_argument("--audience", default="members_public", choices=sorted(product_policy()))
    parser.add_argument("--goal", help="the goal of sensitive KPIs, in place of the policy's")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    audience = product_policy()[given.audience]
    if given.goal:
        audience = replace(audience, sensitive_goal=given.goal)
    for authority in authorities(given.file, given.authorities):
        found = asdict(measure(read_tables(given.file, authority, audience), authority, audience))
        print(
            json.dumps(found) if given.json else "  ".join(f"{name} {value}" for name, value in found.items())
        )


if __name__ == "__main__":
    main()
