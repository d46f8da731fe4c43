"""The committee report of one authority and quarter as content, made once from what was published.

What it shows is the authority's own: a report whose figures stay is the same file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

import pandas as pd

import cf_pipeline
from cf_pipeline.outputs.charts.chart import Chart
from cf_pipeline.outputs.charts.figures import Figures, places_beside
from cf_pipeline.outputs.charts.selection import ReportCharts, report_charts
from cf_pipeline.outputs.report.areas import area_sections, shown_kpis
from cf_pipeline.outputs.report.cells import NoteList
from cf_pipeline.outputs.report.data_quality import data_section, summarise_data_quality
from cf_pipeline.outputs.report.data_tables.report_data import report_data
from cf_pipeline.outputs.report.editions import INTERNAL
from cf_pipeline.outputs.report.model import (
    Area,
    Block,
    Cell,
    Definition,
    Definitions,
    Note,
    Notes,
    Report,
    ReportEdition,
    Row,
    Section,
    Sentence,
    Table,
)
from cf_pipeline.outputs.report.overview import overview
from cf_pipeline.outputs.report.published_facts import PublishedFacts
from cf_pipeline.outputs.report.report_tables import rows_of_report
from cf_pipeline.outputs.report.words import all_words, day, paragraph, phrase, phrases, points

DEFINED_BY = ("numerator_text", "denominator_text", "threshold", "legal_source", "comparator_note")


def report_content(
    tables: Mapping[str, pd.DataFrame],
    authority_code: str,
    quarter_key: str | None = None,
    *,
    wording_limits: Mapping[str, float],
    edition: ReportEdition = INTERNAL,
    has_charts: bool = True,
    has_data: bool = False,
) -> Report:
    """The content of one report.

    Args:
        tables: those of the edition's schema, as `warehouse.read_tables` gives them.
        authority_code: GSS code of the authority.
        quarter_key: as in '2019/20 Q3'; the authority's latest when None.
        wording_limits: those of the comparisons, by the names of the settings under `phrases`.
        edition: who may read it.
        has_charts: whether it has charts: they need `report_tables.CHART_TABLES`.
        has_data: whether it has its figures as data: they need `report_tables.DATA_TABLES`.

    Raises:
        ReportError: the authority has no published figures.
        ValueError: `quarter_key` is not a quarter.
    """
    rows = rows_of_report(tables) if has_data else tables
    facts, notes = PublishedFacts(rows, authority_code, quarter_key), NoteList()
    quality, shown = summarise_data_quality(facts), shown_kpis(facts)
    charts = _charts(rows, facts) if has_charts else ReportCharts()
    first_page = overview(facts, notes, quality)
    areas = area_sections(facts, notes, charts.areas, shown)
    sections = (
        first_page,
        _headlines(facts, charts.sparklines),
        _measures(facts, areas),
        Section("notes", phrase("titles", "notes"), (_notes(notes),)),
        *([data_section(facts, quality, charts.revisions)] if "delivery" in facts.tables else []),
        _explanations(facts, wording_limits),
        _definitions(facts, shown),
    )
    return Report(
        title=phrase("report", "title", quarter=facts.quarter_name),
        subtitle=str(facts.authority.name),
        edition=edition,
        facts=_report_facts(facts),
        sections=sections,
        footer=_footer(facts),
        words={name: phrase("report", name) for name in ("skip", "contents", "chart_table")},
        data=report_data(tables, facts, places_beside(facts.authority)) if has_data else None,
    )


def _charts(tables: Mapping[str, pd.DataFrame], facts: PublishedFacts) -> ReportCharts:
    return report_charts(Figures(tables, facts.authority.authority_code, facts.quarter.key))


def _report_facts(facts: PublishedFacts) -> tuple[tuple[str, str], ...]:
    quarter = facts.quarter
    period = phrase("report", "period_of", start=day(quarter.start), end=day(quarter.end))
    values = {
        "authority": str(facts.authority.name),
        "period": period,
        "as_at": day(facts.as_at),
        "status": phrase("report", "provisional"),
        "release": _release(facts),
        "run": facts.run_id,
    }
    return tuple((phrase("report", name), value) for name, value in values.items() if value)


def _release(facts: PublishedFacts) -> str:
    """The number and date of the release; '' of what staff read."""
    if facts.release is None:
        return ""
    return phrase(
        "report", "release_of", number=int(facts.release.release_no), date=day(facts.release.released_at)
    )


def _headlines(facts: PublishedFacts, trends: Mapping[str, Chart]) -> Section:
    """The committee's table: an area and its sentences; beside them its trend where one is drawn."""
    title = phrase("titles", "headlines")
    if not facts.headlines:
        return Section("headlines", title, (paragraph(phrase("headlines", "none")),))
    rows = []
    for row in facts.headlines:
        lines = tuple(line for line in str(row.text).split("\n") if line.strip())
        chart = trends.get(str(row.area))
        cells = (Cell("", lines=lines, is_figure=False), *([Cell("", chart=chart)] if trends else []))
        rows.append(Row(str(row.area), cells))
    columns = (phrase("headlines", "column"), *([phrase("headlines", "trend")] if trends else []))
    caption = phrase("headlines", "caption", quarter=facts.quarter_name)
    table = Table(caption, phrase("headlines", "subject"), columns, tuple(rows), "headlines")
    return Section("headlines", title, (table,))


