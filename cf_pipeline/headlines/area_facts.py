"""What a headline may draw on: one quarter of one authority, and the clauses that many areas share.

A clause is None when its rule does not hold or a side is missing; the area then uses another, or none.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib import resources
from itertools import pairwise

from cf_pipeline.compare.differences import Band, Bands, is_consistent
from cf_pipeline.compare.figures import Figure, Figures
from cf_pipeline.compare.phrases import difference_band, earlier_band, words
from cf_pipeline.contracts.english import NUMBER_WORDS, listed
from cf_pipeline.contracts.quarters import Quarter


def say(area: str, name: str, **values: object) -> str:
    """One sentence of `data/headlines.toml`, filled in."""
    return _sentences()[area][name].format(**values)


@cache
def _sentences() -> dict[str, dict[str, str]]:
    path = resources.files("cf_pipeline.headlines") / "data" / "headlines.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Outlook:
    """A year-end forecast (in quarter 4 the outturn) beside last year's outturn."""

    forecast: Figure
    last_year: Figure
    band: Band | None


@dataclass(frozen=True)
class Story:
    """One quarter of one authority."""

    figures: Figures
    quarter: Quarter
    bands: Bands

    @property
    def q(self) -> str:
        """'Q3'."""
        return f"Q{self.quarter.number}"

    @property
    def last_year(self) -> str:
        """'2018/19'."""
        return Quarter(self.quarter.year - 1, 4).fiscal_year

    @property
    def is_year_end(self) -> bool:
        """Whether the year is complete, so that a forecast is the outturn."""
        return self.quarter.number == 4

    @property
    def k(self) -> str:
        """How many quarters of the year there have been, in a word."""
        return NUMBER_WORDS[self.quarter.number]

    def of(self, kpi_id: str, basis: str = "quarter") -> Figure:
        """The quarter's figure."""
        return self.figures.of(kpi_id, self.quarter, basis)

    def shown(self, kpi_id: str, figure: Figure) -> int | Decimal:
        """A figure with the digits of its KPI."""
        return figure.displayed(self.figures.registry[kpi_id].decimals)

    def band(self, kpi_id: str, figure: Figure, reference: Figure) -> Band | None:
        """The band of a figure against its reference; None when either is missing."""
        if figure.value is None or reference.value is None:
            return None
        kpi = self.figures.registry[kpi_id]
        return difference_band(kpi.kind, kpi.decimals, figure.value, reference.value, self.bands)

    def outlook(self, kpi_id: str) -> Outlook:
        """The year's forecast or outturn beside last year's outturn."""
        forecast = self.figures.forecast(kpi_id, self.quarter)
        last_year = self.figures.last_year(kpi_id, self.quarter)
        return Outlook(forecast, last_year, self.band(kpi_id, forecast, last_year))

    def year_end_band(self, kpi_id: str) -> Band | None:
        """The band of a stock against the last 31 March."""
        return self.band(kpi_id, self.of(kpi_id), self.figures.last_year_end(kpi_id, self.quarter))

    def year_values(self, kpi_id: str) -> list[Fraction]:
        """The values of the year's quarters so far; empty in quarter 1 or when one is missing."""
        figures = [self.figures.of(kpi_id, each) for each in self.quarter.year_quarters()]
        values = [figure.value for figure in figures if figure.value is not None]
        return values if 1 < len(values) == len(figures) else []

    def trend(self, kpi_id: str) -> str | None:
        """'rising' or 'falling' when every quarter of the year went the same way."""
        values = self.year_values(kpi_id)
        steps = [later - earlier for earlier, later in pairwise(values)]
        if steps and all(step > 0 for step in steps):
            return "rising"
        return "falling" if steps and all(step < 0 for step in steps) else None

    def highest(self, kpi_id: str) -> str | None:
        """'highest', or 'joint highest' on a tie, when no quarter of the year was higher."""
        *earlier, now = self.year_values(kpi_id) or [Fraction(0)]
        if now == 0 or now < max(earlier, default=now + 1):
            return None
        return "joint highest" if now in earlier else "highest"

    def is_increase(self, kpi_id: str) -> bool:
        """Whether the quarter is above every earlier quarter of the year."""
        *earlier, now = self.year_values(kpi_id) or [Fraction(0)]
        return bool(earlier) and now > max(earlier)

    def is_consistent(self, kpi_id: str) -> bool:
        """Whether the year's quarters stay close together."""
        values = self.year_values(kpi_id)
        return bool(values) and is_consistent(values, self.bands)

    def level(self, kpi_id: str) -> str | None:
        """'a slightly lower level than the previous two quarters (80 and 90)'.

        In quarter 1: against last year's quarter 4 and the same quarter last year (ruling 12).
        """
        earlier = self.figures.earlier(kpi_id, self.quarter)
        if self.quarter.number > 1:
            name = "previous_one" if len(earlier) == 1 else "previous_many"
            previous = say("shared", name, k=NUMBER_WORDS[len(earlier)])
            clauses = [self._level(kpi_id, earlier, previous)]
        else:
            last = say("shared", "last_quarter", last_year=self.last_year)
            same = self.figures.same_quarter_last_year(kpi_id, self.quarter)
            clauses = [
                self._level(kpi_id, earlier, last),
                self._level(kpi_id, [same], say("shared", "same_quarter")),
            ]
        found = [clause for clause in clauses if clause is not None]
        if len(found) == 2 and found[0][0] == found[1][0]:
            return f"{found[0][0]} {found[0][1]} and {found[1][1]}"
        return " and ".join(f"{level} {reference}" for level, reference in found) or None

    def _level(self, kpi_id: str, earlier: Sequence[Figure], reference: str) -> tuple[str, str] | None:
        now = self.of(kpi_id).value
        values = [figure.value for figure in earlier if figure.value is not None]
        if now is None or len(values) < len(earlier):
            return None
        kpi = self.figures.registry[kpi_id]
        band = earlier_band(kpi.kind, kpi.decimals, now, values, self.bands)
        each = listed(self.shown(kpi_id, figure) for figure in earlier)
        return words("level", band), f"{reference} ({each})"
