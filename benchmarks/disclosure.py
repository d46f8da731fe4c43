"""Measures what disclosure control costs and hides, on a published warehouse.

    .venv/bin/python benchmarks/disclosure.py FILE [--authorities 33] [--releases DATA] [--json]

FILE is a DuckDB file with the schema published_v1, such as `data/warehouse/published.duckdb`; it is opened
read-only. Authority by authority, in the order of their codes, the command makes both releases as
`cf-pipeline release` does, each beside the other and, with `--releases`, beside those kept in the data folder
of a project. The approved list is the sample's. It prints CPU seconds of suppression and of all attacks, the
counts hidden for their size and to protect others, the share of rows hidden, how many KPIs have a figure in
one of the last eight quarters or in a year, and of how many KPIs that the committee's paper names
(`benchmarks/data/paper_kpis.txt`) the latest quarter or the latest 12 months have one.

A hidden count that can be worked out ends the command with exit status 1 and one sentence. Bars: the gate at
most 60 CPU seconds for the sample and 15 for a council of many; further cells at most a fifth of the small
ones under the goal 'not_exact' for every KPI (`--goal not_exact`); of the paper's KPIs at least half on the
sample's public page.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import duckdb  # noqa: E402 - the repository comes before what is installed
import pandas as pd  # noqa: E402

from cf_pipeline.disclosure.attack import attack_publication  # noqa: E402
from cf_pipeline.disclosure.policy import (  # noqa: E402
    COMMITTEE,
    PUBLIC,
    AudiencePolicy,
    DisclosureError,
    audience_policy,
    product_policy,
)
from cf_pipeline.disclosure.releases import Release  # noqa: E402
from cf_pipeline.disclosure.suppress import Suppression, suppress_figures  # noqa: E402
from cf_pipeline.kpi.definitions.registry import load_registry  # noqa: E402
from cf_pipeline.project.releases.approvals import read_approvals  # noqa: E402
from cf_pipeline.project.releases.archive import ReleaseArchive  # noqa: E402

QUARTERLY = "fact_kpi_quarterly"
AUDIENCES = (COMMITTEE, PUBLIC)
LATEST_QUARTERS = 8
PAPER_KPIS = tuple((ROOT / "benchmarks" / "data" / "paper_kpis.txt").read_text(encoding="utf-8").split())
"""The KPIs that the committee's paper of 2020 names."""


@dataclass(frozen=True)
class Result:
    """What one authority's release to an audience costs (CPU seconds) and hides.

    `paper_kpis_shown` and `paper_kpis_known` are how many of the paper's KPIs have a figure for the latest
    quarter or 12 months in the release, and any figure at all in what it was made from.
    """

    authority: str
    audience: str
    suppress_seconds: float
    gate_seconds: float
    cells: int
    small_cells: int
    further_cells: int
    further_share: float
    rows_hidden_share: float
    kpis_with_a_figure: int
    kpis: int
    paper_kpis_shown: int
    paper_kpis_known: int
    year_kpis: int
    withheld: int


@dataclass
class AuthorityRelease:
    """The releases of one authority while they are made: what each audience is shown, and what it cost."""

    tables: Mapping[str, pd.DataFrame]
    policies: Mapping[str, AudiencePolicy]
    earlier: Sequence[Release] = ()

    def __post_init__(self) -> None:
        """Begin with nothing made."""
        self.made: dict[str, Suppression] = {}
        self.suppress_seconds: dict[str, float] = {}
        self.gate_seconds = dict.fromkeys(AUDIENCES, 0.0)
        self.cells: dict[str, int] = {}

    def make(self) -> None:
        """Suppress and attack for each audience, then the committee's beside the public's, as a release does.

        Raises:
            DisclosureError: a hidden count can be worked out.
        """
        for audience in AUDIENCES:
            began = time.process_time()
            self.made[audience] = suppress_figures(
                self.tables, self.policies[audience], load_registry(), self._known(audience)
            )
            self.suppress_seconds[audience] = time.process_time() - began
            self._attack(audience)
        self._attack(COMMITTEE)

    def _attack(self, audience: str) -> None:
        began = time.process_time()
        record = attack_publication(
            self.made[audience].tables,
            self.tables,
            self.policies[audience],
            load_registry(),
            self._known(audience),
        )
        self.gate_seconds[audience] += time.process_time() - began
        self.cells[audience] = record.cells

    def _known(self, audience: str) -> list[Release]:
        figures = self.tables[QUARTERLY]
        others = [name for name in self.made if name != audience]
        return [*self.earlier] + [
            Release(
                f"{name} today",
                self.made[name].tables[QUARTERLY],
                figures[figures["breakdown"].isin(self.policies[name].breakdowns)],
            )
            for name in others
        ]


def read_tables(file: Path, authority: str, audience: AudiencePolicy) -> dict[str, pd.DataFrame]:
    """The tables of published_v1 that an audience may see, with the facts of one authority."""
    names = [QUARTERLY, "dim_category", *audience.plain_tables, *audience.computed_tables]
    with duckdb.connect(str(file), read_only=True) as connection:
        tables = {}
        for name in names:
            is_own = name.startswith("fact_") and name != "fact_comparator"
            rows = connection.table(f"published_v1.{name}")
            tables[name] = (rows.filter(f"authority_code = '{authority}'") if is_own else rows).df()
    return tables