def _measures(facts: PublishedFacts, areas: Sequence[Area]) -> Section:
    possessive = "possessive_london" if facts.place == "London" else "possessive_other"
    texts = phrases("measures", "introduction", place=facts.place, possessive=phrase("measures", possessive))
    more = [phrase("measures", "hidden")] if facts.has_hidden else []
    more += [phrase("measures", "by_year_note")] if facts.year_kpis else []
    words = paragraph(" ".join([*texts, *more]))
    return Section("measures", phrase("titles", "measures"), (words,), tuple(areas))


def _notes(notes: NoteList) -> Block:
    if not notes.texts:
        return paragraph(phrase("notes", "none"))
    return Notes(tuple(Note(number, text) for number, text in enumerate(notes.texts, start=1)))


def _explanations(facts: PublishedFacts, wording_limits: Mapping[str, float]) -> Section:
    """How forecasts are made, and what the words for differences mean with the council's limits."""
    limits = {name: f"{value:g}" for name, value in wording_limits.items()}
    names = [all_words()["methods"].get(method, method) for method in facts.methods]
    by = [paragraph(phrase("forecasts", "methods", methods=", ".join(names)))] if names else []
    return Section(
        "words",
        phrase("titles", "forecasts"),
        sections=(
            Section(
                "forecasts",
                phrase("forecasts", "title"),
                (*by, points(*phrases("forecasts", "points"))),
            ),
            Section(
                "comparisons",
                phrase("comparisons", "title"),
                (
                    paragraph(phrase("comparisons", "introduction")),
                    points(*phrases("comparisons", "points", place=facts.place, **limits)),
                ),
            ),
        ),
    )


def _definitions(facts: PublishedFacts, kpi_ids: Set[str]) -> Section:
    """What each KPI that has a row counts, by area."""
    by_area: dict[str, list[Definition]] = {}
    for kpi in (each for each in facts.kpis if each.kpi_id in kpi_ids):
        parts = [(name, getattr(kpi, name)) for name in DEFINED_BY]
        worded = [(phrase("definitions", name), str(text)) for name, text in parts if _has(text)]
        by_area.setdefault(str(kpi.area), []).append(Definition(str(kpi.title), tuple(worded)))
    sections = tuple(
        Section(
            f"definitions-{number}",
            phrase("titles", "area_definitions", area=area),
            (Definitions(tuple(found)),),
        )
        for number, (area, found) in enumerate(by_area.items(), start=1)
    )
    return Section("definitions", phrase("titles", "definitions"), sections=sections)


def _footer(facts: PublishedFacts) -> Sentence:
    fingerprint = facts.authority.figures_hash
    values = {
        "authority": facts.authority.name,
        "as_at": day(facts.as_at),
        "run": facts.run_id or phrase("report", "not_known"),
        "version": cf_pipeline.__version__,
        "fingerprint": fingerprint[:12] if isinstance(fingerprint, str) else phrase("report", "not_known"),
    }
    return Sentence(phrase("report", "footer", **values))


def _has(text: object) -> bool:
    return isinstance(text, str) and bool(text)
