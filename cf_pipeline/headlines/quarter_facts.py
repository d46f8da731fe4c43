"""The facts of one authority and quarter that a headline uses, and the clauses that several areas share.

A clause is None when its rule does not hold or a figure is missing; the area then uses another clause or
none.
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

from cf_pipeline.compare.differences import Difference, WordingLimits, is_consistent
from cf_pipeline.compare.figures import AuthorityFigures, Figure
from cf_pipeline.compare.phrases import difference_from_mean, difference_from_reference, wording
from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR, Quarter
from cf_pipeline.contracts.english import NUMBER_WORDS, join_words


def sentence_from(area: str, name: str, **values: object) -> str:
    """One sentence of `data/headlines.toml` with its placeholders filled in.

    Args:
        area: the sentence's table in the file.
        name: the sentence's key.
        values: by placeholder.
    """
    return _sentences()[area][name].format(**values)


@cache
def _sentences() -> dict[str, dict[str, str]]:
    path = resources.files("cf_pipeline.headlines") / "data" / "headlines.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


FEWEST_FOR_PATTERN = 3
"""Quarters that a trend, a highest number or a consistent pattern needs: two are compared and no more."""


@dataclass(frozen=True)
class Outlook:
    """A year-end forecast (in quarter 4 the outturn), last year's outturn, and their difference."""

    forecast: Figure
    last_year: Figure
    difference: Difference | None


@dataclass(frozen=True)
class QuarterFacts:
    """The facts of one quarter of one authority."""

    figures: AuthorityFigures
    quarter: Quarter
    limits: WordingLimits

    @property
    def quarter_name(self) -> str:
        """The quarter as headlines name it, such as 'Q3'."""
        return f"Q{self.quarter.number}"

    @property
    def last_year_name(self) -> str:
        """The financial year before, such as '2018/19'."""
        return self.quarter.previous(QUARTERS_PER_YEAR).fiscal_year

    @property
    def is_year_end(self) -> bool:
        """Whether the year is complete, so that a forecast is the outturn."""
        return self.quarter.number == QUARTERS_PER_YEAR

    @property
    def elapsed_quarters(self) -> str:
        """The number of quarters of the year so far, as a word."""
        return NUMBER_WORDS[self.quarter.number]

    def sentence(self, area: str, name: str, **values: object) -> str:
        """A sentence as `sentence_from`, with {quarter}, {number} (of quarters) and {last_year} filled in."""
        names = {
            "quarter": self.quarter_name,
            "number": self.elapsed_quarters,
            "last_year": self.last_year_name,
        }
        return sentence_from(area, name, **(names | values))

    def figure(self, kpi_id: str, basis: str = "quarter") -> Figure:
        """The quarter's figure of a KPI."""
        return self.figures.total(kpi_id, self.quarter, basis)

    def display(self, kpi_id: str, figure: Figure) -> int | Decimal:
        """A figure rounded to the decimals of its KPI."""
        return figure.displayed_value(self.figures.registry[kpi_id].decimals)

    def difference(self, kpi_id: str, figure: Figure, reference: Figure) -> Difference | None:
        """The difference of a figure from its reference; None when either is missing."""
        if figure.value is None or reference.value is None:
            return None
        kpi = self.figures.registry[kpi_id]
        return difference_from_reference(kpi.kind, kpi.decimals, figure.value, reference.value, self.limits)

    def outlook(self, kpi_id: str) -> Outlook:
        """The year's forecast or outturn, and last year's outturn."""
        forecast = self.figures.forecast(kpi_id, self.quarter)
        last_year = self.figures.last_year(kpi_id, self.quarter)
        return Outlook(forecast, last_year, self.difference(kpi_id, forecast, last_year))

    def difference_from_year_end(self, kpi_id: str) -> Difference | None:
        """The difference of a stock from the last 31 March."""
        last_year_end = self.figures.last_year_end(kpi_id, self.quarter)
        return self.difference(kpi_id, self.figure(kpi_id), last_year_end)

    def year_values(self, kpi_id: str) -> list[Fraction]:
        """The values of the year's quarters so far; empty in quarter 1 or when one is missing."""
        figures = [self.figures.total(kpi_id, quarter) for quarter in self.quarter.year_quarters()]
        values = [figure.value for figure in figures if figure.value is not None]
        return values if 1 < len(values) == len(figures) else []

    def trend(self, kpi_id: str) -> str | None:
        """'rising' or 'falling' when each of three quarters or more of the year moved the same way.

        Two quarters are a difference and no trend.
        """
        values = self.year_values(kpi_id)
        if len(values) < FEWEST_FOR_PATTERN:
            return None
        steps = [later - earlier for earlier, later in pairwise(values)]
        if all(step > 0 for step in steps):
            return "rising"
        return "falling" if all(step < 0 for step in steps) else None

    def superlative(self, kpi_id: str) -> str | None:
        """'highest', or 'joint highest' on a tie, when none of three quarters or more of the year is higher.

        Where every quarter has the same number none of them is the highest.
        """
        values = self.year_values(kpi_id)
        if len(values) < FEWEST_FOR_PATTERN or len(set(values)) == 1 or values[-1] < max(values):
            return None
        *earlier, current = values
        return "joint highest" if current in earlier else "highest"

    def is_increase(self, kpi_id: str) -> bool:
        """Whether the quarter is above every earlier quarter of the year."""
        *earlier, current = self.year_values(kpi_id) or [Fraction(0)]
        return bool(earlier) and current > max(earlier)

    def is_consistent(self, kpi_id: str) -> bool:
        """Whether three quarters or more of the year stay close together."""
        values = self.year_values(kpi_id)
        return len(values) >= FEWEST_FOR_PATTERN and is_consistent(values, self.limits)

    def level_clause(self, kpi_id: str) -> str | None:
        """'a slightly lower level than the previous two quarters (80 and 90)'.

        In quarter 1 it compares with last year's quarter 4 and the same quarter last year. Source:
        `docs/rulings.md#12`.
        """
        earlier = self.figures.earlier_quarters(kpi_id, self.quarter)
        if self.quarter.number > 1:
            name = "previous_one" if len(earlier) == 1 else "previous_many"
            previous = sentence_from("shared", name, number=NUMBER_WORDS[len(earlier)])
            levels = [self._level(kpi_id, earlier, previous)]
        else:
            last_quarter = sentence_from("shared", "last_quarter", last_year=self.last_year_name)
            same_quarter = self.figures.same_quarter_last_year(kpi_id, self.quarter)
            levels = [
                self._level(kpi_id, earlier, last_quarter),
                self._level(kpi_id, [same_quarter], sentence_from("shared", "same_quarter")),
            ]
        clauses = [level for level in levels if level is not None]
        if len(clauses) == 2 and clauses[0][0] == clauses[1][0]:
            return f"{clauses[0][0]} {clauses[0][1]} and {clauses[1][1]}"
        return " and ".join(f"{level} {reference}" for level, reference in clauses) or None

    def _level(self, kpi_id: str, earlier: Sequence[Figure], reference: str) -> tuple[str, str] | None:
        """The words of the level, and the reference with its figures; None when a figure is missing."""
        current = self.figure(kpi_id).value
        values = [figure.value for figure in earlier if figure.value is not None]
        if current is None or len(values) < len(earlier):
            return None
        kpi = self.figures.registry[kpi_id]
        difference = difference_from_mean(kpi.kind, kpi.decimals, current, values, self.limits)
        figures = join_words(self.display(kpi_id, figure) for figure in earlier)
        return wording("level", difference), f"{reference} ({figures})"
