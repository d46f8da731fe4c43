"""A KPI beside other places: a dot each, the council's own among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from cf_pipeline.contracts.authorities import PLACE_NAMES, authorities, places_beside
from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR
from cf_pipeline.contracts.english import join_words
from cf_pipeline.outputs.charts.chart import Chart, ChartTable, Spec
from cf_pipeline.outputs.charts.figures import Figures
from cf_pipeline.outputs.charts.parts.canvas import value_axis
from cf_pipeline.outputs.charts.parts.marks import points
from cf_pipeline.outputs.charts.parts.palette import OWN, PAPER, QUIET
from cf_pipeline.outputs.charts.parts.row_frame import figures_beside, row_frame
from cf_pipeline.outputs.charts.parts.ticks import FEW, round_ticks
from cf_pipeline.outputs.charts.words import (
    FEWEST_CASES,
    FEWEST_POINTS,
    cases,
    difference_text,
    direction_text,
    figure_text,
    has_value,
    join_sentences,
    number_of,
    quarter_text,
    sentence_of,
    short_text,
    value_text,
)
from cf_pipeline.outputs.report.cells import is_share

_WITHHELD = "not published"
_DOT = 110


@dataclass(frozen=True)
class Place:
    """A place with its figure as the table and as the picture show it.

    Both are '' and the value is None where no figure was published.
    """

    name: str
    cell: str
    figure: str
    value: float | None
    period: str
    is_own: bool = False
    is_authority: bool = True


def places_chart(figures: Figures, kpi_id: str) -> Chart:
    """The council's figure and those published of its region, England and its statistical neighbours.

    Which figure of the council is compared, and with which year, is what `fact_kpi_comparison` says
    (docs/rulings.md#18). The table has a row a place, highest first, then those without a published figure.
    """
    kpi = figures.kpis[kpi_id]
    comparisons = _comparisons(figures, kpi_id)
    if not comparisons:
        title = sentence_of("places", "missing", measure=kpi.title)
        description = sentence_of("shared", "not_drawn")
        return Chart(
            _name(kpi_id), title, description, ChartTable(("Place", str(kpi.title), "Period"), ()), None
        )
    places = _places(figures, kpi, comparisons)
    places_to_draw = [place for place in places if place.value is not None]
    reason = _reason(figures, kpi, places_to_draw)
    return Chart(
        name=_name(kpi_id),
        title=_title(figures, kpi, comparisons, next(place.figure for place in places if place.is_own)),
        description=join_sentences(
            reason or sentence_of("places", "picture", place=figures.authority.name),
            direction_text(kpi),
            *_chances(comparisons),
        ),
        table=ChartTable(
            ("Place", str(kpi.title), "Period"),
            tuple((place.name, place.cell or _WITHHELD, place.period) for place in places),
        ),
        spec=None if reason else _spec(places_to_draw, is_share=is_share(kpi)),
    )


def _name(kpi_id: str) -> str:
    return f"places-{kpi_id.replace('_', '-')}"


def _comparisons(figures: Figures, kpi_id: str) -> dict[str, Any]:
    """The comparisons by the place's name: of the quarter, else of the year to date.

    In quarter 4 those of the year too; before it the year's figure would be a forecast.
    """
    is_complete = figures.quarter.number == QUARTERS_PER_YEAR
    for basis in ("quarter", "ytd", *(["year"] if is_complete else [])):
        rows = {
            name: figures.comparison(kpi_id, against, figures.quarter, basis)
            for against, name in figures.places()
        }
        rows = {name: row for name, row in rows.items() if row is not None and not pd.isna(row.year_ending)}
        if rows:
            return rows
    return {}


def _places(figures: Figures, kpi: Any, comparisons: dict[str, Any]) -> list[Place]:
    first = next(iter(comparisons.values()))
    code, year = figures.authority.authority_code, int(first.year_ending)
    others = [
        _published_place(kpi, name, value, year, is_authority=is_authority)
        for name, value, is_authority in _published(figures, kpi, code, year)
    ]
    return sorted([_own_place(figures, kpi, first), *others], key=lambda place: -(place.value or -1))


def _own_place(figures: Figures, kpi: Any, comparison: Any) -> Place:
    """The council's own figure, of the quarter or of the year, with its counts where they are published."""
    row = figures.total(kpi.kpi_id, figures.quarter, comparison.basis)
    period = quarter_text(figures.quarter)
    if comparison.basis != "quarter":
        period = f"{figures.quarter.fiscal_year} to the end of Q{figures.quarter.number}"
    text = value_text(kpi, comparison.value)
    cell, figure = (figure_text(kpi, row), short_text(kpi, row)) if has_value(row) else (text, text)
    return Place(str(figures.authority.name), cell, figure, number_of(text), period, is_own=True)


def _published_place(kpi: Any, name: str, value: Any, year: int, *, is_authority: bool) -> Place:
    text = "" if pd.isna(value) else value_text(kpi, value)
    number = number_of(text) if text else None
    return Place(name, text, text, number, f"year to March {year}", is_authority=is_authority)


def _published(figures: Figures, kpi: Any, code: str, year: int) -> list[tuple[str, Any, bool]]:
    """The name, the published value and whether it is an authority, of each place that is compared."""
    names = {place.authority_code: place.name for place in authorities().values()}
    beside = {each: PLACE_NAMES.get(against, names[each]) for against, each in places_beside(code).items()}
    wanted = {**beside, **{each: names[each] for each in figures.neighbours if each in names}}
    values = {str(row.authority_code): row.value for row in figures.place_figures(kpi.kpi_id, year)}
    return [(name, values[each], each not in beside) for each, name in wanted.items() if each in values]


def _reason(figures: Figures, kpi: Any, places_to_draw: list[Place]) -> str:
    row = figures.total(kpi.kpi_id, figures.quarter)
    whole = None if row is None else cases(kpi, row)
    if len(places_to_draw) < FEWEST_POINTS:
        return sentence_of("shared", "too_few", fewest=FEWEST_POINTS)
    if whole is not None and whole < FEWEST_CASES:
        return sentence_of("shared", "small_share", fewest=FEWEST_CASES)
    return ""


def _title(figures: Figures, kpi: Any, comparisons: dict[str, Any], value: str) -> str:
    title = sentence_of(
        "places", "title", measure=kpi.title, value=value, quarter=quarter_text(figures.quarter)
    )
    differences = [
        f"{difference_text(row.phrase)} {name} ({value_text(kpi, row.reference)})"
        for name, row in comparisons.items()
    ]
    return sentence_of("places", "compared", title=title, difference=join_words(differences))


def _chances(comparisons: dict[str, Any]) -> list[str]:
    """What chance says of each difference, as published."""
    return [
        sentence_of("places", "chance", place=name, chance=row.chance)
        for name, row in comparisons.items()
        if not pd.isna(row.chance)
    ]


def _spec(places: list[Place], *, is_share: bool) -> Spec:
    ticks = round_ticks(max(place.value or 0 for place in places), is_share=is_share, most=FEW)
    own = [index for index, place in enumerate(places) if place.is_own]
    figures = [place.figure for place in places]
    axis = value_axis(ticks, is_share=is_share, is_vertical=False)
    frame = row_frame([place.name for place in places], figures, ticks, axis=axis, bold_rows=own)
    rows = [
        {"x": place.value, "y": y, "figure": place.figure}
        for place, y in zip(places, frame.centres, strict=True)
    ]
    encoding = {"x": frame.x(), "y": frame.y()}
    kinds = {
        "other": [
            row for row, place in zip(rows, places, strict=True) if place.is_authority and not place.is_own
        ],
        "area": [row for row, place in zip(rows, places, strict=True) if not place.is_authority],
    }
    return frame.canvas.spec(
        [
            points(kinds["other"], encoding, QUIET, fill=PAPER, size=_DOT),
            points(kinds["area"], encoding, QUIET, fill=PAPER, shape="diamond", size=_DOT),
            points([rows[index] for index in own], encoding, OWN, size=_DOT),
            figures_beside(rows, frame, dx=11),
            *frame.words_layers(),
        ]
    )
