"""The section of each area: its charts, its measures, its distributions, and what has no figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

import pandas as pd

from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.outputs.charts.chart import Chart
from cf_pipeline.outputs.report.cells import (
    NONE_IN_PERIOD,
    NOT_AVAILABLE,
    NOT_COMPARED,
    NoteList,
    band_cell,
    figure_cell,
    range_words,
    value_cell,
)
from cf_pipeline.outputs.report.model import Area, Block, Cell, Row, Table
from cf_pipeline.outputs.report.places import place_cell, place_name
from cf_pipeline.outputs.report.published_facts import HIDDEN, LAST_QUARTER, PublishedFacts
from cf_pipeline.outputs.report.words import paragraph, phrase

ZERO = "0"
BY_YEAR = Cell("", is_figure=False, unseen=phrase("measures", "by_year"))
"""The cell of a quarter where the year alone is shown: a dash."""


def area_sections(
    facts: PublishedFacts, notes: NoteList, charts: Mapping[str, Sequence[Chart]], kpi_ids: Set[str]
) -> tuple[Area, ...]:
    """The section of every area in the order of `dim_kpi`.

    Args:
        facts: what was published of the authority and quarter.
        notes: where the reasons of missing or unusual figures go.
        charts: area -> its charts.
        kpi_ids: the KPIs that have a row or a table of their own, as `shown_kpis` gives them.
    """
    kpis_by_area: dict[str, list[Any]] = {}
    for kpi in facts.kpis:
        kpis_by_area.setdefault(str(kpi.area), []).append(kpi)
    return tuple(
        Area(
            _key(name),
            name,
            tuple(_without_copies([*charts.get(name, ()), *_blocks(name, kpis, kpi_ids, facts, notes)])),
        )
        for name, kpis in kpis_by_area.items()
    )


def _without_copies(blocks: Sequence[Block]) -> list[Block]:
    """The blocks without the tables of bands that the table of a chart shows with more quarters."""
    drawn = {block.name for block in blocks if isinstance(block, Chart)}
    return [block for block in blocks if not (isinstance(block, Table) and block.chart_names & drawn)]


def _key(area: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in area.lower())


def _blocks(
    name: str, kpis: Sequence[Any], kpi_ids: Set[str], facts: PublishedFacts, notes: NoteList
) -> list[Block]:
    rows: list[Row] = []
    zero: list[str] = []
    hidden: list[str] = []
    missing: dict[str, list[str]] = {}
    distributions: list[Block] = []
    for kpi in kpis:
        if kpi.kind == "distribution" and kpi.kpi_id in kpi_ids:
            distributions.append(_distribution(kpi, facts, notes))
        elif kpi.kpi_id in kpi_ids:
            rows.append(Row(str(kpi.title), _cells(kpi, facts, notes), _about(kpi)))
        elif has_nothing_to_count(kpi, facts):
            zero.append(str(kpi.title))
        elif _is_hidden(kpi, facts):
            hidden.append(str(kpi.title))
        else:
            missing.setdefault(_reason(kpi, facts), []).append(str(kpi.title))
    caption = phrase("measures", "caption", area=name, quarter=facts.quarter_name)
    columns = _columns(facts)
    table = [Table(caption, phrase("measures", "subject"), columns, tuple(rows), "measures")] if rows else []
    return [*table, *distributions, *_without_rows(zero, hidden, missing, facts)]


def shown_kpis(facts: PublishedFacts) -> frozenset[str]:
    """The KPIs with a row or a table of their own: a figure that is not nothing in every period."""
    return frozenset(str(kpi.kpi_id) for kpi in facts.kpis if _is_shown(kpi, facts))


def _is_shown(kpi: Any, facts: PublishedFacts) -> bool:
    if kpi.kind == "distribution":
        return any(map(_has_case, _band_rows(kpi, facts, NoteList())))
    notes = NoteList()
    cells = _periods(kpi, facts, notes)
    return _has_figure([*cells, forecast_cell(kpi, facts, notes)]) and not _is_nothing(cells)


def has_nothing_to_count(kpi: Any, facts: PublishedFacts) -> bool:
    """Whether every period has nothing to count, and says so: a missing figure is not nothing."""
    if kpi.kind == "distribution":
        quarters = [facts.quarter, *_earlier_quarters(facts.quarter)]
        return facts.has_bands(kpi.kpi_id, quarters) and not _is_shown(kpi, facts)
    return _is_nothing(_periods(kpi, facts, NoteList()))


def _is_nothing(cells: Sequence[Cell]) -> bool:
    return all(cell.text in (ZERO, NONE_IN_PERIOD) for cell in cells)


def _is_hidden(kpi: Any, facts: PublishedFacts) -> bool:
    """Whether the quarter's figure, or one of its bands, is hidden."""
    bands = (facts.band(kpi.kpi_id, band.category, facts.quarter) for band in facts.categories)
    rows = [row for row in (facts.total(kpi.kpi_id, facts.quarter), *bands) if row is not None]
    return any(not pd.isna(row.symbol) and row.symbol == HIDDEN for row in rows)


