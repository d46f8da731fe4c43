"""The dashboard as a web application: it finds out who asks, and sends nothing without its headers."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route

from cf_pipeline.dashboard.access.identity import AccessSettings, identify
from cf_pipeline.dashboard.access.users import User
from cf_pipeline.dashboard.answers import Answer, Answers, Request
from cf_pipeline.dashboard.content import Link
from cf_pipeline.dashboard.page import Lookup, Page, PageError
from cf_pipeline.dashboard.rendering.html import STATIC_FILES, Frame, render_error, static_file
from cf_pipeline.dashboard.site_map import HOME, LOOKUPS, PAGES
from cf_pipeline.dashboard.source import AccessLog, Source
from cf_pipeline.errors import PlainError
from cf_pipeline.outputs.charts.chart import DrawSvg

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Of every answer: nothing is fetched from elsewhere, and no other page may show or read ours."""
NO_STORE = {"Cache-Control": "no-store"}
MOST_BYTES_OF_A_FORM = 2000
BACK = (Link("To the overview", "/"),)


def make_app(source: Source, log: AccessLog, settings: AccessSettings, draw: DrawSvg) -> Starlette:
    """The application.

    Args:
        source: where rows are read.
        log: where it is written down that somebody read records.
        settings: who may ask.
        draw: draws a chart as SVG.
    """
    server = _Server(Answers([*PAGES, *LOOKUPS], source, log, draw), settings)
    routes = [Route(page.path, server.page(page), methods=["GET"], name=page.name) for page in PAGES]
    routes += [Route(each.path, server.lookup(each), methods=["POST"], name=each.name) for each in LOOKUPS]
    routes += [
        Route("/static/{name}", server.static, methods=["GET"]),
        Route("/{path:path}", server.nothing, methods=["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]),
    ]
    return Starlette(routes=routes)


class _Server:
    """Turns requests of HTTP into answers; an error becomes a page in plain words, and never a traceback."""

    def __init__(self, answers: Answers, settings: AccessSettings) -> None:
        self._answers, self._settings = answers, settings

    def page(self, page: Page) -> Callable[[HttpRequest], Response]:
        def make(http: HttpRequest, user: User) -> Response:
            if page.name == HOME and not http.query_params:
                only = self._answers.only_authority()
                if only:
                    return Response(status_code=303, headers={**HEADERS, **NO_STORE, "Location": only})
            return _response(self._answers.answer(page, _request(http, user)))

        return lambda http: self._respond(http, make, page.name)

    def lookup(self, lookup: Lookup) -> Callable[[HttpRequest], object]:
        async def endpoint(http: HttpRequest) -> Response:
            body = b""
            async for part in http.stream():
                body += part
                if len(body) > MOST_BYTES_OF_A_FORM:
                    break

            def make(http: HttpRequest, user: User) -> Response:
                texts = parse_qs(body[:MOST_BYTES_OF_A_FORM].decode("utf-8", "replace")).get("text", [""])
                return _response(self._answers.look_up(lookup, _request(http, user), texts[0].strip()))

            return await run_in_threadpool(self._respond, http, make, lookup.name)

        return endpoint

    def static(self, http: HttpRequest) -> Response:
        def make(http: HttpRequest, _: User) -> Response:
            name = http.path_params["name"]
            if name not in STATIC_FILES:
                raise _not_found()
            age = {"Cache-Control": "public, max-age=31536000, immutable"}
            return Response(static_file(name), media_type=STATIC_FILES[name], headers={**HEADERS, **age})

        return self._respond(http, make, "")

    def nothing(self, http: HttpRequest) -> Response:
        def make(*_: object) -> Response:
            raise _not_found()

        return self._respond(http, make, "")

    def _respond(
        self, http: HttpRequest, make: Callable[[HttpRequest, User], Response], page: str
    ) -> Response:
        user = None
        try:
            address = http.client.host if http.client else ""
            user = identify(address, list(http.headers.items()), self._settings)
            return make(http, user)
        except PageError as error:
            found = error
        except PlainError as error:
            found = PageError(503, "The page cannot be shown just now", str(error), (_again(http), *BACK))
        except Exception as error:
            _report(error)
            found = PageError(
                500,
                "Something went wrong",
                f"The page could not be made ({type(error).__name__}); the log of the dashboard says where. "
                "Please report it to whoever looks after it.",
                (_again(http), *BACK),
            )
        frame = self._answers.frame(_request(http, user)) if user else Frame()
        html = render_error(found, frame)
        return _response(Answer(html.encode("utf-8"), status=found.status, is_private=True))


def _request(http: HttpRequest, user: User) -> Request:
    return Request(
        user=user,
        address=http.client.host if http.client else "",
        path=http.url.path,
        path_values={name: str(value) for name, value in http.path_params.items()},
        query={name: value for name, value in http.query_params.items() if value},
    )


def _response(answer: Answer) -> Response:
    headers = {**HEADERS, "Cache-Control": "no-store" if answer.is_private else "private, no-cache"}
    if answer.file_name:
        headers["Content-Disposition"] = f'attachment; filename="{answer.file_name}"'
    if answer.location:
        headers["Location"] = answer.location
    return Response(answer.body, answer.status, headers, answer.media_type)


def _not_found() -> PageError:
    return PageError(404, "There is no such page", "The address is of no page of this dashboard.", BACK)


def _again(http: HttpRequest) -> Link:
    return Link("Load the page again", http.url.path)


def _report(error: Exception) -> None:
    """One line about an error nobody expected: its kind and place, never its text, which may be a cell."""
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if "site-packages" not in frame.filename
    ]
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "an unknown place"
    sys.stderr.write(f"dashboard: an unexpected error, {type(error).__name__} at {place}\n")
