"""The page of comparisons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from cf_pipeline.contracts.english import join_words
from cf_pipeline.dashboard.content import Content, Section
from cf_pipeline.dashboard.pages.figures.compare.choices import (
    choose_comparison,
    chosen_kpis,
    chosen_others,
    chosen_period,
    comparison_form,
    ready_made_links,
)
from cf_pipeline.dashboard.pages.figures.compare.tables import authorities_table, comparison_table
from cf_pipeline.dashboard.pages.figures.place_figures import place_names, published_table
from cf_pipeline.dashboard.pages.figures.scope import Scope, choose_scope
from cf_pipeline.dashboard.visit import Visit

QUARTERS_SHOWN, MONTHS_SHOWN = 12, 24


def compare_content(visit: Visit) -> Content:
    """The comparison that the address names.

    Raises:
        PageError: there is no such authority, quarter, measure, period or breakdown.
    """
    scope = choose_scope(visit)
    kpis, period = chosen_kpis(scope), chosen_period(scope)
    tables = visit.read_figures(_rows(scope, kpis, period, chosen_others(scope)))
    facts = _facts(tables, period)
    comparison = choose_comparison(scope, facts)
    sections = [
        Section("figures", "Figures", (comparison_table(scope, comparison, tables, facts),)),
    ]
    if comparison.others and period in ("quarter", "ytd"):
        table = authorities_table(scope, comparison, facts)
        sections.append(Section("authorities", "Authorities side by side", (table,)))
    first = kpis[0]
    published = tables["fact_comparator"].query("kpi_id == @first.kpi_id")
    table = published_table(first, published, place_names(first, scope, tables))
    sections.append(Section("published", "Published figures of other places", (table,)))
    return Content(
        title=f"Compare: {join_words(kpi.title for kpi in kpis)}",
        trail=scope.trail(),
        summary=(comparison_form(scope, comparison), ready_made_links(scope)),
        sections=tuple(sections),
    )


def _rows(
    scope: Scope, kpis: Sequence[Any], period: str, others: Sequence[Any]
) -> dict[str, Mapping[str, object]]:
    ids = [str(kpi.kpi_id) for kpi in kpis]
    codes = [scope.code, *(str(row.authority_code) for row in others)]
    figures: dict[str, object] = {"authority_code": codes, "kpi_id": ids}
    found: dict[str, Mapping[str, object]] = {
        "dim_authority": {},
        "dim_category": {},
        "dim_neighbour": {"authority_code": scope.code},
        "fact_comparator": {"kpi_id": ids[:1], "category": "all"},
    }
    if period == "month":
        return {**found, "fact_kpi_monthly": {**figures, "month": _months(scope)}}
    return {
        **found,
        "fact_kpi_quarterly": {**figures, "basis": period, "quarter_key": _quarters(scope, period)},
        "fact_kpi_comparison": {"authority_code": scope.code, "kpi_id": ids, "basis": period},
    }


def _facts(tables: Mapping[str, pd.DataFrame], period: str) -> pd.DataFrame:
    """The figures with the period that each is of in the column `period`."""
    if period == "month":
        facts = tables["fact_kpi_monthly"]
        return facts.assign(period=facts["month"], note=None)
    facts = tables["fact_kpi_quarterly"]
    return facts.assign(period=facts["quarter_key"])


def _quarters(scope: Scope, period: str) -> list[str]:
    """The quarters shown; every year that ended, of whole years."""
    if period == "year":
        return list(scope.quarter_keys)
    return [scope.quarter.previous(back).key for back in range(QUARTERS_SHOWN)]


def _months(scope: Scope) -> list[str]:
    """The 24 months up to the end of the quarter, as in '2019-12'."""
    last = pd.Period(scope.quarter.end, "M")
    return [str(last - back) for back in range(MONTHS_SHOWN)]