def _without_rows(
    zero: list[str], symbols: list[str], missing: Mapping[str, list[str]], facts: PublishedFacts
) -> list[Block]:
    """What has no row of its own: nothing to count in any period, symbols alone, or no figure, by reason."""
    sentences = [phrase("measures", "zero", titles="; ".join(zero))] if zero else []
    sentences += [phrase("measures", "hidden_throughout", titles="; ".join(symbols))] if symbols else []
    sentences += [
        phrase("measures", "missing", titles="; ".join(titles), reason=reason, quarter=facts.quarter_name)
        for reason, titles in missing.items()
    ]
    return [paragraph(*sentences)] if sentences else []


def _columns(facts: PublishedFacts) -> tuple[str, ...]:
    quarter = facts.quarter
    last_year = Quarter(quarter.year - 1, LAST_QUARTER).fiscal_year
    return (
        facts.quarter_name,
        *(_column(earlier, quarter) for earlier in reversed(_earlier_quarters(quarter))),
        *([phrase("measures", "year_to_date")] if "ytd" in facts.bases else []),
        phrase("measures", "forecast"),
        *([phrase("measures", "last_year", year=last_year)] if "year" in facts.bases else []),
        *([phrase("measures", "target")] if facts.has_targets else []),
        place_name(facts),
    )


def _has_figure(cells: Sequence[Cell]) -> bool:
    return any(cell.is_figure or cell.text == NONE_IN_PERIOD for cell in cells)


def _about(kpi: Any) -> str:
    unit = "" if kpi.unit == "%" else kpi.unit
    return "; ".join(str(text) for text in (unit, phrase("polarity", kpi.polarity)) if has_text(text))


def _cells(kpi: Any, facts: PublishedFacts, notes: NoteList) -> tuple[Cell, ...]:
    periods = _periods(kpi, facts, notes)
    last_year = [periods.pop()] if "year" in facts.bases else []
    return (
        *periods,
        forecast_cell(kpi, facts, notes),
        *last_year,
        *([target_cell(kpi, facts)] if facts.has_targets else []),
        place_cell(kpi, facts),
    )


def _periods(kpi: Any, facts: PublishedFacts, notes: NoteList) -> list[Cell]:
    """The figures of the quarter and of those before it, of the year to date, and of last year at the end.

    A release has no year to date, and years of a few KPIs alone: a column without any figure is left out.
    """
    quarter = facts.quarter
    quarters = [quarter, *reversed(_earlier_quarters(quarter))]
    if kpi.kpi_id in facts.year_kpis:
        cells = [BY_YEAR] * len(quarters)
    else:
        cells = [
            figure_cell(facts.total(kpi.kpi_id, each), kpi, notes, in_full=each == quarter)
            for each in quarters
        ]
    if "ytd" in facts.bases:
        cells.append(figure_cell(facts.total(kpi.kpi_id, quarter, "ytd"), kpi, notes))
    if "year" in facts.bases:
        cells.append(_last_year(kpi, facts, notes))
    return cells


