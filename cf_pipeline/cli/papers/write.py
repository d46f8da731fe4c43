"""Writes the papers of one authority and edition: reads the edition's schema, and each format in turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pandas as pd

from cf_pipeline import warehouse
from cf_pipeline.contracts.authorities import authority
from cf_pipeline.outputs.report.content import report_content
from cf_pipeline.outputs.report.formats.paper_format import (
    FormatUnavailableError,
    PaperSupplies,
    WordTemplate,
)
from cf_pipeline.outputs.report.formats.registry import FORMATS
from cf_pipeline.outputs.report.model import ReportEdition
from cf_pipeline.outputs.report.report_tables import CHART_TABLES, DATA_TABLES, rows_with_charts
from cf_pipeline.project.private_files import private_folder, write_private
from cf_pipeline.project.results.lake_results import LakeResults
from cf_pipeline.project.settings import Settings
from cf_pipeline.warehouse.dialects import AUTHORITY
from cf_pipeline.warehouse.tables.schemas import FIGURES

DRAWINGS = "charts"


@dataclass
class Papers:
    """What was written, and a sentence for each format that could not be made."""

    files: list[Path] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)


def write_papers(
    settings: Settings, slug: str, edition: ReportEdition, format_names: Sequence[str], folder: Path
) -> Papers:
    """Write the report of an authority's latest quarter in some formats.

    A file is named after its edition and the as-at date of its figures, so that no newer paper replaces one
    that people have worked on. Drawn charts are kept, and those of earlier figures removed.

    Args:
        settings: the project's.
        slug: the authority's folder.
        edition: who may read them: it names the schema that the figures are read from.
        format_names: names of `FORMATS`.
        folder: where to.

    Raises:
        ReportError: the schema has no figures of the authority.
        MachineError: a file cannot be written.
    """
    place = authority(slug)
    has_data = any(FORMATS[name].has_data for name in format_names)
    tables = read_report_tables(settings.warehouse_url, edition, place.authority_code, has_data=has_data)
    limits = asdict(settings.wording_limits)
    report = report_content(
        tables, place.authority_code, wording_limits=limits, edition=edition, has_data=has_data
    )
    drawings = drawings_of(settings, slug, edition)
    supplies = PaperSupplies(_template(settings), drawings)
    places = tables["dim_authority"]
    as_at = places.loc[places[AUTHORITY].eq(place.authority_code), "latest_as_at"].item()
    papers = Papers()
    private_folder(folder)
    for name in format_names:
        path = folder / f"report_{edition.name}_{as_at:%Y-%m-%d}{FORMATS[name].ending}"
        try:
            content = FORMATS[name].render(report, supplies)
        except FormatUnavailableError as error:
            path.unlink(missing_ok=True)  # an earlier one would pass for what was asked for
            papers.sentences.append(str(error))
            continue
        write_private(path, content)
        papers.files.append(path)
    if set(format_names) == set(FORMATS):  # every drawing was asked for
        drawings.sweep()
    return papers


def drawings_of(settings: Settings, slug: str, edition: ReportEdition) -> LakeResults:
    """Where the drawn charts of an authority and edition are kept."""
    return LakeResults(settings.lake, f"{DRAWINGS}_{edition.name}", slug, version="")


def read_report_tables(
    url: str, edition: ReportEdition, authority_code: str, *, has_data: bool = False
) -> dict[str, pd.DataFrame]:
    """The tables that the edition's schema has, with the rows that its report shows.

    Args:
        url: the warehouse.
        edition: it names the schema.
        authority_code: GSS code of the authority.
        has_data: read those of `DATA_TABLES`, else of `CHART_TABLES`.
    """
    schema = FIGURES[edition.schema]
    own = {AUTHORITY: authority_code}
    found = warehouse.read_table(url, "dim_authority", own, schema)
    quarter_key = next(iter(found["latest_quarter_key"].dropna()), None)
    shown = {} if quarter_key is None else rows_with_charts(quarter_key)
    where = {
        name: {**rows, **shown.get(name, {}), **(own if schema.is_by_authority(name) else {})}
        for name, rows in (DATA_TABLES if has_data else CHART_TABLES).items()
        if name in schema.contracts or name in schema.view_comments
    }
    return warehouse.read_tables(url, where, schema)


def _template(settings: Settings) -> WordTemplate | None:
    """The council's Word template; without content where it cannot be read, which the format says."""
    path = settings.word_template
    if path is None:
        return None
    return WordTemplate(path.name, path.read_bytes() if path.is_file() else b"")
