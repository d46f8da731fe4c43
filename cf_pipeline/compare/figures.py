"""The figures of one authority, exact, by KPI, basis and quarter.

A figure that is withheld, absent or divided by zero has no value; the caller puts its absence into words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR, Quarter
from cf_pipeline.contracts.rounding import exact, round_half_up
from cf_pipeline.forecast.series.series_kind import RATIO_SCALES, ratio_scale
from cf_pipeline.kpi.definitions.registry import Kpi

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


class AuthorityFigures:
    """Every total of one authority, and its selected forecasts."""

    def __init__(
        self, kpi_quarterly: pd.DataFrame, kpi_forecast: pd.DataFrame, registry: Mapping[str, Kpi]
    ) -> None:
        """Read the rows of breakdown 'total' of the KPIs in the registry; other rows are not used."""
        self.registry = registry
        totals = kpi_quarterly[
            kpi_quarterly["breakdown"].eq("total") & kpi_quarterly["kpi_id"].isin(list(registry))
        ]
        columns = [
            *("kpi_id", "basis", "quarter_key"),
            *("numerator", "denominator", "value", "symbol", "reason"),
        ]
        quarters = {key: Quarter.parse(key) for key in totals["quarter_key"].unique()}
        self._totals = {
            (kpi_id, basis, quarters[key]): exact_figure(
                registry[kpi_id].kind, (numerator, denominator), *cells
            )
            for kpi_id, basis, key, numerator, denominator, *cells in _rows(totals[columns])
        }
        selected = kpi_forecast[
            kpi_forecast["is_selected"].astype(bool)
            & kpi_forecast["breakdown"].eq("total")
            & kpi_forecast["kpi_id"].isin(list(registry))
        ]
        columns = [
            *("kpi_id", "fiscal_year", "quarters_used"),
            *("forecast_numerator", "forecast_denominator", "forecast", "symbol"),
        ]
        self._forecasts = {
            (kpi_id, fiscal_year, int(used)): exact_figure(
                registry[kpi_id].kind, (numerator, denominator), *cells
            )
            for kpi_id, fiscal_year, used, numerator, denominator, *cells in _rows(selected[columns])
        }

    @property
    def quarters(self) -> list[Quarter]:
        """Every quarter that has a row of basis 'quarter', oldest first."""
        return sorted({quarter for _, basis, quarter in self._totals if basis == "quarter"})

    def totals_with_value(self) -> dict[tuple[str, str, Quarter], Figure]:
        """Every total that has a value, by KPI, basis and quarter."""
        return {key: figure for key, figure in self._totals.items() if figure.value is not None}

    def total(self, kpi_id: str, quarter: Quarter, basis: str = "quarter") -> Figure:
        """The total of a KPI; MISSING when there is no such row."""
        return self._totals.get((kpi_id, basis, quarter), MISSING)

    def forecast(self, kpi_id: str, quarter: Quarter) -> Figure:
        """The selected forecast of the quarter's year, made at that quarter."""
        return self._forecasts.get((kpi_id, quarter.fiscal_year, quarter.number), MISSING)

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