def forecast_cell(kpi: Any, facts: PublishedFacts, notes: NoteList) -> Cell:
    """The year-end forecast with the model's range; its method where the report uses several.

    A note says where the forecast falls outside the range.
    """
    row = facts.forecast(kpi.kpi_id)
    if row is None or not pd.isna(row.symbol) or pd.isna(row.forecast):
        name = "no_forecast_of_hidden" if facts.has_hidden else "no_forecast"
        reason = str(row.label) if row is not None and has_text(row.label) else phrase("measures", name)
        return Cell(NOT_AVAILABLE, note=notes.number(reason), is_figure=False)
    cell = value_cell(row.forecast, kpi)
    # The label, not the method: some methods repeat a figure as it is, and an outturn has no method.
    details = [str(row.label)] if len(facts.methods) > 1 else []
    model, note = facts.range(kpi.kpi_id), None
    if model is not None and facts.quarter.number != LAST_QUARTER:
        likely = range_words(model.lower_80, model.upper_80, kpi)
        details.append(phrase("main_measures", "likely", range=likely))
        note = notes.number(f"{kpi.title}. {row.outside_range}") if has_text(row.outside_range) else None
    return Cell(cell.text, detail="; ".join(details), note=note)


def target_cell(kpi: Any, facts: PublishedFacts) -> Cell:
    """The target in force on the quarter's last day; not compared where there is none."""
    target = facts.target(kpi.kpi_id)
    return NOT_COMPARED if target is None else value_cell(target, kpi)


def _last_year(kpi: Any, facts: PublishedFacts, notes: NoteList) -> Cell:
    row, forecast = facts.last_year(kpi.kpi_id), facts.forecast(kpi.kpi_id)
    if row is None and forecast is not None and not pd.isna(forecast.last_year):
        return value_cell(forecast.last_year, kpi)
    return figure_cell(row, kpi, notes)


def _distribution(kpi: Any, facts: PublishedFacts, notes: NoteList) -> Table:
    """The bands in their order, those without a case in any quarter left out."""
    earlier = [_column(quarter, facts.quarter) for quarter in _band_quarters(facts)[1:]]
    caption = phrase("measures", "bands_caption", title=kpi.title, quarter=facts.quarter_name)
    name = str(kpi.kpi_id).replace("_", "-")
    return Table(
        caption,
        phrase("measures", "band"),
        (facts.quarter_name, *earlier),
        tuple(row for row in _band_rows(kpi, facts, notes) if _has_case(row)),
        "bands",
        frozenset({f"bands-{name}", f"durations-{name}"}),
    )


def _band_rows(kpi: Any, facts: PublishedFacts, notes: NoteList) -> Iterator[Row]:
    """The row of each band that has a figure in one of the quarters."""
    quarters = _band_quarters(facts)
    for band in facts.categories:
        if band.breakdown != "band" or band.code_set != kpi.band_code_set:
            continue
        found = [facts.band(kpi.kpi_id, band.category, quarter) for quarter in quarters]
        if any(row is not None for row in found):
            cells = [
                band_cell(row, notes, in_full=quarter == facts.quarter)
                for row, quarter in zip(found, quarters, strict=True)
            ]
            yield Row(str(band.label), tuple(cells))


def _band_quarters(facts: PublishedFacts) -> list[Quarter]:
    return [facts.quarter, *reversed(_earlier_quarters(facts.quarter))]


def _has_case(row: Row) -> bool:
    return any(cell.is_figure and cell.text != ZERO for cell in row.cells)


def _reason(kpi: Any, facts: PublishedFacts) -> str:
    row = facts.total(kpi.kpi_id, facts.quarter)
    if row is None or not has_text(row.reason):
        bands = (facts.band(kpi.kpi_id, band.category, facts.quarter) for band in facts.categories)
        row = next((band for band in bands if band is not None and has_text(band.reason)), row)
    if row is not None and has_text(row.reason):
        return str(row.reason)
    return phrase("measures", "not_released" if facts.release is not None else "no_figure")


def _earlier_quarters(quarter: Quarter) -> list[Quarter]:
    """The earlier quarters of the year; in quarter 1 last year's quarter 4 (docs/rulings.md#12)."""
    return quarter.year_quarters()[:-1] or [quarter.previous()]


def _column(earlier: Quarter, quarter: Quarter) -> str:
    return (
        f"Q{earlier.number}" if earlier.year == quarter.year else f"Q{earlier.number} {earlier.fiscal_year}"
    )


def has_text(text: Any) -> bool:
    """Whether a cell of a text column holds a text."""
    return not pd.isna(text) and bool(text)
