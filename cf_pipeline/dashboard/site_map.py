"""Every page of the dashboard, and those that its navigation names."""

from __future__ import annotations

from cf_pipeline.dashboard.page import Lookup, Page
from cf_pipeline.dashboard.pages.figures.pages import FIGURE_PAGES
from cf_pipeline.dashboard.pages.records.pages import RECORD_LOOKUPS, RECORD_PAGES

PAGES: tuple[Page, ...] = (*FIGURE_PAGES, *RECORD_PAGES)
"""Each page, by which the routes are made."""
LOOKUPS: tuple[Lookup, ...] = RECORD_LOOKUPS
"""Each search whose text may not stand in an address."""
NAVIGATION: tuple[tuple[str, str], ...] = (
    ("overview", "Overview"),
    ("compare", "Compare"),
    ("forecasts", "Forecasts"),
    ("today", "Today's lists"),
    ("caseload", "Caseload"),
    ("changes", "What changed"),
    ("data_quality", "Data quality"),
)
"""The names of pages and their texts, in order; those that a reader may not see are left out."""
HOME, OVERVIEW, SEARCH = "home", "overview", "search"
"""The names of the pages that the frame of every page leads to."""
