"""What people are given: an asset an output form, with a folder an authority, and the data dictionary."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache, partial
from types import MappingProxyType
from typing import Any

import dagster as dg
import pandas as pd

from assets.pages.links import file_links
from assets.support.policies import when_published
from assets.support.specs import table_spec
from assets.support.steps import StepTable, step, table
from cf_pipeline.contracts.authorities import authority
from cf_pipeline.outputs.data_dictionary import FILE_NAME as DICTIONARY_FILE
from cf_pipeline.outputs.forms import FORMS
from cf_pipeline.outputs.output_form import Edition, FormInput, OutputForm, Source
from cf_pipeline.project import lake_layout
from cf_pipeline.project.lake_layout import TableKey
from cf_pipeline.project.lake_reader import LakeReader
from cf_pipeline.project.publication.output_files import OutputFiles, hash_sources, hash_tables
from cf_pipeline.project.settings import Settings
from cf_pipeline.project.unfinished_runs import without_runs
from cf_pipeline.quality.data_quality import DataQuality
from cf_pipeline.quality.mapping_proposals import propose_mappings
from cf_pipeline.quality.workbook_tables import workbook_tables
from cf_pipeline.warehouse.dialects import AUTHORITY
from cf_pipeline.warehouse.earlier_figures import AUTHORITY_TABLES, PublishedAuthority, published_authorities
from cf_pipeline.warehouse.tables.schemas import PUBLISHED
from cf_pipeline.warehouse.tables.view_contracts import schema_contracts
from resources.settings import PipelineSettings
from resources.warehouse import Warehouse

Frames = dict[str, pd.DataFrame]
ReadTables = Callable[[], Frames]
DICTIONARY = lake_layout.output_files("data_dictionary")
NOT_NARROWED: Mapping[str, object] = MappingProxyType({})
DATA_QUALITY = (
    lake_layout.CLEAN_DELIVERIES,
    lake_layout.ISSUES_BY_CHILD,
    lake_layout.ROW_LEDGER,
    lake_layout.QUARANTINE,
    lake_layout.UNMATCHED_HEADERS,
    lake_layout.UNMATCHED_CODES,
)
"""The tables of an authority in the lake that say what is wrong in its files."""


@dataclass(frozen=True)
class FileSources:
    """What the files of one authority are made from: the hash of its rows, and what reads them."""

    slug: str
    rows_hash: str
    read_tables: ReadTables


def _write_from_publication(form: OutputForm) -> dg.AssetsDefinition:
    """The asset of a form that shows what was published, of every published authority."""

    @step(form.name, [_spec(form)])
    def write_files(settings: PipelineSettings, warehouse: Warehouse) -> Iterator[Any]:
        own = [name for name in form.tables if PUBLISHED.is_by_authority(name)]
        of_all = {name: where for name, where in form.tables.items() if name not in own}
        found = warehouse.read_tables({**dict.fromkeys(AUTHORITY_TABLES, NOT_NARROWED), **of_all})
        shared = {name: found[name] for name in of_all}
        shared_hash = hash_tables(shared)

        def tables_of(council: PublishedAuthority) -> Frames:
            shown = form.rows_of_quarter(council.quarter_key) if council.quarter_key else {}
            of_one = {AUTHORITY: council.authority_code}
            rows = {name: {**form.tables[name], **shown.get(name, {}), **of_one} for name in own}
            return shared | warehouse.read_tables(rows)

        sources = [
            FileSources(slug, f"{shared_hash} {known.rows_hash}", partial(tables_of, known))
            for slug, known in published_authorities(found).items()
        ]
        yield _write_files(form, settings.load(), sources)

    return write_files


def _write_from_data_quality(form: OutputForm) -> dg.AssetsDefinition:
    """The asset of a form that shows what is wrong in the files of every authority that has a history."""

    @step(form.name, [_spec(form, *DATA_QUALITY)])
    def write_files(settings: PipelineSettings) -> Iterator[Any]:
        reader = LakeReader(settings.load())

        def tables_of(slug: str) -> Frames:
            tables = {key: without_runs(reader.read(key, slug)) for key in DATA_QUALITY}
            headers, codes = tables[lake_layout.UNMATCHED_HEADERS], tables[lake_layout.UNMATCHED_CODES]
            return workbook_tables(
                DataQuality(
                    tables[lake_layout.ISSUES_BY_CHILD],
                    tables[lake_layout.ROW_LEDGER],
                    tables[lake_layout.CLEAN_DELIVERIES],
                    tables[lake_layout.QUARANTINE],
                    propose_mappings(headers, codes),
                )
            )

        sources = [
            FileSources(slug, reader.hash_files(DATA_QUALITY, slug), partial(tables_of, slug))
            for slug in reader.authorities_with(lake_layout.ROW_LEDGER)
        ]
        yield _write_files(form, settings.load(), sources)

    return write_files


def _spec(form: OutputForm, *tables: TableKey) -> dg.AssetSpec:
    return table_spec(
        lake_layout.output_files(form.name),
        description=form.description,
        deps=[lake_layout.PUBLISHED, *tables],
        kinds=form.kinds,
        is_partitioned=False,
        automation=when_published(),
    )


def _write_files(form: OutputForm, settings: Settings, authorities: Iterable[FileSources]) -> StepTable:
    """Write the form's files of the authorities whose rows are others; the output is the table of all files.

    Args:
        form: which files.
        settings: where to write, and the limits of the wording.
        authorities: what the files of each authority are made from.
    """
    limits = asdict(settings.wording_limits)
    key = lake_layout.output_files(form.name)
    files = OutputFiles(settings, key)
    for sources in authorities:
        read_tables = cache(sources.read_tables)  # both editions are made from the same

        def render(edition: Edition, slug: str = sources.slug, read: ReadTables = read_tables) -> bytes:
            return form.render(FormInput(authority(slug), read(), limits, edition.is_restricted))

        sources_hash = hash_sources(sources.rows_hash, limits)
        for edition in form.editions:
            files.write_file(sources.slug, edition.file_name, sources_hash, partial(render, edition))
    return table(key, files.table(), **file_links(settings, files.table()))


@step(
    "data_dictionary",
    [
        table_spec(
            DICTIONARY,
            description="Every table, view and column of the warehouse in words: one HTML file for all.",
            deps=[lake_layout.PUBLISHED],
            kinds=frozenset({"html"}),
            is_partitioned=False,
            automation=when_published(),
        )
    ],
)
def data_dictionary(settings: PipelineSettings) -> Iterator[Any]:
    """Write the data dictionary where the product is another, or the file is not there as it was written."""
    now = settings.load()
    files = OutputFiles(now, DICTIONARY)
    files.write_common_file(DICTIONARY_FILE, hash_sources("", {}), _render_dictionary)
    yield table(DICTIONARY, files.table(), **file_links(now, files.table()))


def _render_dictionary() -> bytes:
    from cf_pipeline.outputs.data_dictionary.html import render_html  # noqa: PLC0415 - made once a version

    return render_html(schema_contracts()).encode("utf-8")


_ASSET_OF = {
    Source.PUBLISHED: _write_from_publication,
    Source.DATA_QUALITY: _write_from_data_quality,
}
OUTPUTS = tuple(_ASSET_OF[form.source](form) for form in FORMS)
"""One asset a form, in the registry's order."""
