"""What others know besides a publication: earlier releases, another audience's, the department's figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from cf_pipeline.contracts.rounding import as_written
from cf_pipeline.disclosure.cells import read_counts
from cf_pipeline.disclosure.equations import PublishedElsewhere, RatioFact, State
from cf_pipeline.disclosure.sides import CountSides
from cf_pipeline.disclosure.system import Cell
from cf_pipeline.kpi.definitions.registry import Kpi

SCALES = {"percentage": 100, "rate_10k": 10_000}
COUNTS = ("flow_count", "stock")


@dataclass(frozen=True)
class Release:
    """A publication anybody can read beside the one that is made.

    `published` is its fact_kpi_quarterly, with symbols, `figures` the unsuppressed fact_kpi_quarterly that it
    was made from: they tell which of its hidden figures were revised since. Both of one authority. `audience`
    is who was shown it.
    """

    name: str
    published: pd.DataFrame
    figures: pd.DataFrame
    audience: str = ""


def release_states(releases: Sequence[Release], sides: CountSides, symbol: str) -> list[State]:
    """The states of earlier and other releases, in the order given."""
    return [
        State(
            release.name,
            read_counts(release.published, sides, symbol),
            read_counts(release.figures, sides, "").counts,
        )
        for release in releases
    ]


def bases_of_the_year(releases: Sequence[Release], audience: str, figures: pd.DataFrame) -> dict[str, str]:
    """The basis of each KPI in an audience's last release, where that is of the same financial year.

    A KPI keeps one basis all year: beside quarters that were shown a year has to be hidden more often than
    not, and beside a year its quarters.

    Args:
        releases: the oldest first.
        audience: whose.
        figures: rows of fact_kpi_quarterly of today.
    """
    own = [release.published for release in releases if release.audience == audience]
    if not own or _latest_year(own[-1]) != _latest_year(figures):
        return {}
    return dict(zip(own[-1]["kpi_id"], own[-1]["basis"], strict=True))


def _latest_year(rows: pd.DataFrame) -> str:
    return str(rows["quarter_key"].max()).split(" ")[0]


def department_figures(
    comparators: pd.DataFrame,
    registry: Mapping[str, Kpi],
    sides: CountSides,
    counts: Mapping[Cell, int],
) -> PublishedElsewhere:
    """What the department publishes of one authority, where it agrees with the authority's own figures.

    A figure that differs was counted otherwise: who takes it for this one works out a false number.

    Args:
        comparators: rows of fact_comparator of that authority.
        registry: the KPIs by id.
        sides: the counts of the registry.
        counts: the authority's own counts.
    """
    rows = comparators[comparators["value"].notna() & comparators["category"].eq("all")]
    cells, ratios = set[Cell](), []
    decimals = {kpi_id: _decimals(values) for kpi_id, values in rows.groupby("kpi_id")["value"]}
    for kpi_id, year, value in zip(rows["kpi_id"], rows["year_ending"], rows["value"], strict=True):
        kpi = registry.get(kpi_id)
        if kpi is None:
            continue
        period = f"{int(year) - 1}/{int(year) % 100:02d} Q4"
        by_role = {role: _year_cell(sides.names[kpi_id, role], period, sides) for role in sides.roles(kpi_id)}
        if kpi.kind in COUNTS and counts.get(by_role["numerator"]) == value:
            cells.add(by_role["numerator"])
        if kpi.kind in SCALES and all(cell in counts for cell in by_role.values()):
            steps = round(as_written(value) * 10 ** decimals[kpi_id])
            fact = RatioFact(
                by_role["numerator"], by_role["denominator"], SCALES[kpi.kind], steps, decimals[kpi_id]
            )
            if _agrees(fact, counts):
                ratios.append(fact)
    return PublishedElsewhere(frozenset(cells), tuple(sorted(ratios, key=str)))


def _agrees(fact: RatioFact, counts: Mapping[Cell, int]) -> bool:
    numerator, denominator = counts[fact.numerator], counts[fact.denominator]
    if denominator == 0:
        return False
    exact = Fraction(fact.scale * numerator * 10**fact.decimals, denominator)
    return abs(exact - fact.steps) <= Fraction(1, 2)


def _decimals(values: pd.Series) -> int:
    """The decimals of a published series: 1 as soon as one figure has any."""
    return int(any(float(value) % 1 for value in values))


def _year_cell(name: str, quarter: str, sides: CountSides) -> Cell:
    basis = "quarter" if name in sides.stocks else "ytd"
    return Cell(name, f"{basis} {quarter}", "total", "all")
