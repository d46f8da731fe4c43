"""Links from Dagster's pages to what people read: the dashboard's pages, and the files of each authority."""

from __future__ import annotations

from typing import Any

import dagster as dg
import pandas as pd

from assets.pages.previews import markdown_table
from cf_pipeline.project.settings import Settings

Links = dict[str, dg.MetadataValue[Any]]


def dashboard_link(settings: Settings, authority: str = "") -> Links:
    """The dashboard's page of an authority, by its slug; its first page without one."""
    return {"dashboard": dg.MetadataValue.url(f"{settings.dashboard.url}/{authority}")}


def file_links(settings: Settings, files: pd.DataFrame) -> Links:
    """Every file that an output form wrote, with the dashboard's page of its authority, and their folder.

    Args:
        settings: where the dashboard is and the files are.
        files: `slug` ('' for a file of no authority) and `path` of each.
    """
    shown = pd.DataFrame(
        {
            "authority": [_page_link(settings, slug) for slug in files["slug"]],
            "file": [f"`{path}`" for path in files["path"]],
        }
    )
    return {
        "files": dg.MetadataValue.md(markdown_table(shown)),
        "folder": dg.MetadataValue.path(str(settings.outputs)),
    }


def _page_link(settings: Settings, slug: str) -> str:
    return f"[{slug}]({settings.dashboard.url}/{slug})" if slug else "all"
