"""Servers of mail and of HTTP on this computer, for the tests of what talks to them."""

from __future__ import annotations

import http.server
import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import Any


@dataclass
class MailServer:
    """A mail server: `mails` are those that it took; `refuses` is a command that it answers with 550."""

    port: int = 0
    refuses: str = ""
    mails: list[Message] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)


@contextmanager
def mail_server(refuses: str = "", *, offers_login: bool = False) -> Iterator[MailServer]:
    """A mail server on loopback, without encryption."""
    known = MailServer(refuses=refuses)

    class Session(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            self.say("220 here")
            while line := self.rfile.readline():
                word = line.split()[0].upper().decode() if line.split() else ""
                if word == known.refuses:
                    self.say("550 no")
                elif word == "EHLO":
                    self.say("250-here")
                    self.say("250 AUTH PLAIN" if offers_login else "250 HELP")
                elif word == "AUTH":
                    known.logins.append(line.decode().strip())
                    self.say("235 in")
                elif word == "DATA":
                    self.say("354 go on")
                    body = b"".join(iter(self.rfile.readline, b".\r\n"))
                    known.mails.append(message_from_bytes(body))
                    self.say("250 taken")
                elif word == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 ok")

    with _serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)) as known.port:
        yield known


@dataclass
class WebServer:
    """A web server: `url` of it, and the method, path and JSON of each request."""

    url: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    requests: list[tuple[str, str, Any]] = field(default_factory=list)


@contextmanager
def web_server(status: int = 200, headers: dict[str, str] | None = None) -> Iterator[WebServer]:
    """A web server on loopback that answers every request alike."""
    known = WebServer(status=status, headers=headers or {})

    class Session(http.server.BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            known.requests.append((self.command, self.path, json.loads(body) if body else None))
            self.send_response(known.status)
            for name, value in known.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST = answer  # noqa: N815 (http.server's own names)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with _serving(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Session)) as port:
        known.url = f"http://127.0.0.1:{port}/k3y"
        yield known


@dataclass(frozen=True)
class Answer:
    """A status and headers."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)


@contextmanager
def echoing_server(
    name: str, answer: Callable[[str, dict[str, str]], Answer] = lambda _path, _headers: Answer(200)
) -> Iterator[int]:
    """The port of a web server on loopback that answers a path and headers, and says what it saw."""

    class Session(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {key.lower(): value for key, value in self.headers.items()}
            given = answer(self.path, headers)
            body = json.dumps({"server": name, "path": self.path, "headers": headers}).encode()
            self.send_response(given.status)
            for key, value in given.headers.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with _serving(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Session)) as port:
        yield port


@contextmanager
def _serving(server: socketserver.TCPServer) -> Iterator[int]:
    """The port of a server that answers while the block lasts."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
