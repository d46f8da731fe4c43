"""Asks a web application in this process, header by header, as no library would."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlencode

LOCALHOST = (("host", "localhost"),)


@dataclass(frozen=True)
class Reply:
    """What came back. `headers`: by name in lower case."""

    status_code: int
    headers: dict[str, str]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode("utf-8")


class AsgiClient:
    """A client at an address, with headers that it always sends."""

    def __init__(
        self, app: Any, address: str = "127.0.0.1", headers: tuple[tuple[str, str], ...] = LOCALHOST
    ):
        self.app, self.address, self.headers = app, address, headers

    def get(self, path: str, headers: tuple[tuple[str, str], ...] | None = None) -> Reply:
        return self.request("GET", path, headers=headers)

    def post(self, path: str, data: dict[str, str]) -> Reply:
        return self.request("POST", path, urlencode(data).encode())

    def request(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: tuple[tuple[str, str], ...] | None = None,
        address: str | None = None,
    ) -> Reply:
        """One request; `headers` and `address` in the place of the client's own."""
        raw, _, query = path.partition("?")
        sent = self.headers if headers is None else headers
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(raw),
            "raw_path": raw.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in sent],
            "client": (address or self.address, 50000),
            "server": ("127.0.0.1", 8800),
        }
        return asyncio.run(self._ask(scope, body))

    async def _ask(self, scope: dict[str, Any], body: bytes) -> Reply:
        messages: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            messages.append(message)

        await self.app(scope, receive, send)
        (start,) = (each for each in messages if each["type"] == "http.response.start")
        content = b"".join(each.get("body", b"") for each in messages if each["type"] == "http.response.body")
        headers = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
        return Reply(start["status"], headers, content)
