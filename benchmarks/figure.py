"""A measured figure beside its bar, and the tables and the record that figures are written as.

Belongs here: what a result looks like. Does not belong here: measuring.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from benchmarks.cost import Ratio

TABLE_BEGINS, TABLE_ENDS = "<!-- night: begin -->", "<!-- night: end -->"
"""The lines of a page between which its table of figures stands."""


@dataclass(frozen=True)
class Figure:
    """One line of results.

    `value` is in `unit`; `bar` is the most that it may be, None for a figure told beside the others. `detail`
    says in words what it is made of.
    """

    case: str
    name: str
    value: float
    unit: str
    bar: float | None = None
    detail: str = ""

    @property
    def reaches_bar(self) -> bool:
        """Whether the bar is reached; a figure without one always is."""
        return self.bar is None or self.value <= self.bar

    def line(self) -> str:
        """The figure as one line for a terminal."""
        bar = "" if self.bar is None else f"  at most {_number(self.bar)}"
        verdict = "" if self.bar is None else ("  reached" if self.reaches_bar else "  MISSED")
        detail = f"  ({self.detail})" if self.detail else ""
        return f"{self.case}: {self.name}: {_number(self.value)} {self.unit}{bar}{verdict}{detail}"


def figure_in_units(case: str, name: str, ratio: Ratio, bar: float | None) -> Figure:
    """The CPU seconds of a command as a multiple of B."""
    cost = ratio.cost
    detail = (
        f"{cost.cpu_seconds:.2f} s of CPU, B {ratio.unit_seconds:.2f} s, {cost.wall_seconds:.1f} s in all, "
        f"{cost.peak_mb:.0f} MB"
    )
    return Figure(case, name, ratio.in_units, "B", bar, detail)


def markdown(figures: Iterable[Figure]) -> str:
    """The figures as a table of a Markdown page."""
    rows = [f"| {' | '.join(_cells(figure))} |" for figure in figures]
    return "\n".join(["| case | figure | at most | measured | of |", "|---|---|---|---|---|", *rows]) + "\n"


def _cells(figure: Figure) -> list[str]:
    bar = "" if figure.bar is None else f"{_number(figure.bar)} {figure.unit}"
    measured = f"{_number(figure.value)} {figure.unit}{'' if figure.reaches_bar else ' (missed)'}"
    return [figure.case, figure.name, bar, measured, figure.detail]


def place_table(page: str, figures: Iterable[Figure]) -> str:
    """A page with its table of figures replaced: what stands between its two marks.

    Raises:
        ValueError: the page has not both marks.
    """
    before, opening, rest = page.partition(TABLE_BEGINS)
    _, closing, after = rest.partition(TABLE_ENDS)
    if not (opening and closing):
        raise ValueError(f"the page has not the lines {TABLE_BEGINS} and {TABLE_ENDS}")
    return f"{before}{opening}\n\n{markdown(figures)}\n{closing}{after}"


def record(figures: Sequence[Figure]) -> str:
    """The figures as JSON."""
    rows = [asdict(figure) | {"reaches_bar": figure.reaches_bar} for figure in figures]
    return json.dumps(rows, indent=1) + "\n"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
