"""The figures of one authority, exact, by KPI, basis and quarter.

A figure that is withheld, absent or divided by zero has no value; the caller puts its absence into words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR, Quarter
from cf_pipeline.contracts.rounding import exact, round_half_up
from cf_pipeline.forecast.series.series_kind import RATIO_SCALES, ratio_scale
from cf_pipeline.kpi.definitions.registry import Kpi
from cf_pipeline.results import table_hash, table_of

COUNT_KINDS = ("flow_count", "stock")
NO_CASES = "z"
NOT_AVAILABLE = "x"


@dataclass(frozen=True)
class Figure:
    """One figure: its exact value (None when it has none), numerator and denominator.

    symbol: why it has no value. note: how it was counted, where that needs saying.
    """

    value: Fraction | None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    symbol: str | None = None
    note: str | None = None

    @property
    def has_no_cases(self) -> bool:
        """Whether it is a share of no cases: it has no value, but nothing is unknown."""
        return self.symbol == NO_CASES

    def displayed_value(self, decimals: int) -> int | Decimal:
        """The value as readers see it, rounded half up.

        Raises:
            ValueError: the figure has no value.
        """
        if self.value is None:
            raise ValueError("a missing figure cannot be shown")
        return round_half_up(self.value, decimals)


ONE = Fraction(1)
MISSING = Figure(None, symbol=NOT_AVAILABLE)


def exact_figure(kind: str, sides: tuple[Any, Any], value: Any, symbol: Any, reason: Any = None) -> Figure:
    """The figure of one row: computed from its integers where it has them, otherwise from the stored value.

    Args:
        kind: of the KPI, as in the registry.
        sides: numerator and denominator.
        value: as stored, used for medians and averages.
        symbol: why there is no value, if there is none.
        reason: with a value, a note on how it was counted.
    """
    note = reason if isinstance(reason, str) and reason else None
    numerator, denominator = map(exact, sides)
    if isinstance(symbol, str) and symbol:
        return Figure(None, numerator, denominator, symbol)
    if kind in RATIO_SCALES or kind in COUNT_KINDS:
        if numerator is None or (denominator is None and kind in RATIO_SCALES) or denominator == 0:
            return Figure(None, numerator, denominator, NO_CASES if denominator == 0 else NOT_AVAILABLE)
        size = denominator or ONE
        ratio = Fraction(
            ratio_scale(kind) * numerator.numerator * size.denominator, numerator.denominator * size.numerator
        )
        return Figure(ratio, numerator, denominator, note=note)
    stored = exact(value)
    return Figure(stored, numerator, denominator, None if stored is not None else NOT_AVAILABLE, note)


_TOTAL_COLUMNS = ["kpi_id", "basis", "quarter_key", "numerator", "denominator", "value", "symbol", "reason"]
_FORECAST_COLUMNS = [
    *("kpi_id", "fiscal_year", "quarters_used"),
    *("forecast_numerator", "forecast_denominator", "forecast", "symbol"),
]
_TotalKey = tuple[str, str, Quarter]
_ForecastKey = tuple[str, str, int]
_Key = TypeVar("_Key", _TotalKey, _ForecastKey)
_Cells = list[Any]
"""Numerator, denominator, value and symbol of a row, and the reason of a total."""


class AuthorityFigures:
    """Every total of one authority, and its selected forecasts."""

    def __init__(
        self, kpi_quarterly: pd.DataFrame, kpi_forecast: pd.DataFrame, registry: Mapping[str, Kpi]
    ) -> None:
        """Read the rows of breakdown 'total' of the KPIs in the registry; other rows are not used."""
        self.registry = registry
        totals = kpi_quarterly[
            kpi_quarterly["breakdown"].eq("total") & kpi_quarterly["kpi_id"].isin(list(registry))
        ][_TOTAL_COLUMNS]
        quarters = {key: Quarter.parse(key) for key in totals["quarter_key"].unique()}
        self._totals: dict[_TotalKey, Figure | _Cells] = {
            (kpi_id, basis, quarters[key]): cells for kpi_id, basis, key, *cells in _rows(totals)
        }
        selected = kpi_forecast[
            kpi_forecast["is_selected"].astype(bool)
            & kpi_forecast["breakdown"].eq("total")
            & kpi_forecast["kpi_id"].isin(list(registry))
        ][_FORECAST_COLUMNS]
        self._forecasts: dict[_ForecastKey, Figure | _Cells] = {
            (kpi_id, fiscal_year, int(used)): cells for kpi_id, fiscal_year, used, *cells in _rows(selected)
        }
        self._rows = ((totals, totals["quarter_key"]), (selected, selected["fiscal_year"]))

    @property
    def quarters(self) -> list[Quarter]:
        """Every quarter that has a row of basis 'quarter', oldest first."""
        return sorted({quarter for _, basis, quarter in self._totals if basis == "quarter"})

    @property
    def years(self) -> list[int]:
        """Every financial year that has a total, by the calendar year it starts in, oldest first."""
        return sorted({quarter.year for _, _, quarter in self._totals})

    @cached_property
    def year_hashes(self) -> dict[int, str]:
        """A hash of every total and selected forecast of each year, with all that a figure is made from."""
        hashes: dict[int, str] = {}
        for rows, periods in self._rows:
            table, (code, names) = table_of(rows), pd.factorize(periods.str[:4])
            for number, name in enumerate(names):
                of_year = table_hash(table.take(np.flatnonzero(code == number)))
                hashes[int(name)] = hashes.get(int(name), "") + of_year
        return hashes

    def totals_with_value(self, year: int) -> Iterator[tuple[str, str, Quarter, Fraction]]:
        """KPI, basis, quarter and value of every total of a year that has a value."""
        for kpi_id, basis, quarter in [key for key in self._totals if key[2].year == year]:
            figure = self.total(kpi_id, quarter, basis)
            if figure.value is not None:
                yield kpi_id, basis, quarter, figure.value

    def total(self, kpi_id: str, quarter: Quarter, basis: str = "quarter") -> Figure:
        """The total of a KPI; MISSING when there is no such row."""
        return self._figure(self._totals, (kpi_id, basis, quarter))

    def forecast(self, kpi_id: str, quarter: Quarter) -> Figure:
        """The selected forecast of the quarter's year, made at that quarter."""
        return self._figure(self._forecasts, (kpi_id, quarter.fiscal_year, quarter.number))

    def earlier_quarters(self, kpi_id: str, quarter: Quarter) -> list[Figure]:
        """The earlier quarters of the year, oldest first; in quarter 1 last year's quarter 4.

        Source: `docs/rulings.md#12`.
        """
        earlier = quarter.year_quarters()[:-1] or [quarter.previous()]
        return [self.total(kpi_id, earlier_quarter) for earlier_quarter in earlier]

    def same_quarter_last_year(self, kpi_id: str, quarter: Quarter, basis: str = "quarter") -> Figure:
        """The same period a year before."""
        return self.total(kpi_id, quarter.previous(QUARTERS_PER_YEAR), basis)

    def last_year(self, kpi_id: str, quarter: Quarter) -> Figure:
        """Last year's outturn."""
        return self.total(kpi_id, _end_of_last_year(quarter), "year")

    def last_year_end(self, kpi_id: str, quarter: Quarter) -> Figure:
        """A stock on the last 31 March before the year; known even where the year before is not covered."""
        return self.total(kpi_id, _end_of_last_year(quarter))

    def _figure(self, figures: dict[_Key, Figure | _Cells], key: _Key) -> Figure:
        """A figure, which is worked out from its cells when it is first asked for."""
        found = figures.get(key, MISSING)
        if isinstance(found, Figure):
            return found
        numerator, denominator, *others = found
        figure = exact_figure(self.registry[key[0]].kind, (numerator, denominator), *others)
        figures[key] = figure
        return figure


def _rows(frame: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """The cells of each row; a column becomes a list at once, which takes less time than cell by cell."""
    return zip(*(frame[name].tolist() for name in frame.columns), strict=True)


def _end_of_last_year(quarter: Quarter) -> Quarter:
    return Quarter(quarter.year - 1, QUARTERS_PER_YEAR)


def figures_by_authority(
    kpi_quarterly: pd.DataFrame, kpi_forecast: pd.DataFrame, registry: Mapping[str, Kpi]
) -> dict[str, AuthorityFigures]:
    """The figures of each authority by its code."""
    totals = kpi_quarterly[kpi_quarterly["breakdown"].eq("total")]
    selected = kpi_forecast[kpi_forecast["is_selected"].astype(bool) & kpi_forecast["breakdown"].eq("total")]
    return {
        code: AuthorityFigures(
            totals[totals["authority_code"].eq(code)],
            selected[selected["authority_code"].eq(code)],
            registry,
        )
        for code in sorted(kpi_quarterly["authority_code"].unique())
    }
