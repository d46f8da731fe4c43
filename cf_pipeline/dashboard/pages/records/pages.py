"""The pages with records, the page of data quality, and the search for a child."""

from __future__ import annotations

from cf_pipeline.dashboard.page import Lookup, Page
from cf_pipeline.dashboard.pages.child_form import LOOKUP
from cf_pipeline.dashboard.pages.records.caseload import caseload_content
from cf_pipeline.dashboard.pages.records.changes import changes_content
from cf_pipeline.dashboard.pages.records.child_search import find_child
from cf_pipeline.dashboard.pages.records.data_quality import data_quality_content
from cf_pipeline.dashboard.pages.records.figure_records import members_content
from cf_pipeline.dashboard.pages.records.timeline import child_content
from cf_pipeline.dashboard.pages.records.today import today_content
from cf_pipeline.dashboard.pages.records.worklist import worklist_content

RECORD_PAGES: tuple[Page, ...] = (
    Page("today", "/{authority}/today", today_content, shows_records=True),
    Page("worklist", "/{authority}/today/{worklist}", worklist_content, shows_records=True),
    Page("records", "/{authority}/records/{kpi_id}", members_content, shows_records=True),
    Page("child", "/{authority}/child/{person_ref}", child_content, shows_records=True),
    Page("caseload", "/{authority}/caseload", caseload_content, shows_records=True),
    Page("changes", "/{authority}/changes", changes_content, shows_records=True),
    Page("data_quality", "/{authority}/data-quality", data_quality_content),
)
RECORD_LOOKUPS: tuple[Lookup, ...] = (Lookup(LOOKUP, "/{authority}/find-child", find_child),)
