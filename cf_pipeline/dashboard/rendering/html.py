"""The HTML of a page: its content between a head and a foot that all pages share."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from cf_pipeline.dashboard.access.users import User
from cf_pipeline.dashboard.content import Content, Link
from cf_pipeline.dashboard.page import PageError
from cf_pipeline.dashboard.rendering.arrangement import ARRANGING, arrange_table
from cf_pipeline.dashboard.rendering.chart_points import find_chart_points
from cf_pipeline.dashboard.rendering.files import FORMATS
from cf_pipeline.outputs.charts.chart import DrawSvg

STATIC_FILES = {"dashboard.css": "text/css", "dashboard.js": "text/javascript"}


@dataclass(frozen=True)
class Frame:
    """What stands around a page's content.

    Attributes:
        user: who reads; None where nobody is known.
        authority: the name of the page's authority; '' where it has none.
        navigation: links to the main pages.
        search: the address of the search; '' without one.
        source: what the figures are of, as in 'Figures as at ..., published ...'.
        permanent: the address of this page in this publication; '' without one.
    """

    user: User | None = None
    authority: str = ""
    navigation: tuple[Link, ...] = ()
    search: str = ""
    source: str = ""
    permanent: str = ""


def render_main(content: Content, query: Mapping[str, str], draw_svg: DrawSvg) -> str:
    """The HTML of a page's content.

    Args:
        content: what it shows.
        query: the choices of its address.
        draw_svg: draws its charts.

    Raises:
        PageError: the address asks for a column or a part that a table does not have.
    """
    tables = {table.name: arrange_table(table, query) for table in content.tables()}
    html: str = _template("main.html").render(
        content=content,
        tables=tables,
        query={name: value for name, value in query.items() if name not in ARRANGING},
        sort={name: value for name, value in query.items() if name in ARRANGING and name != "part"},
        formats=FORMATS,
        draw=lambda chart: Markup(draw_svg(chart)),  # noqa: S704 - drawn by this product
        points_of=find_chart_points,
        kind_of=lambda block: type(block).__name__,
    )
    return html


def render_page(title: str, main: str, frame: Frame) -> str:
    """The whole page around the HTML of its content."""
    html: str = _template("page.html").render(
        title=title,
        main=Markup(main),  # noqa: S704 - made by a template that escapes
        frame=frame,
        static=static_address,
    )
    return html


def render_error(error: PageError, frame: Frame) -> str:
    """The page that says why another one is not shown, and the ways back."""
    return render_page(error.title, _template("error.html").render(error=error), frame)


def static_address(name: str) -> str:
    """The address of a file of `static/`, which changes with its content."""
    return f"/static/{name}?v={hashlib.sha256(static_file(name)).hexdigest()[:12]}"


@cache
def static_file(name: str) -> bytes:
    """The content of one of `STATIC_FILES`."""
    return (resources.files("cf_pipeline.dashboard") / "static" / name).read_bytes()


@cache
def _template(name: str) -> Any:
    environment = Environment(
        loader=PackageLoader("cf_pipeline.dashboard"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)
