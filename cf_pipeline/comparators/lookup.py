"""Published figures looked up exactly: the latest that a period may stand beside, or those of one year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from cf_pipeline.comparators.current import current
from cf_pipeline.comparators.neighbours import neighbour_medians, neighbours_code
from cf_pipeline.comparators.open_data.catalogue import catalogue
from cf_pipeline.contracts.authorities import ENGLAND, INNER_LONDON, LONDON
from cf_pipeline.contracts.rounding import exact

PLACES = {"london": LONDON, "inner_london": INNER_LONDON, "england": ENGLAND}
NEIGHBOURS = "neighbours"
MARCH = (3, 31)


@dataclass(frozen=True)
class PublishedFigure:
    """One published figure: its exact value, the year it is of, and what must be said with it."""

    value: Fraction
    year_ending: int
    note: str = ""


class Published:
    """The published figures over all categories that some authorities may be compared with."""

    def __init__(self, rows: pd.DataFrame, authority_codes: Collection[str]) -> None:
        """Reads the rows in use of `comparators.comparators`; the neighbours' medians are added."""
        totals = current(rows[rows["category"].eq("all") & rows["value"].notna()])
        medians = neighbour_medians(totals, authority_codes)
        known = pd.concat(
            [totals[totals["authority_code"].isin([*PLACES.values(), *authority_codes])], medians],
            ignore_index=True,
        ).sort_values("year_ending")
        self._year_ends = catalogue().year_ends
        self._by_series: dict[tuple[str, str], list[PublishedFigure]] = {}
        columns = ["kpi_id", "authority_code", "year_ending", "value", "note"]
        for series, place, year, value, note in known.reindex(columns=columns).itertuples(index=False):
            figure = exact(value)
            if figure is not None:
                said = note if isinstance(note, str) else ""
                self._by_series.setdefault((series, place), []).append(
                    PublishedFigure(figure, int(year), said)
                )

    def latest(self, series: str, against: str, authority_code: str, end: dt.date) -> PublishedFigure | None:
        """The figure of the latest year that ended on or before a day (ruling 18); None without one.

        Args:
            series: the published series.
            against: london, inner_london, england or neighbours.
            authority_code: whose neighbours.
            end: the last day of the period that is compared.
        """
        place = PLACES.get(against) or neighbours_code(authority_code)
        month, day = self._year_ends.get(series, MARCH)
        figures = self._by_series.get((series, place), [])
        ended = [figure for figure in figures if dt.date(figure.year_ending, month, day) <= end]
        return ended[-1] if ended else None

    def decimals(self, series: str) -> int:
        """The decimal places a series is published with."""
        return catalogue().decimals.get(series, 0)

    def own(self, series: str, authority_code: str, end: dt.date) -> PublishedFigure | None:
        """The authority's own published figure of the year that ended on a day; None without one."""
        if (end.month, end.day) != self._year_ends.get(series, MARCH):
            return None
        figures = self._by_series.get((series, authority_code), [])
        return next((figure for figure in figures if figure.year_ending == end.year), None)