def read_authorities(file: Path, count: int) -> dict[str, str]:
    """The folder names of the first authorities with figures, by code."""
    with duckdb.connect(str(file), read_only=True) as connection:
        rows = connection.execute(
            "select distinct authority_code, slug from published_v1.fact_kpi_quarterly "
            "join published_v1.dim_authority using (authority_code) order by 1"
        ).fetchall()
    return dict(rows[:count])


def policies_in_force(goal: str | None = None) -> dict[str, AudiencePolicy]:
    """The policy of each audience, with the sample's approved list.

    `goal` replaces that of sensitive KPIs.
    """
    settings = tomllib.loads((ROOT / "pipeline.toml").read_text(encoding="utf-8"))
    (approvals,) = read_approvals(settings["approvals"]).values()
    policies = product_policy()
    if goal:
        policies = {name: replace(each, sensitive_goal=goal) for name, each in policies.items()}
    return {
        name: audience_policy(policies[name], approvals, load_registry(), None, policies[PUBLIC])
        for name in AUDIENCES
    }


def paper_kpis_shown(rows: pd.DataFrame) -> int:
    """How many of the paper's KPIs have a total, or bands, for the latest quarter or the latest 12 months.

    `rows` are those of fact_kpi_quarterly that an audience is shown of one authority.
    """
    latest = rows.groupby("basis")["quarter_key"].transform("max")
    is_latest = rows["quarter_key"].eq(latest) & rows["breakdown"].isin(["total", "band"])
    return count_paper_kpis(rows[is_latest])


def count_paper_kpis(rows: pd.DataFrame) -> int:
    """How many of the paper's KPIs have a value in some rows."""
    return int(rows.loc[rows["value"].notna() & rows["kpi_id"].isin(PAPER_KPIS), "kpi_id"].nunique())


def measure(
    tables: Mapping[str, pd.DataFrame],
    authority: str,
    policies: Mapping[str, AudiencePolicy],
    earlier: Sequence[Release] = (),
) -> Iterator[Result]:
    """Make and attack one authority's releases; a result an audience."""
    release = AuthorityRelease(tables, policies, earlier)
    release.make()
    for audience, found in release.made.items():
        rows = found.tables[QUARTERLY]
        counted = rows[~rows["symbol"].isin(["x", "z"])]
        totals = counted[counted["breakdown"].eq("total")]
        latest = sorted(totals["quarter_key"].unique())[-LATEST_QUARTERS:]
        recent = totals[totals["quarter_key"].isin(latest)]
        yield Result(
            authority,
            audience,
            round(release.suppress_seconds[audience], 1),
            round(release.gate_seconds[audience], 1),
            release.cells[audience],
            found.small_cells,
            found.further_cells,
            round(found.further_cells / max(found.small_cells, 1), 3),
            round(float(counted["symbol"].eq(policies[audience].symbol).mean()), 3),
            recent.loc[recent["value"].notna(), "kpi_id"].nunique(),
            recent["kpi_id"].nunique(),
            paper_kpis_shown(rows),
            count_paper_kpis(tables[QUARTERLY]),
            len(found.year_kpis),
            len(found.withheld),
        )


def main() -> int:
    """Print one line an authority and audience, and one of all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--authorities", type=int, default=1, help="how many, in the order of their codes")
    parser.add_argument("--releases", type=Path, metavar="DATA", help="a data folder with earlier releases")
    parser.add_argument("--goal", help="the goal of sensitive KPIs, in place of the policy's")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    policies, results = policies_in_force(given.goal), []
    for authority, slug in read_authorities(given.file, given.authorities).items():
        tables = read_tables(given.file, authority, policies[PUBLIC])
        earlier = [
            release
            for name in AUDIENCES
            for release in (ReleaseArchive(given.releases).releases(name, slug) if given.releases else ())
        ]
        try:
            found = list(measure(tables, authority, policies, earlier))
        except DisclosureError as error:
            print(f"{slug}: {error}")
            return 1
        for result in found:
            words = asdict(result)
            line = json.dumps(words) if given.json else "  ".join(f"{k} {v}" for k, v in words.items())
            print(line, flush=True)
        results.append(found)
    if not given.json:
        print(_summary(results))
    return 0


def _summary(results: Sequence[Sequence[Result]]) -> str:
    gates = [sum(result.gate_seconds for result in found) for found in results]
    everything = [result for found in results for result in found]
    cells = sum(result.cells for result in everything)
    suppression = sum(result.suppress_seconds for result in everything)
    shown = min(result.paper_kpis_shown for result in everything if result.audience == PUBLIC)
    return (
        f"{len(results)} authorities, {cells:,} counts for both audiences, none of those hidden worked out. "
        f"CPU seconds: the gate at most {max(gates):.1f} an authority, {sum(gates):.1f} in all; suppression "
        f"{suppression:.0f}. Of the {len(PAPER_KPIS)} KPIs of the committee's paper the public sees at least "
        f"{shown}."
    )


if __name__ == "__main__":
    sys.exit(main())
