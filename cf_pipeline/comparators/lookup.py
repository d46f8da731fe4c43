"""Looks up published figures: the latest one of a place before a day, or the authority's own of a year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from cf_pipeline.comparators.neighbours import neighbour_medians, neighbours_code
from cf_pipeline.comparators.open_data.catalogue import catalogue
from cf_pipeline.comparators.releases import select_current
from cf_pipeline.contracts.authorities import places_beside
from cf_pipeline.contracts.rounding import exact

NEIGHBOURS = "neighbours"
END_OF_MARCH = (3, 31)


@dataclass(frozen=True)
class PublishedFigure:
    """One published figure: its exact value, the year it belongs to, and the note that must come with it."""

    value: Fraction
    year_ending: int
    note: str = ""


class ComparatorLookup:
    """The published figures of category 'all' that some authorities may be compared with."""

    def __init__(
        self,
        comparators: pd.DataFrame,
        authority_codes: Collection[str],
        neighbours: pd.DataFrame | None = None,
    ) -> None:
        """Index the current rows of `combine_releases` and the medians of the authorities' neighbours.

        `neighbours` are those in use (`combine_neighbours`); None for those that ship.
        """
        totals = select_current(comparators[comparators["category"].eq("all") & comparators["value"].notna()])
        medians = neighbour_medians(totals, authority_codes, neighbours)
        self._places = {
            code: places_beside(code) | {NEIGHBOURS: neighbours_code(code)} for code in authority_codes
        }
        beside = {place for places in self._places.values() for place in places.values()}
        rows = pd.concat(
            [totals[totals["authority_code"].isin([*beside, *authority_codes])], medians],
            ignore_index=True,
        ).sort_values("year_ending")
        self._year_ends = catalogue().year_ends
        self._figures: dict[tuple[str, str], list[PublishedFigure]] = {}
        columns = ["kpi_id", "authority_code", "year_ending", "value", "note"]
        for series, place, year, value, note in rows.reindex(columns=columns).itertuples(index=False):
            number = exact(value)
            if number is not None:
                text = note if isinstance(note, str) else ""
                figure = PublishedFigure(number, int(year), text)
                self._figures.setdefault((series, place), []).append(figure)

    def places(self, authority_code: str) -> list[str]:
        """The words for what an authority is set beside: its region, England, its statistical neighbours."""
        return list(self._places[authority_code])

    def latest_figure(
        self, series: str, against: str, authority_code: str, end: dt.date
    ) -> PublishedFigure | None:
        """The figure of the latest year that ended on or before a day; None without one.

        Source: `docs/rulings.md#18`.

        Args:
            series: the published series.
            against: one of `places`.
            authority_code: the authority that is set beside it.
            end: the last day of the period that is compared.
        """
        place = self._places[authority_code].get(against, "")
        month, day = self._year_ends.get(series, END_OF_MARCH)
        newest = end.year if (month, day) <= (end.month, end.day) else end.year - 1
        figures = self._figures.get((series, place), [])
        return next((figure for figure in reversed(figures) if figure.year_ending <= newest), None)

    def decimals(self, series: str) -> int:
        """The decimal places a series is published with."""
        return catalogue().decimals.get(series, 0)

    def own_figure(self, series: str, authority_code: str, end: dt.date) -> PublishedFigure | None:
        """The authority's own published figure of the year that ended on a day; None without one."""
        if (end.month, end.day) != self._year_ends.get(series, END_OF_MARCH):
            return None
        figures = self._figures.get((series, authority_code), [])
        return next((figure for figure in figures if figure.year_ending == end.year), None)
