"""The public page of one authority as HTML, and the words that depend on its release."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

import pandas as pd
from markupsafe import Markup

import cf_pipeline
from cf_pipeline.contracts.english import join_words
from cf_pipeline.outputs.charts.chart import DrawSvg
from cf_pipeline.outputs.charts.figures import Figures
from cf_pipeline.outputs.charts.selection import report_charts
from cf_pipeline.outputs.html_template import html_template
from cf_pipeline.outputs.public_page.areas import areas, quarter_words
from cf_pipeline.outputs.public_page.extra_columns import place_column
from cf_pipeline.outputs.public_release import TOTAL, PublicRelease, breakdown_words, rows_of

KILOBYTE = 1000
DOCUMENTS = {
    "DOCX": "The report as a Word file",
    "PDF": "The report as PDF",
    "XLSX": "The figures with their notes as an Excel workbook",
}
"""By their form: what a paper beside the page is."""


def render_public_page(
    tables: Mapping[str, pd.DataFrame],
    authority_code: str,
    data_files: Mapping[str, bytes],
    documents: Mapping[str, bytes],
    draw_svg: DrawSvg,
) -> str:
    """The page of an authority's latest quarter: one HTML file without scripts and without outside addresses.

    Args:
        tables: those of `public_v1` that `public_release.TABLES` names.
        authority_code: GSS code of the authority.
        data_files: path relative to the page -> content of the open data that the page links to.
        documents: the same of the release's papers, in the forms of `DOCUMENTS`.
        draw_svg: draws its charts.

    Raises:
        PublicReleaseError: the authority has no release, or a hidden figure stands in it.
    """
    release = PublicRelease(tables, authority_code)
    return html_template("public_page.html").render(
        authority=release.authority,
        release=release.release,
        quarter=release.quarter,
        quarter_words=quarter_words(release.quarter),
        as_at=release.as_at,
        headlines=headlines(release),
        areas=areas(release),
        charts=report_charts(Figures(tables, authority_code, release.quarter.key)).areas,
        draw=lambda chart: Markup(draw_svg(chart)),  # noqa: S704 - drawn by this product
        breakdowns=join_words(["in total", *(f"by {breakdown_words(each)}" for each in release.breakdowns)]),
        year_kpis=[str(kpi.title) for kpi in release.kpis if kpi.kpi_id in release.year_kpis],
        year_notes=notes(release, of_years=True),
        withheld=withheld(release),
        notes=notes(release, of_years=False),
        sources=sources(release),
        files=[(path, _form(path), _size(content)) for path, content in data_files.items()],
        documents=[(path, DOCUMENTS[_form(path)], _size(content)) for path, content in documents.items()],
        product_version=cf_pipeline.__version__,
    )


def headlines(release: PublicRelease) -> list[tuple[str, list[str]]]:
    """Area and sentences of each headline of the quarter that may be said."""
    rows = release.headlines
    now = rows[rows["quarter_key"].eq(release.quarter.key)].sort_values("position")
    return [
        (str(row.area), [line for line in str(row.text).split("\n") if line.strip()]) for row in rows_of(now)
    ]


def notes(release: PublicRelease, *, of_years: bool) -> list[str]:
    """What must be said with figures, each sentence once: of 12-month figures, or of all others."""
    rows = release.figures[release.figures["kpi_id"].isin(release.year_kpis).eq(of_years)]
    return sorted({str(note) for note in rows["note"].dropna() if note})


def withheld(release: PublicRelease) -> list[tuple[str, list[str]]]:
    """What is not shown at all: 'any figure' or 'by gender', with the KPIs' titles."""
    titles = {kpi.kpi_id: str(kpi.title) for kpi in release.kpis}
    return [
        (
            "any figure" if breakdown == TOTAL else f"by {breakdown_words(str(breakdown))}",
            [titles[kpi_id] for kpi_id in rows],
        )
        for breakdown, rows in release.withheld.groupby("breakdown")["kpi_id"]
    ]


def sources(release: PublicRelease) -> list[str]:
    """The publications that the figures of the other place are from."""
    _, rows = place_column(release)
    series = release.comparators[release.comparators["kpi_id"].isin(rows["kpi_id"])]
    named = series[["source", "release"]].dropna().drop_duplicates().sort_values(["source", "release"])
    return [f"{row.source}, {row.release}" for row in rows_of(named)]


def _form(path: str) -> str:
    return PurePosixPath(path).suffix.removeprefix(".").upper()


def _size(content: bytes) -> str:
    return f"{max(1, round(len(content) / KILOBYTE)):,} kB"
