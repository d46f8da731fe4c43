"""One quarter of one authority: its figures, what they are compared with, and the clauses areas share."""

from __future__ import annotations

from fractions import Fraction

from tests.second_opinion.counting.days import Quarter
from tests.second_opinion.counting.measures import NOT_COVERED
from tests.second_opinion.wording.committee_figures import CommitteeFigures
from tests.second_opinion.wording.differences import (
    WORDS_OF_NUMBERS,
    against_earlier,
    count_difference,
    half_up,
    in_words,
    is_alike,
    than,
)


class SentenceWriter:
    """What a sentence may draw on."""

    def __init__(self, figures: CommitteeFigures, quarter: Quarter) -> None:
        self.figures, self.quarter = figures, quarter
        self.q = f"Q{quarter.number}"
        self.is_year_end = quarter.number == 4
        self.last_march = Quarter(quarter.year - 1, 4)
        self.last_label = self.last_march.label

    # Figures

    def value(self, kpi: str, basis: str = "quarter") -> Fraction | None:
        return self.figures.cell(kpi, self.quarter, basis).value

    def is_absent(self, kpi: str, basis: str = "quarter") -> bool:
        """Whether the deliveries do not cover it; a share of nothing is no absence."""
        return self.figures.cell(kpi, self.quarter, basis).symbol == NOT_COVERED

    def known(self, kpi: str, basis: str = "quarter") -> Fraction:
        """A figure that cannot be missing here."""
        value = self.value(kpi, basis)
        if value is None:
            raise ValueError(f"{kpi} was to be known")
        return value

    def forecast(self, kpi: str) -> Fraction | None:
        return self.figures.forecast(kpi, self.quarter)

    def last_year(self, kpi: str) -> Fraction | None:
        """Last year's outturn, where last year was covered."""
        if self.last_march not in self.figures.quarters:
            return None
        return self.figures.outturn(kpi, self.last_march.year)

    def at(self, kpi: str, quarter: Quarter) -> Fraction | None:
        return self.figures.cell(kpi, quarter).value if quarter in self.figures.quarters else None

    def earlier_this_year(self, kpi: str) -> list[Fraction]:
        """The year's earlier quarters, oldest first; none in quarter 1 or when one is not known."""
        values = [
            self.at(kpi, Quarter(self.quarter.year, number)) for number in range(1, self.quarter.number)
        ]
        found = [value for value in values if value is not None]
        return found if len(found) == len(values) else []

    def outlook(self, kpi: str) -> str | None:
        """The forecast (in quarter 4 the outturn) of a count against last year's outturn."""
        forecast, last_year = self.forecast(kpi), self.last_year(kpi)
        if forecast is None or last_year is None:
            return None
        return count_difference(forecast, last_year)

    # Clauses that several areas share

    def level(self, kpi: str) -> str:
        """The previous-quarters clause; in quarter 1 last year's quarters 4 and 1 (docs/rulings.md#12)."""
        now = self.value(kpi)
        if now is None:
            return ""
        if self.quarter.number > 1:
            earlier = self.earlier_this_year(kpi)
            if not earlier:
                return ""
            name = "quarter" if len(earlier) == 1 else f"{WORDS_OF_NUMBERS[len(earlier)]} quarters"
            return f"{self.level_of(now, earlier)} the previous {name} ({in_words(earlier)})"
        parts = []
        before, same = self.at(kpi, self.last_march), self.at(kpi, Quarter(self.quarter.year - 1, 1))
        if before is not None:
            text = f"the last quarter of {self.last_label} ({half_up(before)})"
            parts.append((self.level_of(now, [before]), text))
        if same is not None:
            parts.append((self.level_of(now, [same]), f"the same quarter last year ({half_up(same)})"))
        if len(parts) == 2 and parts[0][0] == parts[1][0]:
            return f"{parts[0][0]} {parts[0][1]} and {parts[1][1]}"
        return " and ".join(f"{words} {text}" for words, text in parts)

    def level_of(self, now: Fraction, earlier: list[Fraction]) -> str:
        difference = against_earlier(now, earlier)
        if difference == "within":
            return "within the range of"
        if is_alike(difference):
            return "a similar level to"
        return f"a {difference} level than"

    def total(self, start: str, kpi: str) -> str:
        """The year's total in quarter 4, beside last year's."""
        forecast, last_year, difference = self.forecast(kpi), self.last_year(kpi), self.outlook(kpi)
        if forecast is None:
            return ""
        text = f" {start} is {half_up(forecast)}"
        if last_year is None or difference is None:
            return f"{text}."
        return f"{text}, {than(difference)} last year's total of {half_up(last_year)}."
