"""What people are shown, one folder an authority: the committee report and the data-quality workbook."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from assets.support.policies import when_published
from assets.support.specs import table_spec
from assets.support.steps import step, table
from cf_pipeline.contracts.authorities import authority
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.outputs.report.html import render_report
from cf_pipeline.outputs.workbook.data_quality import DataQuality, write_data_quality_workbook
from cf_pipeline.project import lake_layout
from cf_pipeline.project.private_files import replacement
from cf_pipeline.quality.mapping_proposals import to_decide
from resources.settings import PipelineSettings
from resources.warehouse import Warehouse

REPORT = lake_layout.output_files("committee_report")
WORKBOOK = lake_layout.output_files("data_quality_workbook")
REPORT_FILE = "committee_report.html"
WORKBOOK_FILE = "data_quality.xlsx"
RESTRICTED_FILE = "restricted/data_quality_by_child.xlsx"
Frames = dict[str, pd.DataFrame]


@step(
    "committee_report",
    [
        table_spec(
            REPORT,
            description="The committee report, internal edition: one accessible HTML file an authority, "
            "from what was published.",
            deps=[lake_layout.PUBLISHED],
            kinds=frozenset({"html"}),
            partitioned=False,
            automation=when_published(),
        )
    ],
)
def committee_report(settings: PipelineSettings, warehouse: Warehouse) -> Iterator[Any]:
    """The report of every published authority."""
    published = warehouse.read_all()
    written = []
    for row in published["dim_authority"].itertuples():
        path = settings.load().outputs / str(row.slug) / REPORT_FILE
        html = render_report(published, str(row.authority_code))
        with replacement(path) as part:
            part.write_text(html, encoding="utf-8")
        written.append(_file(str(row.slug), path))
    yield table(REPORT, _files(written))


@step(
    "data_quality_workbook",
    [
        table_spec(
            WORKBOOK,
            description="What to correct in the source system: issues by rule, child, file and cell, and "
            "what to decide; a restricted copy names children by case id.",
            deps=[lake_layout.PUBLISHED],
            kinds=frozenset({"excel"}),
            partitioned=False,
            automation=when_published(),
        )
    ],
    reads={
        "manifest": lake_layout.CLEAN_DELIVERIES,
        "issues": lake_layout.ISSUES_BY_CHILD,
        "row_ledger": lake_layout.ROW_LEDGER,
        "quarantine": lake_layout.QUARANTINE,
        "unmatched_headers": lake_layout.UNMATCHED_HEADERS,
        "unmatched_codes": lake_layout.UNMATCHED_CODES,
    },
)
def data_quality_workbook(
    settings: PipelineSettings,
    manifest: Frames,
    issues: Frames,
    row_ledger: Frames,
    quarantine: Frames,
    unmatched_headers: Frames,
    unmatched_codes: Frames,
) -> Iterator[Any]:
    """The workbook of every authority whose deliveries were merged, and its restricted copy."""
    written = []
    for slug in sorted(row_ledger):
        undecided = to_decide(unmatched_headers[slug], unmatched_codes[slug])
        found = DataQuality(issues[slug], row_ledger[slug], manifest[slug], quarantine[slug], undecided)
        for name, is_restricted in ((WORKBOOK_FILE, False), (RESTRICTED_FILE, True)):
            path = settings.load().outputs / slug / name
            with replacement(path) as part:
                write_data_quality_workbook(part, found, is_restricted=is_restricted)
            written.append(_file(slug, path))
    yield table(WORKBOOK, _files(written))


def _file(slug: str, path: Path) -> dict[str, object]:
    code = authority(slug).authority_code
    return {"authority_code": code, "slug": slug, "path": str(path), "bytes": path.stat().st_size}


def _files(written: list[dict[str, object]]) -> pd.DataFrame:
    return table_contract("outputs/files").frame(written)
