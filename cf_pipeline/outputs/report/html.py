"""The committee report: one HTML file without links to other files, for the screen, the phone and paper.

It is the internal edition: nothing in it is suppressed, and it says so at the top.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

import cf_pipeline
from cf_pipeline.outputs.html_template import html_template
from cf_pipeline.outputs.report.areas import METHODS, areas
from cf_pipeline.outputs.report.cells import Notes
from cf_pipeline.outputs.report.data_quality import summarise_data_quality
from cf_pipeline.outputs.report.published_facts import PublishedFacts, ReportError

__all__ = ["ReportError", "render_report"]


def render_report(
    tables: Mapping[str, pd.DataFrame],
    authority_code: str,
    quarter_key: str | None = None,
    *,
    wording_limits: Mapping[str, float],
) -> str:
    """The committee report of one authority and quarter as HTML.

    Args:
        tables: those of `published_v1` that the form names, as `warehouse.read_tables` gives them. What the
            report shows of them is the authority's own: a report whose figures stay is the same file.
        authority_code: GSS code of the authority.
        quarter_key: as in '2019/20 Q3'; the authority's latest when None.
        wording_limits: the limits with which the comparisons were worded, by the names of the settings under
            `phrases`; the report states them.

    Raises:
        ReportError: the authority has no published figures.
        ValueError: `quarter_key` is not a quarter.
    """
    facts = PublishedFacts(tables, authority_code, quarter_key)
    notes = Notes()
    methods = sorted({str(row.method) for row in (facts.forecast(kpi.kpi_id) for kpi in facts.kpis) if row})
    return html_template("report.html").render(
        quarter=facts.quarter,
        place=facts.place,
        authority=facts.authority,
        as_at=facts.as_at,
        run_id=facts.run_id,
        product_version=cf_pipeline.__version__,
        headlines=_headlines(facts),
        areas=areas(facts, notes),
        quality=summarise_data_quality(facts),
        notes=notes.texts,
        methods=[METHODS.get(method, method) for method in methods],
        limits={name: f"{value:g}" for name, value in wording_limits.items()},
    )


def _headlines(facts: PublishedFacts) -> list[tuple[str, list[str]]]:
    return [
        (str(row.area), [line for line in str(row.text).split("\n") if line.strip()])
        for row in facts.headlines
    ]
