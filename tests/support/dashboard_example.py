"""A dashboard of made-up pages over made-up rows, asked in this process."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from cf_pipeline.dashboard import app
from cf_pipeline.dashboard.access.identity import AccessSettings
from cf_pipeline.dashboard.access.users import User
from cf_pipeline.dashboard.page import Lookup, Page
from cf_pipeline.dashboard.source import Access, Publication, Rows
from tests.support.asgi_client import AsgiClient

SLUG = "city-of-london"
PUBLISHED_AT = dt.datetime(2020, 1, 15, 8, 30)  # noqa: DTZ001 - UTC, as the warehouse stores it


@dataclass
class MadeUpSource:
    """Tables by name; `version` is that of the publication, `figures_version` that of the rows."""

    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    version: int = 3
    figures_version: list[int] = field(default_factory=list)

    def publication(self) -> Publication | None:
        return Publication(self.version, "run-1", PUBLISHED_AT) if self.version else None

    def read_figures(self, rows: Rows) -> dict[str, pd.DataFrame]:
        version = self.figures_version.pop(0) if self.figures_version else self.version
        tables = {"dim_authority": authorities(), **self.tables, "publication": publications(version)}
        return {name: tables[name] for name in rows}

    def read_records(self, user: User, rows: Rows) -> dict[str, pd.DataFrame]:
        return self.read_figures(rows)


@dataclass
class KeptLog:
    """What was written down."""

    entries: list[Access] = field(default_factory=list)

    def add(self, access: Access) -> None:
        self.entries.append(access)


def authorities(*names: str) -> pd.DataFrame:
    """Rows of `dim_authority`."""
    slugs = names or (SLUG,)
    return pd.DataFrame(
        {
            "authority_code": [f"E0900000{number}" for number in range(len(slugs))],
            "slug": slugs,
            "name": [slug.replace("-", " ").title() for slug in slugs],
            "latest_as_at": pd.Timestamp("2019-12-31"),
            "latest_quarter_key": "2019/20 Q3",
            "has_figures": pd.array([True] * len(slugs), dtype="boolean"),
        }
    )


def publications(version: int) -> pd.DataFrame:
    """The one row of `publication`."""
    return pd.DataFrame({"version": [version]})


def dashboard(
    monkeypatch,
    pages: Sequence[Page],
    source: MadeUpSource | None = None,
    log: KeptLog | None = None,
    settings: AccessSettings | None = None,
    lookups: Sequence[Lookup] = (),
) -> AsgiClient:
    """A client on this computer of a dashboard that has these pages alone."""
    monkeypatch.setattr(app, "PAGES", tuple(pages))
    monkeypatch.setattr(app, "LOOKUPS", tuple(lookups))
    made = app.make_app(source or MadeUpSource(), log or KeptLog(), settings or AccessSettings(), _draw)
    return AsgiClient(made)


def _draw(chart) -> str:
    return f'<svg role="img"><title>{chart.title}</title></svg>' if chart.spec else ""
