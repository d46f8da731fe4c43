"""The tables of a comparison: a row a period and category, and authorities side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.dashboard.content import Cell, Column, TableView
from cf_pipeline.dashboard.pages.figures.cells import figure_cell, value_cell
from cf_pipeline.dashboard.pages.figures.compare.choices import PERIODS, Comparison
from cf_pipeline.dashboard.pages.figures.frame_rows import rows_in_order, rows_of
from cf_pipeline.dashboard.pages.figures.kpi.quarters import period_text
from cf_pipeline.dashboard.pages.figures.kpi.rows import breakdown_name
from cf_pipeline.dashboard.pages.figures.records import records_href
from cf_pipeline.dashboard.pages.figures.scope import Scope
from cf_pipeline.outputs.charts.figures import places_beside
from cf_pipeline.outputs.report.places import COUNTS

Key = tuple[str, str, str, str]
"""KPI, authority, period and category."""


@dataclass(frozen=True)
class _Figures:
    """The figures of a comparison, those of other places, and the columns that they have.

    `places`: the places beside a share or rate: what a comparison is against, and the name.
    """

    scope: Scope
    kpis: tuple[Any, ...]
    authorities: tuple[Any, ...]
    places: list[tuple[str, str]]
    rows: Mapping[Key, Any]
    references: Mapping[tuple[str, str, str], Any]

    def columns(self) -> list[Column]:
        """For each measure a column an authority and place."""
        is_alone = len(self.authorities) == 1
        return [
            Column(name, is_number=True)
            for kpi in self.kpis
            for name in (
                *(str(kpi.title) if is_alone else f"{kpi.title}, {each.name}" for each in self.authorities),
                *(f"{kpi.title}, {name}" for _, name in self._places(kpi)),
            )
        ]

    def cells(self, period: str, category: str) -> list[Cell]:
        """The cells of a period and category, in the order of the columns."""
        return [
            cell
            for kpi in self.kpis
            for cell in (
                *(self._figure(kpi, each, period, category) for each in self.authorities),
                *(
                    value_cell(self.references.get((str(kpi.kpi_id), period, against)), kpi)
                    for against, _ in self._places(kpi)
                ),
            )
        ]

    def has_row(self, period: str, category: str) -> bool:
        """Whether the authority itself has a row of any of the measures."""
        return any((str(kpi.kpi_id), self.scope.code, period, category) in self.rows for kpi in self.kpis)

    def _figure(self, kpi: Any, authority: Any, period: str, category: str) -> Cell:
        """The figure; of the authority's own it leads to the records, but for a month's."""
        code = str(authority.authority_code)
        row = self.rows.get((str(kpi.kpi_id), code, period, category))
        has_list = code == self.scope.code and hasattr(row, "quarter_key")
        return figure_cell(row, kpi, records_href(self.scope, kpi, row) if has_list else None)

    def _places(self, kpi: Any) -> list[tuple[str, str]]:
        """The places beside a measure; none beside a count (docs/rulings.md#18)."""
        return [] if kpi.kind in COUNTS else self.places


def comparison_table(
    scope: Scope, comparison: Comparison, tables: Mapping[str, pd.DataFrame], facts: pd.DataFrame
) -> TableView:
    """A row a period and category, the newest first; columns for each measure, authority and place.

    Args:
        scope: the authority.
        comparison: what is compared.
        tables: `dim_category`, and `fact_kpi_comparison` where the period is no month.
        facts: the figures, with the period in the column `period`.
    """
    split = facts[facts["breakdown"].eq(comparison.breakdown)]
    is_month = comparison.period == "month"
    found = _Figures(
        scope=scope,
        kpis=comparison.kpis,
        authorities=(scope.authority, *comparison.others),
        places=[] if comparison.is_split or is_month else places_beside(scope.authority),
        rows=_by_key(split),
        references={} if is_month else _references(tables["fact_kpi_comparison"]),
    )
    categories = _categories(split, tables["dim_category"])
    by = (Column(breakdown_name(comparison.breakdown).capitalize()),) if comparison.is_split else ()
    return TableView(
        "comparison",
        f"{'; '.join(str(kpi.title) for kpi in comparison.kpis)}: {PERIODS[comparison.period].lower()}",
        (Column("Period"), *by, *found.columns()),
        tuple(
            (
                Cell(_period_text(period, comparison.period), period),
                *((Cell(label),) if comparison.is_split else ()),
                *found.cells(period, category),
            )
            for period in sorted(set(split["period"]), reverse=True)
            for category, label in categories.items()
            if found.has_row(period, category)
        ),
        "There is no figure of any period.",
        is_long=True,
    )


def authorities_table(scope: Scope, comparison: Comparison, facts: pd.DataFrame) -> TableView:
    """A row an authority, a column a measure: the quarter that is shown."""
    rows = _by_key(facts[facts["breakdown"].eq("total")])
    authorities = sorted((scope.authority, *comparison.others), key=lambda row: str(row.name))
    period = scope.quarter.key
    return TableView(
        "authority-list",
        f"Authorities side by side, {_period_text(period, comparison.period)}",
        (Column("Authority"), *(Column(str(kpi.title), is_number=True) for kpi in comparison.kpis)),
        tuple(
            (
                Cell(str(row.name), href=scope.visit.href("overview", authority=str(row.slug))),
                *(
                    figure_cell(rows.get((str(kpi.kpi_id), str(row.authority_code), period, "all")), kpi)
                    for kpi in comparison.kpis
                ),
            )
            for row in authorities
        ),
        "There is no other authority.",
    )


def _by_key(facts: pd.DataFrame) -> dict[Key, Any]:
    return {(row.kpi_id, row.authority_code, row.period, row.category): row for row in rows_of(facts)}


def _references(comparisons: pd.DataFrame) -> dict[tuple[str, str, str], Any]:
    """KPI, period and place -> its published figure."""
    return {(row.kpi_id, row.quarter_key, row.against): row.reference for row in rows_of(comparisons)}


def _categories(facts: pd.DataFrame, categories: pd.DataFrame) -> dict[str, str]:
    """Category -> label of those that have a figure, in their order."""
    known = categories[categories["category_key"].isin(set(facts["category_key"]))]
    return {str(row.category): str(row.label) for row in rows_in_order(known, "position")}


def _period_text(period: str, name: str) -> str:
    return period if name == "month" else period_text(Quarter.parse(period), name)
