"""The first page: what changed, how it compares, where the year ends, what to ask, what is not known."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import pandas as pd

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR
from cf_pipeline.outputs.report.areas import forecast_cell, target_cell
from cf_pipeline.outputs.report.cells import (
    NOT_COMPARED,
    NoteList,
    figure_cell,
    format_number,
    is_share,
    value_cell,
)
from cf_pipeline.outputs.report.changes import Change, changes_section, find_changes
from cf_pipeline.outputs.report.data_quality import DataQualitySummary
from cf_pipeline.outputs.report.model import Cell, Row, Section, Table
from cf_pipeline.outputs.report.places import WORSE, place_cell, place_name, question_beside_place
from cf_pipeline.outputs.report.published_facts import HIDDEN, PublishedFacts
from cf_pipeline.outputs.report.unknown import unknown_section, withheld_reasons
from cf_pipeline.outputs.report.words import count_phrase, paragraph, phrase, points
from cf_pipeline.outputs.report.year_end import year_end_section


@dataclass(frozen=True)
class TargetResult:
    """A KPI with a target: its figure, the target, and whether it meets it; None where there is no figure."""

    kpi: Any
    value: str
    target: str
    meets: bool | None


def overview(facts: PublishedFacts, notes: NoteList, quality: DataQualitySummary) -> Section:
    """The first page: sections that answer Members' five questions, each in a few lines."""
    main = _kpis_named("main_measures", facts)
    changes = find_changes(facts, [kpi.kpi_id for kpi in main])
    targets = target_results(facts)
    sections = (
        changes_section(facts, changes, main, int(measures()["most_changes"])),
        _main_measures(facts, main, notes),
        _targets_section(targets),
        year_end_section(facts, _kpis_named("year_end_measures", facts)),
        _questions(facts, changes, targets, main, quality),
        unknown_section(facts, quality),
    )
    return Section("overview", phrase("titles", "overview"), (), sections, is_page=True)


def target_results(facts: PublishedFacts) -> list[TargetResult]:
    """Every KPI with a target in the quarter, in the order of `dim_kpi`."""
    results = []
    for kpi in facts.kpis:
        row, target = facts.total(kpi.kpi_id, facts.quarter), facts.target(kpi.kpi_id)
        if row is None or target is None:
            continue
        meets = None
        if not pd.isna(row.value) and kpi.polarity in WORSE:
            meets = bool(row.value >= target if kpi.polarity == "higher_better" else row.value <= target)
        results.append(
            TargetResult(kpi, _beside_target(row, target, kpi), value_cell(target, kpi).text, meets)
        )
    return results


def _beside_target(row: Any, target: Any, kpi: Any) -> str:
    """The figure as it is shown, with a further digit where it would look like a target that it misses."""
    text = figure_cell(row, kpi, NoteList()).text
    if text != value_cell(target, kpi).text or row.value == target:
        return text
    return f"{format_number(row.value, kpi.decimals + 1)}{'%' if is_share(kpi) else ''}"


def _main_measures(facts: PublishedFacts, kpis: Sequence[Any], notes: NoteList) -> Section:
    columns = (
        facts.quarter_name,
        *([phrase("main_measures", "target")] if facts.has_targets else []),
        phrase("main_measures", "last_year"),
        place_name(facts),
        phrase("main_measures", "forecast"),
    )
    rows = tuple(
        Row(
            str(kpi.title),
            (
                figure_cell(facts.total(kpi.kpi_id, facts.quarter), kpi, notes),
                *([_target(kpi, facts)] if facts.has_targets else []),
                _same_quarter_last_year(kpi, facts),
                place_cell(kpi, facts),
                forecast_cell(kpi, facts, notes),
            ),
            phrase("polarity", kpi.polarity),
        )
        for kpi in kpis
    )
    caption = phrase("main_measures", "caption", quarter=facts.quarter_name)
    table = Table(caption, phrase("main_measures", "subject"), columns, rows, "measures")
    return Section("main-measures", phrase("titles", "main_measures"), (table,) if rows else ())


def _target(kpi: Any, facts: PublishedFacts) -> Cell:
    cell = target_cell(kpi, facts)
    return Cell(phrase("main_measures", "no_target"), is_figure=False) if cell is NOT_COMPARED else cell


def _same_quarter_last_year(kpi: Any, facts: PublishedFacts) -> Cell:
    row = facts.earlier_total(kpi.kpi_id, QUARTERS_PER_YEAR)
    is_known = row is not None and (not pd.isna(row.value) or row.symbol == HIDDEN)
    return figure_cell(row, kpi, NoteList()) if is_known else NOT_COMPARED


def _targets_section(results: Sequence[TargetResult]) -> Section:
    title = phrase("titles", "targets")
    if not results:
        return Section("targets", title, (paragraph(phrase("targets", "none_set")),))
    judged = [result for result in results if result.meets is not None]
    met = sum(bool(result.meets) for result in judged)
    texts = [phrase("targets", "met_some", met=met, count=len(results))]
    if met == len(results):
        texts = [phrase("targets", "met_one" if met == 1 else "met_all", count=len(results))]
    elif len(results) == 1:
        texts = []  # what is said of the one target follows
    for result in results:
        values = {"title": result.kpi.title, "target": result.target}
        if result.meets is None:
            texts.append(phrase("targets", "no_figure", **values))
        elif not result.meets:
            direction = phrase("polarity", result.kpi.polarity)
            texts.append(phrase("targets", "worse_than", value=result.value, direction=direction, **values))
    return Section("targets", title, (points(*texts),))


def _questions(
    facts: PublishedFacts,
    changes: Sequence[Change],
    targets: Sequence[TargetResult],
    main: Sequence[Any],
    quality: DataQualitySummary,
) -> Section:
    """What Members may ask, from what the figures show: the most serious first."""
    texts = [each.question for each in changes if each.row.change == "worse"]
    texts += [
        phrase("questions", "off_target", title=each.kpi.title, value=each.value, target=each.target)
        for each in targets
        if each.meets is False
    ]
    texts += [text for kpi in main if (text := question_beside_place(kpi, facts))]
    texts += [each.question for each in changes if each.row.change in ("higher", "lower")]
    general = [phrase("questions", "held")] if quality.left_out or quality.with_held_lists else []
    general += [phrase("questions", "unknown")] if withheld_reasons(facts) else []
    if quality.newest_errors:
        general.append(count_phrase("questions", "errors", quality.newest_errors))
    most = int(measures()["most_questions"])
    shown = [*texts[: most - len(general)], *general] or [phrase("questions", "none")]
    return Section("questions", phrase("titles", "questions"), (points(*shown),))


def _kpis_named(name: str, facts: PublishedFacts) -> list[Any]:
    """The KPIs of a list of the file that have a figure in the quarter, in its order."""
    kpis = {kpi.kpi_id: kpi for kpi in facts.kpis}
    found = [kpis[kpi_id] for kpi_id in measures()[name] if kpi_id in kpis]
    return [kpi for kpi in found if facts.total(kpi.kpi_id, facts.quarter) is not None]


@cache
def measures() -> Mapping[str, Any]:
    """Which measures stand on the first page, and how many changes and questions at most."""
    path = resources.files("cf_pipeline.outputs.report") / "data" / "overview.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
