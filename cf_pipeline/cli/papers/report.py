"""`cf-pipeline report`: which authorities, and what is said of their papers."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from cf_pipeline import warehouse
from cf_pipeline.cli.console import print_line
from cf_pipeline.cli.papers.options import ALL
from cf_pipeline.cli.papers.write import Papers, write_papers
from cf_pipeline.contracts.english import join_words
from cf_pipeline.contracts.words.near_names import did_you_mean
from cf_pipeline.errors import PlainError
from cf_pipeline.outputs.report.editions import EDITIONS
from cf_pipeline.outputs.report.formats.registry import FORMATS
from cf_pipeline.outputs.report.model import ReportEdition
from cf_pipeline.project.settings import Settings
from cf_pipeline.warehouse.earlier_figures import with_figures
from cf_pipeline.warehouse.tables.schemas import FIGURES

OK, REFUSED = 0, 2
HOW_TO = {"published_v1": "run `cf-pipeline run` first", "other": "run `cf-pipeline release` first"}


class NothingToReportError(PlainError):
    """There is no such edition or format, or no figures for it."""


def write_reports(
    settings: Settings,
    slug: str | None,
    edition_name: str,
    format_name: str,
    folder: Path | None,
) -> int:
    """Write the papers of an authority, or of each, and say where they are; returns the exit status.

    Args:
        settings: the project's.
        slug: the authority's folder; None for every authority.
        edition_name: one of `editions.EDITIONS`.
        format_name: one of `registry.FORMATS`, or `ALL`.
        folder: where to; `papers` among the authority's outputs when None.

    Raises:
        NothingToReportError: there is no such edition or format, or no figures of the authority in it.
        MachineError: a file cannot be written.
    """
    edition = EDITIONS[_known_name(edition_name, EDITIONS, "edition")]
    format_names = [_known_name(format_name, FORMATS, "format")] if format_name != ALL else list(FORMATS)
    known = _authorities(settings, edition)
    if slug is not None and slug not in known:
        raise NothingToReportError(
            f"{slug} has no figures that the {edition.name} edition shows.{did_you_mean(slug, known)}"
        )
    sentences: list[str] = []
    for name in [slug] if slug else known:
        papers = write_papers(
            settings, name, edition, format_names, folder or settings.outputs / name / "papers"
        )
        print_papers(papers, edition)
        sentences += papers.sentences
    return REFUSED if sentences else OK


def print_papers(papers: Papers, edition: ReportEdition) -> None:
    """Say where the papers are, and why one could not be made."""
    for path in papers.files:
        print_line(f"Report, {edition.name} edition: {path}")
    for sentence in papers.sentences:
        print_line(f"Not written: {sentence}")


def _known_name(name: str, names: Collection[str], kind: str) -> str:
    """The name, where it is one of the known.

    Raises:
        NothingToReportError: it is none.
    """
    if name not in names:
        raise NothingToReportError(f"There is no {kind} {name!r}: the {kind}s are {join_words(names)}.")
    return name


def _authorities(settings: Settings, edition: ReportEdition) -> list[str]:
    """The authorities of which the edition has figures.

    Raises:
        NothingToReportError: there is none.
    """
    rows = warehouse.read_table(settings.warehouse_url, "dim_authority", schema=FIGURES[edition.schema])
    found = sorted(map(str, with_figures(rows.dropna(subset=["latest_quarter_key"]))["slug"]))
    if not found:
        raise NothingToReportError(
            f"There are no figures that the {edition.name} edition shows: "
            f"{HOW_TO.get(edition.schema, HOW_TO['other'])}."
        )
    return found
