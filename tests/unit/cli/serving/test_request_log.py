"""The line of a request holds no value of its address: it could be a child's."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from cf_pipeline.cli.serving.request_log import RequestLog
from tests.support.asgi_client import AsgiClient


def answer(request) -> Response:
    if "fail" in request.query_params:
        raise RuntimeError
    return Response("", 404 if "path" in request.path_params else 200)


APP = Starlette(routes=[Route("/{authority}/child/{person_ref}", answer), Route("/{path:path}", answer)])


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("/camden/child/3f9a?q=77001", "GET /{authority}/child/{person_ref} 200 "),
        ("/camden/child/a%20b", "GET /{authority}/child/{person_ref} 200 "),
        ("/camden/childs/77001", "GET (no page) 404 "),
        ("/77001", "GET (no page) 404 "),
    ],
)
def test_a_line_says_which_kind_of_page_and_what_came_of_it(path: str, line: str) -> None:
    lines: list[str] = []
    AsgiClient(RequestLog(APP, lines.append)).get(path)
    assert lines[0].startswith(line)
    assert lines[0].endswith(" ms")
    assert "77001" not in lines[0] and "3f9a" not in lines[0]


def test_a_request_that_fails_has_its_line_too() -> None:
    lines: list[str] = []
    with pytest.raises(RuntimeError):
        AsgiClient(RequestLog(APP, lines.append)).get("/camden/child/3f9a?fail=1")
    assert len(lines) == 1
