"""The authority and the quarter that a page is about, and the choices that its address holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.dashboard.content import Field, Form, Link
from cf_pipeline.dashboard.page import PageError
from cf_pipeline.dashboard.pages.figures.frame_rows import rows_in_order
from cf_pipeline.dashboard.visit import NOT_FOUND, Visit
from cf_pipeline.outputs.charts.words import quarter_text
from cf_pipeline.outputs.report.words import day

BASES = {"quarter": "the quarter", "ytd": "the year to date", "year": "the whole year"}
"""What a figure is of, in words."""


@dataclass(frozen=True)
class Scope:
    """What a page is about.

    Attributes:
        visit: the visit.
        authority: its row of `dim_authority`.
        quarter: the quarter that is shown.
        quarter_keys: those that can be chosen, newest first.
        kpis: KPI -> its row of `dim_kpi`, in order.
    """

    visit: Visit
    authority: Any
    quarter: Quarter
    quarter_keys: tuple[str, ...]
    kpis: Mapping[str, Any]

    @property
    def areas(self) -> dict[str, list[Any]]:
        """Area -> its KPIs, in order."""
        found: dict[str, list[Any]] = {}
        for kpi in self.kpis.values():
            found.setdefault(str(kpi.area), []).append(kpi)
        return found

    @property
    def code(self) -> str:
        """The GSS code of the authority."""
        return str(self.authority.authority_code)

    @property
    def sees_records(self) -> bool:
        """Whether the reader may see records of the authority."""
        return self.visit.user.share_of(str(self.authority.slug)) is not None

    @property
    def period(self) -> dict[str, object]:
        """The quarter for other addresses; nothing of the newest, so that a bookmark stays new."""
        return {} if self.quarter.key == self.quarter_keys[0] else {"quarter": self.quarter.key}

    def kpi(self, kpi_id: str) -> Any:
        """The row of `dim_kpi` of a KPI.

        Raises:
            PageError: there is no such KPI.
        """
        if kpi_id not in self.kpis:
            raise self.visit.unknown("measure", kpi_id, list(self.kpis))
        return self.kpis[kpi_id]

    def href(self, page: str, query: dict[str, object] | None = None, **values: str) -> str:
        """The address of another page about the same authority and quarter."""
        return self.visit.href(page, {**self.period, **(query or {})}, **values)

    def link(self, text: str, page: str, query: dict[str, object] | None = None, **values: str) -> Link:
        """A link to another page about the same authority and quarter."""
        return Link(text, self.href(page, query, **values))

    def trail(self, *links: Link) -> tuple[Link, ...]:
        """The pages above one: the authority's overview, then these."""
        return (self.link(str(self.authority.name), "overview"), *links)

    def quarter_field(self) -> Field:
        """The choice of the quarter."""
        options = tuple((key, quarter_text(Quarter.parse(key))) for key in self.quarter_keys)
        return Field("quarter", "Quarter", self.quarter.key, options)

    def form(self, *fields: Field) -> Form:
        """The choices of a page: the quarter, then these."""
        return Form("What to show", (self.quarter_field(), *fields))

    @property
    def as_at_text(self) -> str:
        """'31 December 2019', the newest delivery that the figures rest on."""
        return day(self.authority.latest_as_at)


def choose_scope(visit: Visit) -> Scope:
    """The authority of the path and the quarter of the query, the newest where it names none.

    Raises:
        PageError: there is no such quarter, or the authority has no figures.
    """
    authority = visit.authority
    if pd.isna(authority.latest_quarter_key):
        raise PageError(
            NOT_FOUND,
            f"{authority.name} has no figures yet",
            "None of its deliveries could be read, so nothing is published of it. Its data quality says why.",
            (visit.link("Data quality", "data_quality"), visit.link("All authorities", "home")),
        )
    tables = visit.read_figures({"dim_quarter": {}, "dim_kpi": {}})
    keys = _quarter_keys(tables["dim_quarter"], str(authority.latest_quarter_key))
    return Scope(
        visit=visit,
        authority=authority,
        quarter=Quarter.parse(visit.choice("quarter", keys, keys[0], "quarter")),
        quarter_keys=tuple(keys),
        kpis={str(row.kpi_id): row for row in rows_in_order(tables["dim_kpi"], "position")},
    )


def _quarter_keys(quarters: pd.DataFrame, newest: str) -> list[str]:
    """The quarters up to the newest of an authority, the newest first."""
    known = (Quarter.parse(str(key)) for key in quarters["quarter_key"])
    return [quarter.key for quarter in sorted(known, reverse=True) if quarter <= Quarter.parse(newest)]


def slug_of(name: str) -> str:
    """The name of an area as it stands in an address: 'children-in-care'."""
    return "-".join("".join(letter if letter.isalnum() else " " for letter in name.lower()).split())
