"""Figures beside those of the region or England: cells, and who is worse or better by more than chance."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from cf_pipeline.outputs.report.cells import NOT_COMPARED, NoteList, figure_cell, value_cell
from cf_pipeline.outputs.report.model import Cell
from cf_pipeline.outputs.report.published_facts import PublishedFacts
from cf_pipeline.outputs.report.words import phrase

OUTSIDE, AT_EDGE, SIMILAR, TOO_FEW = "outside", "at the edge", "similar", "too few"
"""How the published words about chance begin."""
COUNTS = ("flow_count", "stock")
WORSE = {"higher_better": "lower", "lower_better": "higher"}
BETTER = {"higher_better": "higher", "lower_better": "lower"}


def place_cell(kpi: Any, facts: PublishedFacts) -> Cell:
    """The place's published percentage or rate; counts are never compared (docs/rulings.md#18)."""
    row = None if kpi.kind in COUNTS else facts.beside_place(kpi.kpi_id)
    if row is None:
        return NOT_COMPARED
    cell = value_cell(row.reference, kpi)
    if pd.isna(row.year_ending) or facts.place_year is not None:
        return cell
    return Cell(cell.text, detail=phrase("measures", "year_to_march", year=int(row.year_ending)))


def place_name(facts: PublishedFacts) -> str:
    """The heading of the place's column, with the year of its figures where all are of the same one."""
    if facts.place_year is None:
        return facts.place
    return f"{facts.place}, {phrase('measures', 'year_to_march', year=facts.place_year)}"


def sentences_beside_place(facts: PublishedFacts) -> list[str]:
    """The figures that are worse, then those that are better, by more than chance explains."""
    found: dict[str, list[str]] = {"worse": [], "better": []}
    for kpi in facts.kpis:
        row = facts.beside_place(kpi.kpi_id)
        if row is None or not _begins(row.chance, OUTSIDE, AT_EDGE):
            continue
        for name, words in (("worse", WORSE), ("better", BETTER)):
            if _differs(row, words.get(kpi.polarity)):
                found[name].append(_sentence(name, kpi, row, facts))
    return found["worse"] + found["better"]


def sentences_of_few_cases(kpis: Iterable[Any], facts: PublishedFacts) -> list[str]:
    """Those of some KPIs that are worse than the place's, in cases too few to tell from chance."""
    found = [(kpi, facts.beside_place(kpi.kpi_id)) for kpi in kpis]
    return [
        phrase("places", "worse_of_few", **_values(kpi, row, facts))
        for kpi, row in found
        if row is not None and row.phrase == WORSE.get(kpi.polarity) and _begins(row.chance, TOO_FEW)
    ]


def question_beside_place(kpi: Any, facts: PublishedFacts) -> str:
    """What Members may ask of a KPI that is worse than the place's; '' where it is not, or only by chance."""
    row = facts.beside_place(kpi.kpi_id)
    if row is None or row.phrase != WORSE.get(kpi.polarity) or _begins(row.chance, SIMILAR):
        return ""
    name = "below_place" if _begins(row.chance, OUTSIDE, AT_EDGE) else "below_place_of_few"
    return phrase("questions", name, **_values(kpi, row, facts))


def _sentence(name: str, kpi: Any, row: Any, facts: PublishedFacts) -> str:
    chance = phrase("changes", "beyond" if _begins(row.chance, OUTSIDE) else "edge")
    return phrase("places", name, chance=chance, **_values(kpi, row, facts))


def _values(kpi: Any, row: Any, facts: PublishedFacts) -> dict[str, str]:
    figure = figure_cell(facts.total(kpi.kpi_id, facts.quarter, row.basis), kpi, NoteList()).text
    return {
        "title": str(kpi.title),
        "value": figure,
        "place": facts.place,
        "reference": value_cell(row.reference, kpi).text,
    }


def _differs(row: Any, word: str | None) -> bool:
    return word is not None and not pd.isna(row.phrase) and str(row.phrase).endswith(word)


def _begins(words: Any, *beginnings: str) -> bool:
    return not pd.isna(words) and str(words).startswith(beginnings)
