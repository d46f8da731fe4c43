"""The figures of one authority, exact, looked up by KPI, basis and quarter.

A figure that is withheld, absent or divided by zero has no value: whoever asks must say so in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from cf_pipeline.contracts.quarters import Quarter
from cf_pipeline.contracts.rounding import exact, rounded
from cf_pipeline.kpi.definitions.registry import Kpi

COUNTS = ("flow_count", "stock")
SCALES = {"percentage": 100, "distribution": 100, "rate_10k": 10_000}
"""Per hundred, per ten thousand: what a numerator over a denominator is multiplied by."""
NO_CASES = "z"
NOT_AVAILABLE = "x"


@dataclass(frozen=True)
class Figure:
    """One figure: its exact value (None when there is none), its two sides, why it is missing, its note."""

    value: Fraction | None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    symbol: str | None = None
    note: str | None = None

    @property
    def is_of_nothing(self) -> bool:
        """Whether it is a share of no cases: not a figure, but known."""
        return self.symbol == NO_CASES

    def displayed(self, decimals: int) -> int | Decimal:
        """The value as readers see it; ValueError when there is none."""
        if self.value is None:
            raise ValueError("a missing figure cannot be shown")
        return rounded(self.value, decimals)


MISSING = Figure(None, symbol=NOT_AVAILABLE)


def figure(kind: str, sides: tuple[Any, Any], value: Any, symbol: Any, reason: Any = None) -> Figure:
    """The figure of one row: from its integers where it has them, else from the value as written.

    A reason beside a value is a note on how it was counted.
    """
    note = reason if isinstance(reason, str) and reason else None
    (top, bottom), written = map(exact, sides), exact(value)
    if isinstance(symbol, str) and symbol:
        return Figure(None, top, bottom, symbol)
    if kind in SCALES or kind in COUNTS:
        if top is None or (bottom is None and kind in SCALES) or bottom == 0:
            return Figure(None, top, bottom, NO_CASES if bottom == 0 else NOT_AVAILABLE)
        return Figure(SCALES.get(kind, 1) * top / (bottom or 1), top, bottom, note=note)
    return Figure(written, top, bottom, None if written is not None else NOT_AVAILABLE, note)


class Figures:
    """Every total of one authority, and its selected forecasts."""

    def __init__(
        self, kpi_quarterly: pd.DataFrame, kpi_forecast: pd.DataFrame, registry: Mapping[str, Kpi]
    ) -> None:
        """Reads the rows of breakdown 'total' of KPIs in the registry; other rows are not looked at."""
        self.registry = registry
        totals = kpi_quarterly[
            kpi_quarterly["breakdown"].eq("total") & kpi_quarterly["kpi_id"].isin(list(registry))
        ]
        columns = [
            *("kpi_id", "basis", "quarter_key"),
            *("numerator", "denominator", "value", "symbol", "reason"),
        ]
        self._totals = {
            (kpi_id, basis, Quarter.parse(key)): figure(registry[kpi_id].kind, (top, bottom), *cells)
            for kpi_id, basis, key, top, bottom, *cells in totals[columns].itertuples(index=False)
        }
        chosen = kpi_forecast[
            kpi_forecast["is_selected"].astype(bool)
            & kpi_forecast["breakdown"].eq("total")
            & kpi_forecast["kpi_id"].isin(list(registry))
        ]
        columns = [
            *("kpi_id", "fiscal_year", "quarters_used"),
            *("forecast_numerator", "forecast_denominator", "forecast", "symbol"),
        ]
        self._forecasts = {
            (kpi_id, fiscal_year, int(used)): figure(registry[kpi_id].kind, (top, bottom), *cells)
            for kpi_id, fiscal_year, used, top, bottom, *cells in chosen[columns].itertuples(index=False)
        }

    @property
    def quarters(self) -> list[Quarter]:
        """Every quarter with a row of the quarter itself, oldest first."""
        return sorted({quarter for _, basis, quarter in self._totals if basis == "quarter"})

    def known(self) -> dict[tuple[str, str, Quarter], Figure]:
        """Every total that has a value, by KPI, basis and quarter."""
        return {key: found for key, found in self._totals.items() if found.value is not None}

    def of(self, kpi_id: str, quarter: Quarter, basis: str = "quarter") -> Figure:
        """The total of a KPI; a missing figure when there is no such row."""
        return self._totals.get((kpi_id, basis, quarter), MISSING)

    def forecast(self, kpi_id: str, quarter: Quarter) -> Figure:
        """The selected forecast of the quarter's year as it stands at that quarter."""
        return self._forecasts.get((kpi_id, quarter.fiscal_year, quarter.number), MISSING)

    def earlier(self, kpi_id: str, quarter: Quarter) -> list[Figure]:
        """The earlier quarters of the year, oldest first; in quarter 1 last year's quarter 4 (ruling 12)."""
        before = quarter.year_quarters()[:-1] or [quarter.previous()]
        return [self.of(kpi_id, each) for each in before]

    def same_quarter_last_year(self, kpi_id: str, quarter: Quarter, basis: str = "quarter") -> Figure:
        """The same period a year before."""
        return self.of(kpi_id, quarter.previous(4), basis)

    def last_year(self, kpi_id: str, quarter: Quarter) -> Figure:
        """Last year's outturn."""
        return self.of(kpi_id, Quarter(quarter.year - 1, 4), "year")

    def last_year_end(self, kpi_id: str, quarter: Quarter) -> Figure:
        """A stock at the last 31 March before the year: known even when the year before is not covered."""
        return self.of(kpi_id, Quarter(quarter.year - 1, 4))


def by_authority(
    kpi_quarterly: pd.DataFrame, kpi_forecast: pd.DataFrame, registry: Mapping[str, Kpi]
) -> dict[str, Figures]:
    """The figures of each authority by its code."""
    return {
        code: Figures(
            kpi_quarterly[kpi_quarterly["authority_code"].eq(code)],
            kpi_forecast[kpi_forecast["authority_code"].eq(code)],
            registry,
        )
        for code in sorted(kpi_quarterly["authority_code"].unique())
    }
