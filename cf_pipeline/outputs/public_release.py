"""What an audience outside the council may be shown of one authority, from `public_v1` alone.

Belongs here: which rows the public page and the open data show, and the check that a row whose figure is
hidden holds none. Does not belong here: what is hidden and why (`disclosure`), how it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import pandas as pd

from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.contracts.english import count_of
from cf_pipeline.errors import PlainError

TOTAL, ALL = "total", "all"
QUARTER, YEAR = "quarter", "year"
COUNTS = ("flow_count", "stock")
PERCENTAGES = ("percentage", "distribution")
TABLES = (
    "dim_authority",
    "dim_category",
    "dim_kpi",
    "dim_neighbour",
    "fact_comparator",
    "fact_control_limit",
    "fact_headline",
    "fact_kpi_comparison",
    "fact_kpi_forecast",
    "fact_kpi_quarterly",
    "fact_target",
    "release",
    "release_withheld",
)
"""The tables of `public_v1` that the page and the open data are made from."""


class PublicReleaseError(PlainError):
    """Nothing may be shown of the authority: it has no release, or a hidden figure stands in one."""


class PublicRelease:
    """The rows of one authority's release; single rows are named tuples.

    `kpis` are those with a figure or withheld, in the order of `dim_kpi`. `figures` are the rows of
    `fact_kpi_quarterly`.
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame], authority_code: str) -> None:
        """Select the authority's rows.

        Args:
            tables: those of `public_v1` that `TABLES` names.
            authority_code: GSS code of the authority.

        Raises:
            PublicReleaseError: it has no release or no figures, or a figure marked as hidden stands there.
        """
        own = {name: _of(tables[name], authority_code) for name in TABLES if _is_of_authority(name)}
        releases, authorities = rows_of(own["release"]), rows_of(own["dim_authority"])
        if len(releases) != 1 or len(authorities) != 1 or pd.isna(authorities[0].latest_quarter_key):
            raise PublicReleaseError(
                f"authority {authority_code} has no release that the public may be shown"
            )
        self.release, self.authority = releases[0], authorities[0]
        self.quarter = Quarter.parse(self.authority.latest_quarter_key)
        self.figures = own["fact_kpi_quarterly"]
        self.headlines = own["fact_headline"]
        self.forecasts = own["fact_kpi_forecast"]
        self.comparisons = own["fact_kpi_comparison"]
        self.withheld = own["release_withheld"]
        self.comparators = tables["fact_comparator"]
        kpis = tables["dim_kpi"].sort_values("position")
        check_hidden_figures(self.figures, kpis, str(self.release.symbol))
        shown = {*self.figures["kpi_id"], *self.withheld["kpi_id"]}
        self.kpis = rows_of(kpis[kpis["kpi_id"].isin(shown)])
        self.categories = tables["dim_category"].sort_values(["breakdown", "position"])

    @property
    def as_at(self) -> Any:
        """As-at date of the newest delivery behind the latest quarter's figures."""
        latest = self.figures.loc[self.figures["quarter_key"].eq(self.quarter.key), "as_at"].dropna()
        return latest.max() if len(latest) else self.authority.latest_as_at

    @property
    def breakdowns(self) -> list[str]:
        """The breakdowns that figures are split by, without the total."""
        return [name for name in self.categories["breakdown"].unique() if name != TOTAL]

    @cached_property
    def year_kpis(self) -> frozenset[str]:
        """The KPIs that are shown by their 12-month figure in the place of quarters."""
        by_basis = dict(iter(self.figures.groupby("basis")["kpi_id"]))
        return frozenset(by_basis.get(YEAR, ())) - frozenset(by_basis.get(QUARTER, ()))

    @property
    def withheld_totals(self) -> frozenset[str]:
        """The KPIs of which nothing at all is shown."""
        return frozenset(self.withheld.loc[self.withheld["breakdown"].eq(TOTAL), "kpi_id"])


def check_hidden_figures(figures: pd.DataFrame, kpis: pd.DataFrame, symbol: str) -> None:
    """Raise PublicReleaseError when a row with the symbol still holds the figure it stands for.

    A value never stands beside the symbol, nor does a count; of a share at most one of its counts.
    """
    hidden = figures[figures["symbol"].eq(symbol).fillna(False)]
    kinds = hidden["kpi_id"].map(kpis.set_index("kpi_id")["kind"])
    has_count = hidden["numerator"].notna() & (kinds.isin(COUNTS) | hidden["denominator"].gt(0).fillna(False))
    held = hidden[hidden["value"].notna() | has_count]
    if len(held):
        raise PublicReleaseError(
            f"what the public is shown holds {count_of(len(held), 'figure', 'figures')} marked as hidden, "
            f"the first of {held['kpi_id'].iloc[0]}; nothing is written"
        )


def breakdown_words(breakdown: str) -> str:
    """'age band' for age_band."""
    return breakdown.replace("_", " ")


def rows_of(frame: pd.DataFrame) -> list[Any]:
    """The rows of a frame as named tuples."""
    return list(frame.itertuples(index=False))


def _is_of_authority(name: str) -> bool:
    return name not in ("dim_kpi", "dim_category", "fact_comparator", "dim_neighbour")


def _of(frame: pd.DataFrame, authority_code: str) -> pd.DataFrame:
    return frame[frame["authority_code"].eq(authority_code)]
