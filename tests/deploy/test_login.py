"""nginx in front of the pages: nobody sees one without a login, and nobody chooses his own name."""

from __future__ import annotations

import json
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.deploy.test_files import nginx_configuration
from tests.support.local_servers import Answer, echoing_server
from tests.support.postgresql_cluster import free_port
from tests.support.waiting import wait_for

GROUPS = {"ann": "data-engineers", "bob": "managers"}
"""The user of each session's cookie, and the group of each user."""
PAGES = {"8800": "dashboard", "3001": "look", "3000": "engineers"}
ACCOUNTS = "https://accounts.example/"
"""Where oauth2-proxy sends whoever has not signed in."""
FIGURES, ENGINEERS = "figures.example", "engineers.figures.example"


def answer_as_oauth2_proxy(path: str, headers: dict[str, str]) -> Answer:
    """What oauth2-proxy answers, by its documentation, to nginx's question and to a browser."""
    address = urlsplit(path)
    if address.path == "/oauth2/start":
        return Answer(302, {"Location": f"{ACCOUNTS}?back={headers.get('x-auth-request-redirect')}"})
    if address.path != "/oauth2/auth":
        return Answer(200)
    user = headers.get("cookie", "").removeprefix("session=")
    groups = parse_qs(address.query).get("allowed_groups", [])
    if user not in GROUPS:
        return Answer(401)
    if groups and GROUPS[user] not in groups:
        return Answer(403)
    return Answer(202, {"X-Auth-Request-User": user})


@dataclass
class Front:
    """nginx as it runs in production, but for its ports."""

    port: int
    port_without_tls: int

    def ask(self, host: str, path: str, **headers: str) -> HTTPResponse:
        """The answer to a browser's request."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = HTTPSConnection("127.0.0.1", self.port, context=context, timeout=10)
        return _answer(connection, host, path, headers)

    def ask_without_tls(self, host: str, path: str) -> HTTPResponse:
        """The same over plain HTTP."""
        return _answer(HTTPConnection("127.0.0.1", self.port_without_tls, timeout=10), host, path, {})

    def is_up(self) -> bool:
        """Whether nginx answers."""
        with suppress(OSError):
            return bool(self.ask(FIGURES, "/").status)
        return False


def _answer(connection: HTTPConnection, host: str, path: str, headers: dict[str, str]) -> HTTPResponse:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", path, headers={"Host": host, **names})
    return connection.getresponse()


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("nginx")
    front = Front(free_port(), free_port())
    with ExitStack() as stack:
        login = stack.enter_context(echoing_server("login", answer_as_oauth2_proxy))
        ports = {"127.0.0.1:4180": f"127.0.0.1:{login}"}
        for port, name in PAGES.items():
            ports[f"127.0.0.1:{port}"] = f"127.0.0.1:{stack.enter_context(echoing_server(name))}"
        ports["listen 443 ssl"] = f"listen 127.0.0.1:{front.port} ssl"
        ports["listen 80"] = f"listen 127.0.0.1:{front.port_without_tls}"
        nginx = subprocess.Popen(
            ["nginx", "-c", str(nginx_configuration(folder, ports)), "-g", "daemon off;"]
        )
        try:
            wait_for("nginx", front.is_up, 30, pause=0.1)
            yield front
        finally:
            nginx.terminate()
            nginx.wait(30)


def seen(response: HTTPResponse) -> dict[str, Any]:
    """What the page behind nginx saw of the request."""
    assert response.status == 200
    content: dict[str, Any] = json.load(response)
    return content


def test_a_request_without_tls_is_sent_to_the_same_page_with_it(front: Front) -> None:
    answer = front.ask_without_tls(FIGURES, "/kpi/cla_stock?breakdown=age_band")
    assert answer.status == 301
    assert answer.headers["Location"] == f"https://{FIGURES}/kpi/cla_stock?breakdown=age_band"


@pytest.mark.parametrize(
    ("host", "path"),
    [(FIGURES, "/"), (FIGURES, "/kpi/cla_stock"), (FIGURES, "/look/runs"), (ENGINEERS, "/runs")],
)
@pytest.mark.parametrize("cookie", ["", "session=nobody"])
def test_without_a_login_nothing_is_shown_but_the_login(
    front: Front, host: str, path: str, cookie: str
) -> None:
    answer = front.ask(host, path, cookie=cookie, x_forwarded_user="ann", x_auth_request_user="ann")
    assert answer.status == 302
    assert answer.headers["Location"] == f"{ACCOUNTS}?back={path}"
    assert json.load(answer)["server"] == "login"


@pytest.mark.parametrize(
    ("user", "host", "path", "page"),
    [
        ("ann", FIGURES, "/", "dashboard"),
        ("bob", FIGURES, "/kpi/cla_stock", "dashboard"),
        ("bob", FIGURES, "/look/runs", "look"),
        ("ann", ENGINEERS, "/runs", "engineers"),
    ],
)
def test_each_page_is_told_the_name_of_the_login(
    front: Front, user: str, host: str, path: str, page: str
) -> None:
    request = seen(front.ask(host, path, cookie=f"session={user}", x_forwarded_user="somebody else"))
    assert (request["server"], request["path"]) == (page, path)
    assert request["headers"]["x-forwarded-user"] == user
    assert request["headers"]["host"] == host


def test_pages_with_buttons_are_for_data_engineers(front: Front) -> None:
    assert front.ask(ENGINEERS, "/runs", cookie="session=bob").status == 403


def test_the_login_itself_is_open_and_is_told_no_name(front: Front) -> None:
    request = seen(front.ask(FIGURES, "/oauth2/callback?code=1", x_forwarded_user="ann"))
    assert request["server"] == "login"
    assert "x-forwarded-user" not in request["headers"]


def test_a_browser_cannot_ask_the_login_in_nginx_place(front: Front) -> None:
    assert front.ask(FIGURES, "/oauth2/auth", cookie="session=ann").status == 404


def test_pages_of_dagster_that_follow_a_run_reach_it(front: Front) -> None:
    """Dagster's pages hold a connection of their own (a WebSocket), which begins with these two headers."""
    headers = {"cookie": "session=ann", "upgrade": "websocket", "connection": "upgrade"}
    request = seen(front.ask(ENGINEERS, "/graphql", **headers))
    assert (request["headers"]["upgrade"], request["headers"]["connection"]) == ("websocket", "upgrade")
