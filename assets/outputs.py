"""What people are shown, one folder an authority: the committee report and the data-quality workbook."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd

from assets.clean import TAKEN_KEY, TO_DECIDE_KEY
from assets.ingest import UNMATCHED_KEY
from assets.support.policies import when_published
from assets.support.specs import table_spec
from assets.support.steps import step, table
from assets.warehouse import PUBLISHED_KEY
from cf_pipeline.contracts.authorities import authority
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.outputs.report.html import render_report
from cf_pipeline.outputs.workbook.data_quality import DataQuality, write_data_quality_workbook
from cf_pipeline.quality.mapping_proposals import to_decide
from resources.files import written_whole
from resources.settings import PipelineSettings
from resources.warehouse import Warehouse

REPORT_KEY = ("outputs", "committee_report")
WORKBOOK_KEY = ("outputs", "data_quality_workbook")
REPORT_FILE = "committee_report.html"
WORKBOOK_FILE = "data_quality.xlsx"
RESTRICTED_FILE = "restricted/data_quality_by_child.xlsx"
Frames = dict[str, pd.DataFrame]


@step(
    "committee_report",
    [
        table_spec(
            REPORT_KEY,
            description="The committee report, internal edition: one accessible HTML file an authority, "
            "from what was published.",
            deps=[PUBLISHED_KEY],
            kinds=frozenset({"html"}),
            partitioned=False,
            automation=when_published(dg.AssetKey(list(PUBLISHED_KEY))),
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
        with written_whole(path) as part:
            part.write_text(html, encoding="utf-8")
        written.append(_file(str(row.slug), path))
    yield table(REPORT_KEY, _files(written))


@step(
    "data_quality_workbook",
    [
        table_spec(
            WORKBOOK_KEY,
            description="What to correct in the source system: issues by rule, child, file and cell, and "
            "what to decide; a restricted copy names children by case id.",
            deps=[PUBLISHED_KEY],
            kinds=frozenset({"excel"}),
            partitioned=False,
            automation=when_published(dg.AssetKey(list(PUBLISHED_KEY))),
        )
    ],
    reads={
        "manifest": dg.AssetKey(list(TAKEN_KEY)),
        "issues": dg.AssetKey(["core", "issue_people"]),
        "row_ledger": dg.AssetKey(["core", "row_ledger"]),
        "quarantine": dg.AssetKey(["clean", "quarantine"]),
        "unmatched_headers": dg.AssetKey(list(UNMATCHED_KEY)),
        "unmatched_codes": dg.AssetKey(list(TO_DECIDE_KEY)),
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
            with written_whole(path) as part:
                write_data_quality_workbook(part, found, is_restricted=is_restricted)
            written.append(_file(slug, path))
    yield table(WORKBOOK_KEY, _files(written))


def _file(slug: str, path: Path) -> dict[str, object]:
    code = authority(slug).authority_code
    return {"authority_code": code, "slug": slug, "path": str(path), "bytes": path.stat().st_size}


def _files(written: list[dict[str, object]]) -> pd.DataFrame:
    return table_contract("outputs/files").frame(written)
