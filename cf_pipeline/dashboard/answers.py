"""The answer to a request for a page: its content made, shown as HTML or a file, and each read written down.

A page of figures is kept until the next publication. A page with records is made each time, is written down
before it is shown, and is kept nowhere.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pandas as pd

from cf_pipeline.dashboard.access.rules import decide
from cf_pipeline.dashboard.access.users import User
from cf_pipeline.dashboard.content import Link, TableView
from cf_pipeline.dashboard.kept_pages import KeptPages, MadePage
from cf_pipeline.dashboard.page import Lookup, Page, PageError
from cf_pipeline.dashboard.published_rows import ChangedError, PublishedRows
from cf_pipeline.dashboard.rendering.arrangement import FIND, order_rows
from cf_pipeline.dashboard.rendering.files import FORMATS, file_name
from cf_pipeline.dashboard.rendering.html import Frame, render_main, render_page
from cf_pipeline.dashboard.site_map import HOME, NAVIGATION, OVERVIEW, SEARCH
from cf_pipeline.dashboard.source import Access, AccessLog, Publication, Source, SourceError
from cf_pipeline.dashboard.visit import Visit
from cf_pipeline.errors import PlainError
from cf_pipeline.outputs.charts.chart import DrawSvg

LONDON = ZoneInfo("Europe/London")
AUTHORITY, VERSION, TABLE, FORMAT = "authority", "version", "table", "as"
UNSEEN_IN_LOG = frozenset({FIND, "q"})
"""Choices in which a reader may type a case id: the log leaves them out."""
TRIES, PAUSE_SECONDS = 8, 0.25
"""How often a page is made again when a publication came while it was made."""
NOT_FOUND, GONE = 404, 410


@dataclass(frozen=True)
class Request:
    """A request for a page: who asks, from which address, for which path with its values and choices."""

    user: User
    address: str
    path: str
    path_values: Mapping[str, str]
    query: Mapping[str, str]

    @property
    def slug(self) -> str:
        """The folder's name of the authority that the page is of; '' where it is of none."""
        return self.path_values.get(AUTHORITY, "")


@dataclass(frozen=True)
class Answer:
    """What is sent. `file_name`: of a file to save; '' for a page. `is_private`: it holds records."""

    body: bytes
    media_type: str = "text/html; charset=utf-8"
    status: int = 200
    file_name: str = ""
    is_private: bool = False
    location: str = ""


