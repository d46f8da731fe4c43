"""What people are given: an asset an output form, with a folder an authority, and the data dictionary."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache, partial
from types import MappingProxyType
from typing import Any

import dagster as dg
import pandas as pd

from assets.support.policies import when_published
from assets.support.specs import table_spec
from assets.support.steps import StepTable, step, table
from cf_pipeline.contracts.authorities import authority
from cf_pipeline.outputs.data_dictionary import FILE_NAME as DICTIONARY_FILE
from cf_pipeline.outputs.forms import FORMS
from cf_pipeline.outputs.output_form import (
    Edition,
    FormInput,
    FormUnavailableError,
    OutputForm,
    Source,
    WordTemplate,
)
from cf_pipeline.project import lake_layout
from cf_pipeline.project.lake_layout import TableKey
from cf_pipeline.project.lake_reader import LakeReader
from cf_pipeline.project.publication.output_files import OutputFiles, hash_sources, hash_tables
from cf_pipeline.project.results.lake_results import LakeResults
from cf_pipeline.project.runs.good_run import NOTES
from cf_pipeline.project.settings import Settings
from cf_pipeline.project.unfinished_runs import without_runs
from cf_pipeline.quality.data_quality import DataQuality
from cf_pipeline.quality.mapping_proposals import propose_mappings
from cf_pipeline.quality.workbook_tables import workbook_tables
from cf_pipeline.warehouse.dialects import AUTHORITY
from cf_pipeline.warehouse.earlier_figures import AUTHORITY_TABLES, PublishedAuthority, published_authorities
from cf_pipeline.warehouse.tables.schemas import FIGURES, PUBLISHED, RESTRICTED, Schema
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
class FormChoices:
    """What the council chose for its files: the limits of the wording, and its Word template."""

    limits: Mapping[str, float]
    template: WordTemplate | None


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
        schemas = dict.fromkeys(edition.schema for edition in form.editions)
        sources = {name: _published_sources(form, warehouse, FIGURES[name]) for name in schemas}
        yield _write_files(form, settings.load(), sources)

    return write_files


def _published_sources(form: OutputForm, warehouse: Warehouse, schema: Schema) -> list[FileSources]:
    """What the files of each published authority are made from, in one schema of figures."""
    own = [name for name in form.tables if schema.is_by_authority(name)]
    of_all = {name: where for name, where in form.tables.items() if name not in own}
    found = warehouse.read_tables(
        {**dict.fromkeys(AUTHORITY_TABLES, NOT_NARROWED), **of_all}, schema=schema.name
    )
    shared = {name: found[name] for name in of_all}
    shared_hash = hash_tables(shared)

    def tables_of(council: PublishedAuthority) -> Frames:
        shown = form.rows_of_quarter(council.quarter_key) if council.quarter_key else {}
        of_one = {AUTHORITY: council.authority_code}
        rows = {name: {**form.tables[name], **shown.get(name, {}), **of_one} for name in own}
        return shared | warehouse.read_tables(rows, schema=schema.name)

    return [
        FileSources(slug, f"{shared_hash} {known.rows_hash}", partial(tables_of, known))
        for slug, known in published_authorities(found).items()
    ]


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
        yield _write_files(form, settings.load(), {PUBLISHED.name: sources})

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


def _write_files(
    form: OutputForm, settings: Settings, sources_by_schema: Mapping[str, Sequence[FileSources]]
) -> StepTable:
    """Write the form's files of the authorities whose rows are others; the output is the table of all files.

    A file that this machine or template cannot make is removed where an earlier one is there, and the
    sentence that says so goes with the table.

    Args:
        form: which files.
        settings: where to write, the limits of the wording, and the council's template.
        sources_by_schema: what the files of each authority are made from, by the schema of an edition.
    """
    key = lake_layout.output_files(form.name)
    files, sentences = OutputFiles(settings, key), set()
    choices = FormChoices(asdict(settings.wording_limits), _template(settings))
    for schema, authorities in sources_by_schema.items():
        editions = [edition for edition in form.editions if edition.schema == schema]
        for sources in authorities:
            drawings = LakeResults(settings.lake, "charts", sources.slug, version="")
            read_tables = cache(sources.read_tables)  # every edition of a schema is made from the same
            for edition in editions:
                render = partial(_render, form, edition, sources.slug, read_tables, choices, drawings)
                made_from = hash_sources(repr([sources.rows_hash, choices.template]), choices.limits)
                try:
                    files.write_file(sources.slug, edition.file_name, made_from, render)
                except FormUnavailableError as error:
                    files.remove_file(sources.slug, edition.file_name)
                    sentences.add(str(error))
    rows = files.table()
    rows.attrs = {NOTES: sorted(sentences)}
    return table(key, rows)


def _render(
    form: OutputForm,
    edition: Edition,
    slug: str,
    read_tables: ReadTables,
    choices: FormChoices,
    drawings: LakeResults,
) -> bytes:
    """The content of one file; drawings that no chart asks for any more are removed."""
    content = form.render(
        FormInput(
            authority(slug),
            read_tables(),
            choices.limits,
            edition.is_restricted,
            edition.schema,
            choices.template,
            drawings,
        )
    )
    if form.draws_every_chart:
        drawings.sweep()
    return content


def _template(settings: Settings) -> WordTemplate | None:
    """The council's Word template; without content where it cannot be read, which the form says."""
    path = settings.word_template
    if path is None:
        return None
    return WordTemplate(path.name, path.read_bytes() if path.is_file() else b"")


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
    files = OutputFiles(settings.load(), DICTIONARY)
    files.write_common_file(DICTIONARY_FILE, hash_sources("", {}), _render_dictionary)
    yield table(DICTIONARY, files.table())


def _render_dictionary() -> bytes:
    from cf_pipeline.outputs.data_dictionary.html import render_html  # noqa: PLC0415 - made once a version

    return render_html(schema_contracts()).encode("utf-8")


_ASSET_OF = {
    Source.PUBLISHED: _write_from_publication,
    Source.DATA_QUALITY: _write_from_data_quality,
}
OUTPUTS = tuple(_ASSET_OF[form.source](form) for form in FORMS)
"""One asset a form, in the registry's order."""
