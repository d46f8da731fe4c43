"""The published rows that charts show, of one authority, by KPI and period."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR, Quarter
from cf_pipeline.contracts.tables import table_contract

YEARS_BEFORE = 2
"""A trend begins with quarter 1 two years before: nine to twelve quarters, the years of which are whole."""
TABLES: Mapping[str, Mapping[str, object]] = {
    "dim_authority": {},
    "dim_kpi": {},
    "dim_category": {"breakdown": ["band", "team"]},
    "fact_kpi_quarterly": {"breakdown": ["total", "band", "team"]},
    "fact_kpi_comparison": {},
    "fact_kpi_forecast": {"breakdown": "total"},
    "fact_control_limit": {},
    "fact_target": {},
    "fact_comparator": {"category": "all"},
    "dim_neighbour": {},
    "kpi_revision": {"basis": "quarter"},
}
"""The tables that charts need, with the values that columns of their rows have; see `OutputForm.tables`."""


def rows_of_charts(quarter_key: str) -> dict[str, dict[str, object]]:
    """Table -> the values of its columns in the rows that the charts of a quarter show."""
    quarter = Quarter.parse(quarter_key)
    keys = [each.key for each in trend_quarters(quarter)]
    return {
        "fact_kpi_quarterly": {"quarter_key": keys, "basis": ["quarter", "ytd"]},
        "fact_kpi_comparison": {"quarter_key": keys},
        "fact_control_limit": {"quarter_key": keys},
        "fact_kpi_forecast": {"fiscal_year": quarter.fiscal_year, "quarters_used": quarter.number},
    }


def trend_quarters(quarter: Quarter) -> list[Quarter]:
    """The quarters of a trend that ends with a quarter: nine to twelve, oldest first."""
    count = YEARS_BEFORE * QUARTERS_PER_YEAR + quarter.number
    return [quarter.previous(back) for back in reversed(range(count))]


def table_of(tables: Mapping[str, pd.DataFrame], name: str) -> pd.DataFrame:
    """A table, empty where the schema that is shown has none of that name: a release leaves some out."""
    return tables[name] if name in tables else table_contract(f"published_v1/{name}").empty()


def target_in_force(targets: Iterable[Any], day: dt.date) -> Any:
    """The row of a KPI's targets that holds on a day; None without one."""
    then = pd.Timestamp(day)
    for row in targets:
        has_begun = pd.isna(row.valid_from) or pd.Timestamp(row.valid_from) <= then
        if has_begun and (pd.isna(row.valid_until) or pd.Timestamp(row.valid_until) >= then):
            return row
    return None


def places_beside(authority: Any) -> list[tuple[str, str]]:
    """The places that an authority's figures stand beside: what a comparison is against, and the name.

    Its region, where it has one, and England (docs/rulings.md#35).
    """
    region = authority.region_name
    near = [] if pd.isna(region) else [("london" if region == "London" else "region", str(region))]
    return [*near, ("england", "England")]


