"""The tables of each area: quarters, 12-month figures, and the newest period by age, gender and the like."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR, Quarter
from cf_pipeline.outputs.public_page.cells import NONE_IN_PERIOD, CellWriter, PublicCell
from cf_pipeline.outputs.public_page.extra_columns import extra_columns
from cf_pipeline.outputs.public_release import (
    ALL,
    QUARTER,
    TOTAL,
    YEAR,
    PublicRelease,
    breakdown_words,
    rows_of,
)

POLARITY = {
    "higher_better": "higher is better",
    "lower_better": "lower is better",
    "context": "for context",
}
YEARS = 5
"""How many years a table of 12-month figures goes back."""
Row = tuple[Any, list[PublicCell], str]
"""A KPI, its cells, and the period they are of where the table's heading does not say it."""


@dataclass(frozen=True)
class PublicRow:
    """One row: the KPI's id and title, its unit, direction and period, and its cells in column order."""

    kpi_id: str
    title: str
    about: str
    cells: list[PublicCell]


@dataclass(frozen=True)
class PublicTable:
    """One table: what it shows of its area, its caption, the names of its columns, and its rows.

    `hidden`: id -> title of the KPIs that have no row because every figure of theirs here is hidden.
    """

    part: str
    caption: str
    columns: list[str]
    rows: list[PublicRow]
    hidden: dict[str, str]


@dataclass(frozen=True)
class PublicDefinition:
    """What a KPI counts, in words: pairs of label and text."""

    kpi_id: str
    title: str
    parts: list[tuple[str, str]]


@dataclass(frozen=True)
class PublicArea:
    """One area of the service: its tables, the KPIs without a figure, and the definitions of all of them."""

    name: str
    tables: list[PublicTable]
    missing: list[str]
    definitions: list[PublicDefinition]


def areas(release: PublicRelease) -> list[PublicArea]:
    """Every area with a KPI of the release, in the order of `dim_kpi`; a table may be without rows."""
    writer = _AreaWriter(release)
    kpis_by_area: dict[str, list[Any]] = {}
    for kpi in release.kpis:
        kpis_by_area.setdefault(str(kpi.area), []).append(kpi)
    return [writer.area(name, kpis) for name, kpis in kpis_by_area.items()]


def quarter_words(quarter: Quarter) -> str:
    """'Q3 2019/20'."""
    return f"Q{quarter.number} {quarter.fiscal_year}"


def definition(kpi: Any) -> PublicDefinition:
    """The words of a KPI's row of `dim_kpi`."""
    parts = [
        ("Counts", kpi.numerator_text),
        ("Out of", kpi.denominator_text),
        ("Threshold", kpi.threshold),
        ("Legal source", kpi.legal_source),
        ("Comparison", kpi.comparator_note),
    ]
    return PublicDefinition(
        str(kpi.kpi_id), str(kpi.title), [(label, str(text)) for label, text in parts if _has(text)]
    )


