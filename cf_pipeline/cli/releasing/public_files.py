"""The files of a release to the public: a page, and open data beside it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from cf_pipeline import warehouse
from cf_pipeline.outputs.charts.drawing.picture import draw_svg
from cf_pipeline.outputs.open_data.files import open_data_files
from cf_pipeline.outputs.public_page.html import render_public_page
from cf_pipeline.outputs.public_release import TABLES
from cf_pipeline.project.private_files import private_folder, write_private
from cf_pipeline.results import ResultStore
from cf_pipeline.warehouse.tables.schemas import PUBLIC

PAGE, OPEN_DATA = "index.html", "open_data"


def write_public_files(
    url: str, folder: Path, authority_code: str, documents: Mapping[str, bytes], drawings: ResultStore
) -> Path:
    """Write what the public reads of an authority, from `public_v1` alone; returns the page.

    Args:
        url: the warehouse.
        folder: where the page goes; the data goes into a folder beside it.
        authority_code: GSS code.
        documents: name -> content of the release's papers in the same folder, which the page links.
        drawings: where drawn charts are kept.

    Raises:
        PublicReleaseError: the authority has no release, or what is hidden is there all the same.
        MachineError: a file cannot be written.
    """
    tables = {name: warehouse.read_table(url, name, schema=PUBLIC) for name in TABLES}
    data = {
        f"{OPEN_DATA}/{name}": content for name, content in open_data_files(tables, authority_code).items()
    }
    draw = partial(draw_svg, store=drawings)
    page = render_public_page(tables, authority_code, data, documents, draw).encode("utf-8")
    private_folder(folder / OPEN_DATA)
    for name, content in {**data, PAGE: page}.items():
        write_private(folder / name, content)
    return folder / PAGE
