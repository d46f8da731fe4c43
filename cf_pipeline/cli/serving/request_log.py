"""One line a request: which kind of page, what came of it, how long it took; no value of an address."""

from __future__ import annotations

import time
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

NO_STATUS = 0


class RequestLog:
    """Passes requests on to an application, and writes a line of each."""

    def __init__(self, app: ASGIApp, write: Callable[[str], None]) -> None:
        """`write`: takes a line."""
        self._app, self._write = app, write

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, start = NO_STATUS, time.perf_counter()

        async def note_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, note_status)
        finally:
            took = (time.perf_counter() - start) * 1000
            self._write(f"{scope['method']} {_page_of(scope)} {status or 'broken off'} {took:.0f} ms")


def _page_of(scope: Scope) -> str:
    """The address with the names of its values in their place; an address of no page is not repeated."""
    names = {str(value): name for name, value in scope.get("path_params", {}).items()}
    if "path" in names.values():
        return "(no page)"
    return "/".join(f"{{{names[part]}}}" if part in names else part for part in scope["path"].split("/"))
