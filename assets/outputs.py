"""What people are given, one folder an authority: every asset `outputs/<form>`, one an output form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd

from assets.support.policies import when_published
from assets.support.specs import table_spec
from assets.support.steps import StepTable, step, table
from cf_pipeline.contracts.authorities import authority
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.outputs.forms import FORMS
from cf_pipeline.outputs.output_form import FormInput, OutputForm, Source
from cf_pipeline.project import lake_layout
from cf_pipeline.project.private_files import write_private
from cf_pipeline.project.settings import Settings
from cf_pipeline.quality.data_quality import DataQuality
from cf_pipeline.quality.mapping_proposals import propose_mappings
from cf_pipeline.quality.workbook_tables import workbook_tables
from resources.settings import PipelineSettings
from resources.warehouse import Warehouse

Frames = dict[str, pd.DataFrame]


def _write_from_publication(form: OutputForm) -> dg.AssetsDefinition:
    """The asset of a form that shows what was published, of every published authority."""

    @step(form.name, [_spec(form)])
    def write_files(settings: PipelineSettings, warehouse: Warehouse) -> Iterator[Any]:
        codes = {slug: known.authority_code for slug, known in warehouse.find_published().items()}
        authorities = ((slug, warehouse.read_tables(code)) for slug, code in codes.items())
        yield _write_files(form, settings.load(), authorities)

    return write_files


def _write_from_data_quality(form: OutputForm) -> dg.AssetsDefinition:
    """The asset of a form that shows what is wrong in the files of every authority that has a history."""

    @step(
        form.name,
        [_spec(form)],
        reads={
            "manifest": lake_layout.CLEAN_DELIVERIES,
            "issues": lake_layout.ISSUES_BY_CHILD,
            "row_ledger": lake_layout.ROW_LEDGER,
            "quarantine": lake_layout.QUARANTINE,
            "unmatched_headers": lake_layout.UNMATCHED_HEADERS,
            "unmatched_codes": lake_layout.UNMATCHED_CODES,
        },
    )
    def write_files(
        settings: PipelineSettings,
        manifest: Frames,
        issues: Frames,
        row_ledger: Frames,
        quarantine: Frames,
        unmatched_headers: Frames,
        unmatched_codes: Frames,
    ) -> Iterator[Any]:
        def tables_of(slug: str) -> Frames:
            proposals = propose_mappings(unmatched_headers[slug], unmatched_codes[slug])
            return workbook_tables(
                DataQuality(issues[slug], row_ledger[slug], manifest[slug], quarantine[slug], proposals)
            )

        yield _write_files(form, settings.load(), ((slug, tables_of(slug)) for slug in sorted(row_ledger)))

    return write_files


def _spec(form: OutputForm) -> dg.AssetSpec:
    return table_spec(
        lake_layout.output_files(form.name),
        description=form.description,
        deps=[lake_layout.PUBLISHED],
        kinds=form.kinds,
        is_partitioned=False,
        automation=when_published(),
    )


def _write_files(
    form: OutputForm, settings: Settings, authorities: Iterable[tuple[str, Mapping[str, pd.DataFrame]]]
) -> StepTable:
    """Write the form's files of every authority; the output is the table of the files written.

    Args:
        form: which files.
        settings: where to write, and the limits of the wording.
        authorities: the folder of each authority, and the tables of the form's source for it.
    """
    limits = asdict(settings.wording_limits)
    written = []
    for slug, tables in authorities:
        for edition in form.editions:
            path = settings.outputs / slug / edition.file_name
            content = form.render(FormInput(authority(slug), tables, limits, edition.is_restricted))
            write_private(path, content)
            written.append(_file(slug, path))
    return table(lake_layout.output_files(form.name), table_contract("outputs/files").frame(written))


def _file(slug: str, path: Path) -> dict[str, object]:
    code = authority(slug).authority_code
    return {"authority_code": code, "slug": slug, "path": str(path), "bytes": path.stat().st_size}


_ASSET_OF = {
    Source.PUBLISHED: _write_from_publication,
    Source.DATA_QUALITY: _write_from_data_quality,
}
OUTPUTS = tuple(_ASSET_OF[form.source](form) for form in FORMS)
"""One asset a form, in the registry's order."""