class Answers:
    """Makes the answers to requests."""

    def __init__(self, pages: Sequence[Page | Lookup], source: Source, log: AccessLog, draw: DrawSvg) -> None:
        """`pages`: all of them, for the addresses of links. `draw`: draws a chart."""
        self._pages = {page.name: page for page in pages}
        self._paths = {page.name: page.path for page in pages}
        self._rows, self._log, self._draw = PublishedRows(source), log, draw
        self._kept = KeptPages()
        self._making = threading.Lock()

    def answer(self, page: Page, request: Request) -> Answer:
        """The answer to a request for a page.

        Raises:
            PageError: the page cannot be shown.
            SourceError: the warehouse is away or damaged.
        """
        return self._of_one_publication(page, request, lambda now: self._page_or_file(page, request, now))

    def look_up(self, lookup: Lookup, request: Request, text: str) -> Answer:
        """The answer to a search that leads to a page; errors as of `answer`."""

        def find(publication: Publication) -> Answer:
            self._check(lookup, request, publication)
            address = lookup.find_address(self._visit(request, publication), text)
            self._write_down(lookup, request, f"search {lookup.name}", 1)
            return Answer(b"", status=303, location=address, is_private=True)

        return self._of_one_publication(lookup, request, find)

    def frame(self, request: Request, page: str = "") -> Frame:
        """What stands around a page (of that name), as far as it is known without a warehouse."""
        try:
            publication = self._rows.publication()
            authorities = self._rows.authorities(publication)
        except (PlainError, ChangedError):
            return Frame(request.user)
        if request.slug not in authorities:
            return Frame(request.user)
        visit = self._visit(request, publication)
        links = [
            replace(visit.link(text, name), is_current=name == page)
            for name, text in NAVIGATION
            if self._may_see(request, name)
        ]
        if len(authorities) > 1 and HOME in self._paths:
            links.append(visit.link("All authorities", HOME))
        return Frame(
            request.user,
            str(visit.authority.name),
            tuple(links),
            visit.href(SEARCH) if SEARCH in self._paths else "",
            _source_words(visit.authority, publication),
            _address("", {**request.query, VERSION: str(publication.version)}) if page else "",
        )

    def only_authority(self) -> str | None:
        """The address of the overview where one authority is published; None where there are several."""
        authorities = self._rows.authorities(self._rows.publication())
        if len(authorities) != 1 or OVERVIEW not in self._paths:
            return None
        return self._paths[OVERVIEW].replace(f"{{{AUTHORITY}}}", next(iter(authorities)))

    def _of_one_publication(
        self, page: Page | Lookup, request: Request, make: Callable[[Publication], Answer]
    ) -> Answer:
        """The answer, made again when a publication came while it was made."""
        try:
            for attempt in range(TRIES):
                if attempt:
                    time.sleep(PAUSE_SECONDS)
                try:
                    return make(self._rows.publication())
                except ChangedError:
                    continue
        except PageError:
            if page.shows_records:
                self._write_down(page, request, f"refused: {page.name}", None)
            raise
        raise SourceError("Newer figures are being published just now; load the page again in a moment.")

    def _page_or_file(self, page: Page, request: Request, publication: Publication) -> Answer:
        self._check(page, request, publication)
        if FORMAT in request.query:
            return self._file(page, request, publication)
        shown = (self._make if page.shows_records else self._kept_page)(page, request, publication)
        html = render_page(shown.title, shown.main, self.frame(request, page.name))
        return Answer(html.encode("utf-8"), is_private=page.shows_records)

    def _kept_page(self, page: Page, request: Request, publication: Publication) -> MadePage:
        has_share = bool(request.slug) and request.user.share_of(request.slug) is not None
        choices = tuple(sorted(request.query.items()))
        key = (publication, request.path, choices, request.user.role, has_share)
        found = self._kept.find(key)
        if found is None:
            with self._making:  # many who ask for the same new page make it once
                found = self._kept.find(key) or self._make(page, request, publication)
                self._kept.keep(key, found)
        return found

    def _make(self, page: Page, request: Request, publication: Publication) -> MadePage:
        content = page.make_content(self._visit(request, publication))
        shown = MadePage(content.title, render_main(content, request.query, self._draw))
        self._note_read(page, request, content.subject or page.name, content.tables())
        return shown

    def _file(self, page: Page, request: Request, publication: Publication) -> Answer:
        wanted = FORMATS.get(request.query[FORMAT])
        content = page.make_content(self._visit(request, publication))
        found = next((each for each in content.tables() if each.name == request.query.get(TABLE)), None)
        if wanted is None or found is None:
            raise PageError(
                NOT_FOUND,
                "There is no such file",
                "The address asks for a table or a format that the page has not; choose it there.",
                (Link("To the page", request.path),),
            )
        table = order_rows(found, request.query)
        authority = self._rows.authorities(publication).get(request.slug)
        source = "" if authority is None else f"{authority.name}. {_source_words(authority, publication)}"
        body = wanted.write(table, source)
        subject = f"{content.subject or page.name}, saved as {wanted.label}"
        self._note_read(page, request, subject, [table])
        name = file_name(page.name, table, publication.version, wanted.ending)
        return Answer(body, wanted.media_type, file_name=name, is_private=page.shows_records)

    def _note_read(self, page: Page, request: Request, subject: str, tables: Sequence[TableView]) -> None:
        """Write down what was read, and how many rows about children that was."""
        if page.shows_records:
            count = sum(len(order_rows(table, request.query).rows) for table in tables if table.has_children)
            self._write_down(page, request, subject, count)

    def _write_down(self, page: Page | Lookup, request: Request, subject: str, row_count: int | None) -> None:
        shown = {name: value for name, value in request.query.items() if name not in UNSEEN_IN_LOG}
        self._log.add(
            Access(
                user=request.user.name,
                role=str(request.user.role),
                address=request.address,
                page=page.name,
                path=_address(request.path, shown),
                authority=request.slug,
                subject=subject,
                row_count=row_count,
            )
        )

    def _check(self, page: Page | Lookup, request: Request, publication: Publication) -> None:
        """Raise PageError where the reader may not see the page, or the address is of what is not there."""
        decide(request.user, page, request.slug or None)
        if any("\0" in text for text in (*request.path_values.values(), *request.query.values())):
            raise PageError(
                NOT_FOUND,
                "There is no such page",
                "The address holds a character that no name has.",
                (Link("To the overview", "/"),),
            )
        wanted = request.query.get(VERSION, str(publication.version))
        if wanted != str(publication.version):
            others = {name: value for name, value in request.query.items() if name != VERSION}
            raise PageError(
                GONE,
                "These figures have been replaced",
                f"The address is of publication {wanted}; the one that is shown is number "
                f"{publication.version}, of {_moment(publication.published_at)}. What a figure was before "
                "and why it changed stands under Revisions on the page of its KPI.",
                (
                    Link("The same page with today's figures", _address(request.path, others)),
                    Link("To the overview", "/"),
                ),
            )
        authorities = self._rows.authorities(publication)
        if request.slug and request.slug not in authorities:
            raise self._visit(request, publication).unknown("authority", request.slug, list(authorities))

    def _visit(self, request: Request, publication: Publication) -> Visit:
        return Visit(
            user=request.user,
            publication=publication,
            authorities=self._rows.authorities(publication),
            path_values=request.path_values,
            query=request.query,
            path_of=self._paths,
            read_figures=lambda rows: self._rows.read_figures(rows, publication),
            read_records=lambda rows: self._rows.read_records(request.user, rows, publication),
        )

    def _may_see(self, request: Request, name: str) -> bool:
        page = self._pages.get(name)
        return page is not None and (
            not page.shows_records or request.user.share_of(request.slug) is not None
        )


def _address(path: str, query: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(query)}" if query else path


def _source_words(authority: Any, publication: Publication) -> str:
    as_at = authority.latest_as_at
    day = "" if pd.isna(as_at) else f" as at {as_at.day} {as_at:%B %Y},"
    return (
        f"Figures{day} published on {_moment(publication.published_at)} (publication {publication.version}, "
        f"run {publication.run_id})."
    )


def _moment(utc: dt.datetime) -> str:
    """'29 November 2026 at 08:14', by London's clock."""
    local = utc.replace(tzinfo=dt.UTC).astimezone(LONDON)
    return f"{local.day} {local:%B %Y} at {local:%H:%M}"