class _AreaWriter:
    """Makes the tables of one release."""

    def __init__(self, release: PublicRelease) -> None:
        self.release = release
        self.cells = CellWriter(str(release.release.symbol))
        figures = rows_of(release.figures)
        self.rows = {
            (row.kpi_id, row.basis, row.quarter_key, row.breakdown, row.category): row for row in figures
        }
        newest = release.figures.groupby(["kpi_id", "basis"])["quarter_key"].max()
        self.newest = dict(zip(newest.index, newest.astype(str), strict=True))
        self.extra_columns = extra_columns(release)

    def area(self, name: str, kpis: Sequence[Any]) -> PublicArea:
        by_quarter = [kpi for kpi in kpis if kpi.kpi_id not in self.release.year_kpis]
        by_year = [kpi for kpi in kpis if kpi.kpi_id in self.release.year_kpis]
        tables = [
            self._quarters(name, by_quarter),
            self._years(name, by_year),
            *(self._breakdown(name, kpis, breakdown) for breakdown in self.release.breakdowns),
        ]
        told = {
            kpi_id for table in tables[:2] for kpi_id in (*(row.kpi_id for row in table.rows), *table.hidden)
        }
        told |= self.release.withheld_totals
        missing = [str(kpi.title) for kpi in kpis if kpi.kpi_id not in told]
        return PublicArea(name, tables, missing, [definition(kpi) for kpi in kpis])

    def _quarters(self, name: str, kpis: Sequence[Any]) -> PublicTable:
        quarter = self.release.quarter
        quarters = [quarter.previous(count) for count in range(QUARTERS_PER_YEAR + 1)]
        rows = [(kpi, [self._cell(kpi, QUARTER, each) for each in quarters], "") for kpi in kpis]
        rows = [
            (
                kpi,
                [*cells, *(column.cells.get(kpi.kpi_id, PublicCell()) for column in self.extra_columns)],
                period,
            )
            for kpi, cells, period in rows
        ]
        columns = [*map(quarter_words, quarters), *(column.name for column in self.extra_columns)]
        part = f"{quarter_words(quarter)} and the quarters before"
        return _table((part, f"{name}: {part}"), columns, rows)

    def _years(self, name: str, kpis: Sequence[Any]) -> PublicTable:
        newest = max((self._newest(kpi, YEAR) for kpi in kpis), default=self.release.quarter)
        years = [Quarter(newest.year - count, QUARTERS_PER_YEAR) for count in range(YEARS)]
        rows = [(kpi, [self._cell(kpi, YEAR, each) for each in years], "") for kpi in kpis]
        return _table(
            ("12-month figures", f"{name}: 12-month figures"),
            [f"Year to March {year.year + 1}" for year in years],
            rows,
        )

    def _breakdown(self, name: str, kpis: Sequence[Any], breakdown: str) -> PublicTable:
        """The newest period of each KPI that is split this way."""
        categories = self.release.categories
        labels = categories[categories["breakdown"].eq(breakdown)].set_index("category")["label"]
        kpi_ids = {kpi.kpi_id for kpi in kpis}
        figures = self.release.figures
        here = figures[figures["breakdown"].eq(breakdown) & figures["kpi_id"].isin(kpi_ids)]
        columns = [category for category in labels.index if category in set(here["category"])]
        rows: list[Row] = []
        for kpi in kpis:
            is_year = kpi.kpi_id in self.release.year_kpis
            period = self._newest(kpi, YEAR) if is_year else self.release.quarter
            basis = YEAR if is_year else QUARTER
            cells = [self._cell(kpi, basis, period, breakdown, category) for category in columns]
            rows.append((kpi, cells, _year_words(period) if is_year else ""))
        part = f"by {breakdown_words(breakdown)}"
        caption = f"{name} {part}, {quarter_words(self.release.quarter)}"
        return _table((part, caption), [str(labels[category]) for category in columns], rows)

    def _newest(self, kpi: Any, basis: str) -> Quarter:
        key = self.newest.get((kpi.kpi_id, basis))
        return Quarter.parse(key) if key else self.release.quarter

    def _cell(
        self, kpi: Any, basis: str, period: Quarter, breakdown: str = TOTAL, category: str = ALL
    ) -> PublicCell:
        return self.cells.figure(self.rows.get((kpi.kpi_id, basis, period.key, breakdown, category)), kpi)


def _table(words: tuple[str, str], columns: Sequence[str], rows: Iterable[Row]) -> PublicTable:
    """A table of rows with a figure, and the KPIs that are hidden in every cell; no column without cells.

    A KPI without figure, of which nothing is hidden, is in neither. `words`: its part and its caption.
    """
    listed: list[PublicRow] = []
    hidden: dict[str, str] = {}
    for kpi, cells, period in rows:
        if any(cell.is_figure or cell.text == NONE_IN_PERIOD for cell in cells):
            unit = "percentage" if kpi.unit == "%" else kpi.unit
            about = "; ".join(str(text) for text in (unit, POLARITY[kpi.polarity], period) if _has(text))
            listed.append(PublicRow(str(kpi.kpi_id), str(kpi.title), about, cells))
        elif any(cell.is_hidden for cell in cells):
            hidden[str(kpi.kpi_id)] = str(kpi.title)
    filled = [place for place in range(len(columns)) if any(row.cells[place].text for row in listed)]
    listed = [replace(row, cells=[row.cells[place] for place in filled]) for row in listed]
    return PublicTable(*words, [columns[place] for place in filled], listed, hidden)


def _year_words(quarter: Quarter) -> str:
    return f"year to March {quarter.year + 1}"


def _has(text: Any) -> bool:
    return not pd.isna(text) and bool(text)
