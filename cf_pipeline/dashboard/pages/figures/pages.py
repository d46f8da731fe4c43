"""The pages with figures, by name."""

from __future__ import annotations

from cf_pipeline.dashboard.page import Page
from cf_pipeline.dashboard.pages.figures.all_authorities import home_content
from cf_pipeline.dashboard.pages.figures.area import area_content
from cf_pipeline.dashboard.pages.figures.compare.page import compare_content
from cf_pipeline.dashboard.pages.figures.forecasts import forecasts_content
from cf_pipeline.dashboard.pages.figures.kpi.page import kpi_content
from cf_pipeline.dashboard.pages.figures.overview.page import overview_content
from cf_pipeline.dashboard.pages.figures.search import search_content

FIGURE_PAGES = (
    Page("home", "/", home_content),
    Page("overview", "/{authority}", overview_content),
    Page("area", "/{authority}/area/{area}", area_content),
    Page("kpi", "/{authority}/kpi/{kpi_id}", kpi_content),
    Page("compare", "/{authority}/compare", compare_content),
    Page("forecasts", "/{authority}/forecasts", forecasts_content),
    Page("search", "/{authority}/search", search_content),
)
