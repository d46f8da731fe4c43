"""What is compared: the measures, the period, the breakdown and the authorities that the address names."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import pandas as pd

from cf_pipeline.dashboard.content import Field, Form, Links
from cf_pipeline.dashboard.pages.figures.kpi.rows import breakdown_name
from cf_pipeline.dashboard.pages.figures.scope import Scope

PERIODS = {
    "quarter": "Quarters",
    "ytd": "Years to date, quarter by quarter",
    "month": "Months",
    "year": "Whole years",
}
KPI_NAMES = ("kpi", "kpi2", "kpi3")
ALL = "all"
"""Every authority with figures here."""


@dataclass(frozen=True)
class Comparison:
    """What is compared.

    Attributes:
        kpis: rows of `dim_kpi`, one to three.
        period: a name of `PERIODS`.
        breakdown: what the figures are split by; 'total' for nothing.
        breakdowns: what they can be split by.
        others: the other authorities beside: rows of `dim_authority`.
    """

    kpis: tuple[Any, ...]
    period: str
    breakdown: str
    breakdowns: tuple[str, ...]
    others: tuple[Any, ...]

    @property
    def is_split(self) -> bool:
        """Whether there is a row a category."""
        return self.breakdown != "total"


def chosen_kpis(scope: Scope) -> tuple[Any, ...]:
    """The measures that the address names; the first of the first area where it names none."""
    ids = [kpi_id for name in KPI_NAMES if (kpi_id := scope.visit.query.get(name))]
    whole = [kpi_id for kpi_id, kpi in scope.kpis.items() if kpi.kind != "distribution"]
    return tuple(scope.kpi(kpi_id) for kpi_id in dict.fromkeys(ids or whole[:1]))


def chosen_period(scope: Scope) -> str:
    """The name of the period that the address names."""
    return scope.visit.choice("period", list(PERIODS), "quarter", "period")


def choose_comparison(scope: Scope, facts: pd.DataFrame) -> Comparison:
    """The choices of the address.

    Args:
        scope: the authority.
        facts: the figures of the measures and the period, with every breakdown.

    Raises:
        PageError: there is no such measure, period, breakdown or authority.
    """
    names = tuple(sorted(set(facts["breakdown"]) - {"total"}))
    return Comparison(
        kpis=chosen_kpis(scope),
        period=chosen_period(scope),
        breakdown=scope.visit.choice("breakdown", ["total", *names], "total", "breakdown"),
        breakdowns=names,
        others=chosen_others(scope),
    )


def chosen_others(scope: Scope) -> tuple[Any, ...]:
    """The authorities beside the one of the address."""
    others = {slug: row for slug, row in scope.visit.authorities.items() if slug != scope.authority.slug}
    choice = scope.visit.choice("with", ["", ALL, *others], "", "authority")
    return tuple(others.values()) if choice == ALL else tuple(others[slug] for slug in [choice] if slug)


def comparison_form(scope: Scope, comparison: Comparison) -> Form:
    """The choices as a form."""
    kpis = tuple((kpi_id, str(kpi.title)) for kpi_id, kpi in scope.kpis.items() if kpi.kind != "distribution")
    ids = [str(kpi.kpi_id) for kpi in comparison.kpis]
    fields = [
        Field(
            name,
            label,
            ids[place] if place < len(ids) else "",
            (*([] if place == 0 else [("", "none")]), *kpis),
        )
        for place, (name, label) in enumerate(
            zip(KPI_NAMES, ("Measure", "Second measure", "Third measure"), strict=True)
        )
    ]
    breakdowns = (("total", "nothing"), *((name, breakdown_name(name)) for name in comparison.breakdowns))
    fields += [
        Field("period", "Periods", comparison.period, tuple(PERIODS.items())),
        Field("breakdown", "Split by", comparison.breakdown, breakdowns),
    ]
    if len(scope.visit.authorities) > 1:
        fields.append(_authority_field(scope))
    return scope.form(*fields)


def _authority_field(scope: Scope) -> Field:
    own = str(scope.authority.slug)
    names = ((slug, str(row.name)) for slug, row in scope.visit.authorities.items() if slug != own)
    options = (("", "no other authority"), (ALL, "every authority"), *names)
    return Field("with", "Beside", scope.visit.query.get("with", ""), options)


def ready_made_links(scope: Scope) -> Links:
    """The comparisons that are asked for again and again, of those whose measures are published."""
    links = [
        scope.link(entry["title"], "compare", comparison_query(entry))
        for entry in ready_made()
        if set(entry["kpis"]) <= set(scope.kpis)
    ]
    return Links("Ready-made comparisons", tuple(links))


def comparison_query(entry: Mapping[str, Any]) -> dict[str, object]:
    """A ready-made comparison as the choices of an address."""
    kpis = dict(zip(KPI_NAMES, entry["kpis"], strict=False))
    return {**kpis, "period": entry["period"], "breakdown": entry.get("breakdown", "")}


@cache
def ready_made() -> Sequence[Mapping[str, Any]]:
    """The entries of `data/ready_made.toml`."""
    path = resources.files("cf_pipeline.dashboard.pages.figures.compare") / "data" / "ready_made.toml"
    found: Sequence[Mapping[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["comparison"]
    return found
