"""The page of the search: measures by their words, areas, and today's lists for those who may see them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from cf_pipeline.contracts.words.near_names import near_name
from cf_pipeline.dashboard.content import Cell, Column, Content, Field, Form, Section, TableView, Text
from cf_pipeline.dashboard.pages.child_form import child_form
from cf_pipeline.dashboard.pages.figures.frame_rows import rows_in_order
from cf_pipeline.dashboard.pages.figures.scope import Scope, choose_scope, slug_of
from cf_pipeline.dashboard.visit import Visit

_WORDS = ("kpi_id", "title", "area", "numerator_text", "denominator_text", "threshold", "legal_source")


def search_content(visit: Visit) -> Content:
    """What the words of the address find."""
    scope = choose_scope(visit)
    text = visit.query.get("q", "").strip()
    form = Form("Search", (Field("q", "Words", text, hint="A measure, an area or a list"),), "Search")
    forms = (form, child_form(visit)) if scope.sees_records else (form,)
    if not text:
        return Content("Search", scope.trail(), (*forms, Text("Type a word of what you look for.")))
    kpis = find_kpis(text, list(scope.kpis.values()))
    sections = [Section("measures", "Measures", (_kpi_table(kpis, text, scope), *_near(text, kpis, scope)))]
    areas = [area for area in scope.areas if has_words(text, area)]
    if areas:
        links = tuple(Text("", (scope.link(area, "area", area=slug_of(area)),)) for area in areas)
        sections.append(Section("areas", "Areas", links))
    if scope.sees_records:
        sections.append(Section("lists", "Today's lists", (_list_table(text, scope),)))
    return Content(f"Search: {text}", scope.trail(), forms, tuple(sections))


def find_kpis(text: str, kpis: Sequence[Any]) -> list[Any]:
    """The measures in whose words every word of a text stands; those whose title has them first."""
    found = [kpi for kpi in kpis if has_words(text, *(getattr(kpi, name) for name in _WORDS))]
    return sorted(found, key=lambda kpi: not has_words(text, kpi.title))


def has_words(text: str, *texts: Any) -> bool:
    """Whether each word of a text begins a word of the others."""
    words = " ".join(str(each) for each in texts if not pd.isna(each)).lower().replace("_", " ").split()
    return all(any(word.strip("(,.;:").startswith(part) for word in words) for part in text.lower().split())


def _kpi_table(kpis: Sequence[Any], text: str, scope: Scope) -> TableView:
    return TableView(
        "found-measures",
        f"Measures with the words “{text}”",
        (Column("Measure"), Column("Area"), Column("What it counts")),
        tuple(
            (
                Cell(str(kpi.title), href=scope.href("kpi", kpi_id=str(kpi.kpi_id))),
                Cell(str(kpi.area)),
                Cell("" if pd.isna(kpi.numerator_text) else str(kpi.numerator_text)),
            )
            for kpi in kpis
        ),
        "No measure has these words in its name or definition.",
    )


def _near(text: str, kpis: Sequence[Any], scope: Scope) -> tuple[Text, ...]:
    """The measure that may have been meant, where nothing is found."""
    titles = {str(kpi.title): str(kpi.kpi_id) for kpi in scope.kpis.values()}
    meant = None if kpis else near_name(text, titles)
    if meant is None:
        return ()
    return (Text("Did you mean this measure?", (scope.link(meant, "kpi", kpi_id=titles[meant]),)),)


def _list_table(text: str, scope: Scope) -> TableView:
    lists = scope.visit.read_records({"worklist": {"authority_code": scope.code}})["worklist"]
    found = [row for row in rows_in_order(lists, "position") if has_words(text, row.title, row.worklist)]
    return TableView(
        "found-lists",
        f"Today's lists with the words “{text}”",
        (Column("List"),),
        tuple(
            (Cell(str(row.title), href=scope.visit.href("worklist", worklist=str(row.worklist))),)
            for row in found
        ),
        "No list has these words in its name.",
    )