class Figures:
    """The published rows of one authority, as named tuples; None where there is no row."""

    def __init__(self, tables: Mapping[str, pd.DataFrame], authority_code: str, quarter_key: str) -> None:
        """Select the authority's rows.

        Args:
            tables: those of `TABLES`, in the columns of their contracts; of other authorities rows may be
                there.
            authority_code: GSS code of the authority.
            quarter_key: the quarter that the charts are of, as in '2019/20 Q3'.
        """
        self.quarter = Quarter.parse(quarter_key)
        (self.authority,) = _rows(_of(tables["dim_authority"], authority_code))
        self.kpis = {row.kpi_id: row for row in _rows(tables["dim_kpi"].sort_values("position"))}
        self.bands = _rows(tables["dim_category"].query("breakdown == 'band'").sort_values("position"))
        labels = tables["dim_category"].query("breakdown == 'team'")
        self.team_labels = dict(zip(labels["category"], labels["label"], strict=True))
        facts = _of(tables["fact_kpi_quarterly"], authority_code)
        self._facts = {
            (row.kpi_id, row.basis, row.quarter_key, row.breakdown, row.category): row for row in _rows(facts)
        }
        self._teams = _categories(facts[facts["breakdown"].eq("team")])
        comparisons = _of(tables["fact_kpi_comparison"], authority_code)
        self._comparisons = {
            (row.kpi_id, row.quarter_key, row.basis, row.against): row for row in _rows(comparisons)
        }
        limits = _of(tables["fact_control_limit"], authority_code)
        self._limits = {
            (row.kpi_id, row.quarter_key): row for row in _rows(limits[limits["status"].eq("firm")])
        }
        self._targets = _by_kpi(_of(tables["fact_target"], authority_code))
        self._forecasts = _by_kpi(self._now(_of(tables["fact_kpi_forecast"], authority_code)))
        self._place_figures = _by_kpi(tables["fact_comparator"])
        neighbours = _of(tables["dim_neighbour"], authority_code).sort_values("rank")
        self.neighbours = [str(code) for code in neighbours["neighbour_code"]]
        self.revisions = _rows(_of(table_of(tables, "kpi_revision"), authority_code))

    def total(self, kpi_id: str, quarter: Quarter, basis: str = "quarter") -> Any:
        """The row of a KPI's total."""
        return self._facts.get((kpi_id, basis, quarter.key, "total", "all"))

    def band(self, kpi_id: str, category: str, quarter: Quarter) -> Any:
        """The row of one band of a distribution of a quarter."""
        return self._facts.get((kpi_id, "quarter", quarter.key, "band", category))

    def team(self, kpi_id: str, category: str, quarter: Quarter) -> Any:
        """The row of one team of a quarter."""
        return self._facts.get((kpi_id, "quarter", quarter.key, "team", category))

    def teams(self, kpi_id: str) -> list[str]:
        """The teams of a KPI, by name."""
        return self._teams.get(kpi_id, [])

    def comparison(self, kpi_id: str, against: str, quarter: Quarter, basis: str = "quarter") -> Any:
        """The row of a comparison; None too where the reference is missing."""
        row = self._comparisons.get((kpi_id, quarter.key, basis, against))
        return None if row is None or pd.isna(row.reference) else row

    def places(self) -> list[tuple[str, str]]:
        """The places that figures stand beside; see `places_beside`."""
        return places_beside(self.authority)

    def limits(self, kpi_id: str, quarter: Quarter) -> Any:
        """The row of the firm control limits of a quarter."""
        return self._limits.get((kpi_id, quarter.key))

    def target(self, kpi_id: str, day: dt.date) -> Any:
        """The row of the target that holds on a day."""
        return target_in_force(self._targets.get(kpi_id, []), day)

    def forecast(self, kpi_id: str) -> Any:
        """The row of the selected forecast as it stood at the quarter."""
        return next((row for row in self._forecasts.get(kpi_id, []) if row.is_selected), None)

    def forecast_range(self, kpi_id: str) -> Any:
        """The row of the model's forecast as it stood at the quarter, when it has a range."""
        rows = (row for row in self._forecasts.get(kpi_id, []) if row.method == "model")
        return next((row for row in rows if not pd.isna(row.lower_80)), None)

    def place_figures(self, kpi_id: str, year_ending: int) -> list[Any]:
        """The published rows of a KPI of every place for a year, comparable with the council's own."""
        return [
            row
            for row in self._place_figures.get(kpi_id, [])
            if row.year_ending == year_ending and bool(row.is_comparable)
        ]

    def _now(self, forecasts: pd.DataFrame) -> pd.DataFrame:
        """The forecasts as they stood at the quarter."""
        return forecasts[
            forecasts["breakdown"].eq("total")
            & forecasts["fiscal_year"].eq(self.quarter.fiscal_year)
            & forecasts["quarters_used"].eq(self.quarter.number)
        ]


def _of(frame: pd.DataFrame, code: str) -> pd.DataFrame:
    return frame[frame["authority_code"].eq(code)]


def _rows(frame: pd.DataFrame) -> list[Any]:
    return list(frame.astype(object).itertuples(index=False))  # a text column is read whole, not cell by cell


def _by_kpi(frame: pd.DataFrame) -> dict[str, list[Any]]:
    rows: dict[str, list[Any]] = defaultdict(list)
    for row in frame.itertuples(index=False):
        rows[str(row.kpi_id)].append(row)
    return rows


def _categories(facts: pd.DataFrame) -> dict[str, list[str]]:
    """KPI -> its categories, by name."""
    pairs = sorted(set(zip(facts["kpi_id"], facts["category"], strict=True)))
    categories: dict[str, list[str]] = defaultdict(list)
    for kpi_id, category in pairs:
        categories[kpi_id].append(category)
    return categories
