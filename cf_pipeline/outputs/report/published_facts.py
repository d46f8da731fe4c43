"""The published rows of one authority and quarter, by KPI and period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import pandas as pd

from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.errors import PlainError
from cf_pipeline.outputs.charts.figures import table_of, target_in_force

HIDDEN = "c"
"""The symbol of a figure that is hidden so that no child can be recognised."""
LAST_QUARTER = 4
"""With it the year is complete: its forecast is the outturn."""


class ReportError(PlainError):
    """No report can be made: nothing is published of the authority."""


class PublishedFacts:
    """The published rows of one authority and quarter, as named tuples; None where there is no row.

    `tables`: the names of the tables that the schema has. `bases`: those of its figures, 'quarter' alone in
    most releases. `has_hidden`: whether a figure is hidden. `release`: its row, None for staff.
    """

    def __init__(
        self, tables: Mapping[str, pd.DataFrame], authority_code: str, quarter_key: str | None
    ) -> None:
        """Select the authority's rows of the tables of its edition's schema; see `report_content`."""
        self.tables = frozenset(tables)
        self.authority = _authority(tables["dim_authority"], authority_code)
        self.quarter = _quarter(self.authority, quarter_key)
        own = {
            name: _of(tables[name] if name.startswith("v_") else table_of(tables, name), authority_code)
            for name in (
                *("fact_kpi_quarterly", "fact_headline", "delivery", "data_quality", "kpi_revision"),
                *("fact_forecast_record", "v_kpi_change"),
            )
        }
        self.kpis = _rows(tables["dim_kpi"].sort_values("position"))
        self.headlines = _rows(
            own["fact_headline"][own["fact_headline"]["quarter_key"].eq(self.quarter.key)].sort_values(
                "position"
            )
        )
        self.deliveries = _rows(own["delivery"].sort_values(["as_at", "delivery_id"]))
        self.data_quality = own["data_quality"]
        self.categories = _rows(tables["dim_category"].sort_values(["breakdown", "code_set", "position"]))
        figures = own["fact_kpi_quarterly"]
        self._totals = _by_period(figures[figures["breakdown"].eq("total")])
        self.bases = frozenset(basis for _, basis, _, _ in self._totals)
        self.has_hidden = bool(figures["symbol"].eq(HIDDEN).any())
        targets = _of(tables["fact_target"], authority_code)
        self._targets = {str(kpi_id): _rows(rows) for kpi_id, rows in targets.groupby("kpi_id")}
        changes = own["v_kpi_change"]
        self.changes = _rows(changes[changes["quarter_key"].eq(self.quarter.key)])
        record = own["fact_forecast_record"]
        is_earlier = record["fiscal_year"].lt(self.quarter.fiscal_year)
        self.forecast_record = record[record["quarters_used"].eq(self.quarter.number) & is_earlier]
        self.revisions = _rows(
            own["kpi_revision"].sort_values(["quarter_key", "kpi_id", "basis", "to_as_at"])
        )
        self._bands = _by_period(figures[figures["breakdown"].eq("band") & figures["basis"].eq("quarter")])
        forecasts = self._now(_of(tables["fact_kpi_forecast"], authority_code))
        self._forecasts = _by_kpi(forecasts[forecasts["is_selected"].astype(bool)])
        self._ranges = _by_kpi(forecasts[forecasts["method"].eq("model") & forecasts["lower_80"].notna()])
        releases = _rows(_of(tables["release"], authority_code)) if "release" in tables else []
        self.release = releases[0] if releases else None
        self.place, self._beside_place = self._place(_of(tables["fact_kpi_comparison"], authority_code))

    @property
    def quarter_name(self) -> str:
        """'Q3 2019/20'."""
        return f"Q{self.quarter.number} {self.quarter.fiscal_year}"

    @cached_property
    def has_targets(self) -> bool:
        """Whether any KPI with a figure has a target in the quarter."""
        kpis = (kpi for kpi in self.kpis if self.total(kpi.kpi_id, self.quarter) is not None)
        return any(self.target(kpi.kpi_id) is not None for kpi in kpis)

    @cached_property
    def year_kpis(self) -> frozenset[str]:
        """The KPIs of which a release shows the year alone, because too many quarters would be hidden."""
        if self.release is None:
            return frozenset()
        by_basis = {
            basis: {kpi_id for kpi_id, each, _, _ in self._totals if each == basis} for basis in self.bases
        }
        return frozenset(by_basis.get("year", set()) - by_basis.get("quarter", set()))

    @cached_property
    def methods(self) -> list[str]:
        """The methods of the forecasts that are shown, by name."""
        return sorted({str(row.method) for row in self._forecasts.values()})

    @cached_property
    def place_year(self) -> int | None:
        """The year of the place's figures where all that are shown are of the same one."""
        years = {int(row.year_ending) for row in self._beside_place.values() if not pd.isna(row.year_ending)}
        return years.pop() if len(years) == 1 else None

    @property
    def as_at(self) -> pd.Timestamp | None:
        """The as-at date of the quarter's figures; the authority's newest when they have none."""
        dates = [row.as_at for (_, _, key, _), row in self._totals.items() if key == self.quarter.key]
        known = [date for date in dates if not pd.isna(date)] or [self.authority.latest_as_at]
        return None if pd.isna(max(known)) else max(known)

    @property
    def run_id(self) -> str:
        """The run that worked out the quarter's figures; '' when there are none."""
        runs = [row.run_id for (_, _, key, _), row in self._totals.items() if key == self.quarter.key]
        return str(max(runs, default=""))

    def total(self, kpi_id: str, quarter: Quarter, basis: str = "quarter") -> Any:
        """The row of a KPI's total."""
        return self._totals.get((kpi_id, basis, quarter.key, "all"))

    def band(self, kpi_id: str, category: str, quarter: Quarter) -> Any:
        """The row of one band of a distribution of a quarter."""
        return self._bands.get((kpi_id, "quarter", quarter.key, category))

    def has_bands(self, kpi_id: str, quarters: Sequence[Quarter]) -> bool:
        """Whether a distribution has a figure of any band in each of these quarters."""
        known = {
            key[2] for key, row in self._bands.items() if key[0] == kpi_id and not pd.isna(row.numerator)
        }
        return {quarter.key for quarter in quarters} <= known

    def earlier_total(self, kpi_id: str, quarters_back: int) -> Any:
        """The row of a KPI's total so many quarters before."""
        return self.total(kpi_id, self.quarter.previous(quarters_back))

    def target(self, kpi_id: str) -> Any:
        """The KPI's target in force on the quarter's last day; None without one."""
        row = target_in_force(self._targets.get(kpi_id, []), self.quarter.end)
        return None if row is None else row.value

    def last_year(self, kpi_id: str) -> Any:
        """The row of last year's outturn."""
        return self.total(kpi_id, Quarter(self.quarter.year - 1, LAST_QUARTER), "year")

    def forecast(self, kpi_id: str) -> Any:
        """The row of the selected forecast as it stood at the quarter."""
        return self._forecasts.get(kpi_id)

    def range(self, kpi_id: str) -> Any:
        """The row of the model's forecast as it stood at the quarter, when it has a range."""
        return self._ranges.get(kpi_id)

    def beside_place(self, kpi_id: str) -> Any:
        """The comparison with `place`: of the quarter, else of the year to date, else of a complete year.

        Before quarter 4 the comparison of the year is that of a forecast, which has a column of its own.
        """
        bases = ("quarter", "ytd", "year") if self.quarter.number == LAST_QUARTER else ("quarter", "ytd")
        rows = (self._beside_place.get((kpi_id, basis)) for basis in bases)
        return next((row for row in rows if row is not None and not pd.isna(row.reference)), None)

    def _now(self, forecasts: pd.DataFrame) -> pd.DataFrame:
        """The forecasts of totals as they stood at the quarter."""
        return forecasts[
            forecasts["breakdown"].eq("total")
            & forecasts["fiscal_year"].eq(self.quarter.fiscal_year)
            & forecasts["quarters_used"].eq(self.quarter.number)
        ]

    def _place(self, comparisons: pd.DataFrame) -> tuple[str, dict[tuple[str, str], Any]]:
        """The place that figures stand beside, and the comparisons with it (docs/rulings.md#35).

        The authority's region; England while no figure of the region is published.
        """
        now = comparisons[comparisons["quarter_key"].eq(self.quarter.key)]
        name = self.authority.region_name
        region = ("london", "London") if name == "London" else ("region", name)
        places = [*([] if pd.isna(name) else [region]), ("england", "England")]
        with_rows = [place for place in places if now["against"].eq(place[0]).any()]
        against, shown = [*with_rows, *places][0]
        return str(shown), {(row.kpi_id, row.basis): row for row in _rows(now[now["against"].eq(against)])}


def _authority(authorities: pd.DataFrame, code: str) -> Any:
    rows = _rows(_of(authorities, code))
    if not rows or not rows[0].has_figures:
        raise ReportError(f"no figures of authority {code} are published")
    return rows[0]


def _quarter(authority: Any, key: str | None) -> Quarter:
    wanted = key or authority.latest_quarter_key
    if pd.isna(wanted):
        raise ReportError(f"{authority.name} has no figures yet: none of its deliveries could be read")
    return Quarter.parse(wanted)


def _of(frame: pd.DataFrame, code: str) -> pd.DataFrame:
    return frame[frame["authority_code"].eq(code)]


def _rows(frame: pd.DataFrame) -> list[Any]:
    return list(frame.astype(object).itertuples(index=False))  # a text column is read whole, not cell by cell


def _by_period(frame: pd.DataFrame) -> dict[tuple[str, str, str, str], Any]:
    return {(row.kpi_id, row.basis, row.quarter_key, row.category): row for row in _rows(frame)}


def _by_kpi(frame: pd.DataFrame) -> dict[str, Any]:
    return {row.kpi_id: row for row in _rows(frame)}
