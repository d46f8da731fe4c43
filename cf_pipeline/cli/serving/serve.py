"""Serves the dashboard until Ctrl-C."""

from __future__ import annotations

import errno
import socket
from contextlib import suppress
from dataclasses import replace
from functools import partial
from ipaddress import IPv6Address

import uvicorn

from cf_pipeline.cli.console import print_line
from cf_pipeline.cli.serving.access_log import WrittenAccessLog, access_log
from cf_pipeline.cli.serving.access_settings import make_access_settings
from cf_pipeline.cli.serving.drawings import KeptDrawings
from cf_pipeline.cli.serving.request_log import RequestLog
from cf_pipeline.cli.serving.warehouse_source import WarehouseSource
from cf_pipeline.dashboard.app import make_app
from cf_pipeline.errors import PlainError
from cf_pipeline.project.dashboard.settings import DashboardSettings, check_exposure, parse_address
from cf_pipeline.project.settings import Settings
from cf_pipeline.warehouse import keep_files_open

OK = 0
SECONDS_TO_END = 5
"""What an answer that is under way has left when the dashboard is ended."""


class ServeError(PlainError):
    """The dashboard cannot listen where it should."""


def serve_dashboard(settings: Settings, address: str | None) -> int:
    """Serve the dashboard until Ctrl-C; returns the exit status.

    Args:
        settings: the project's.
        address: where to listen, as in 127.0.0.1:8800; None for what the settings say.

    Raises:
        DashboardSettingsError: the address is none, or others could ask there without signing in.
        ServeError: the address is in use, or not of this computer.
        WarehouseError: the warehouse's URL is not one.
    """
    own = settings.dashboard
    if address is not None:
        host, port = parse_address(address)
        own = replace(own, host=host, port=port)
        check_exposure(own)
    app = make_app(
        WarehouseSource(settings.warehouse_url),
        WrittenAccessLog(access_log(settings)),
        make_access_settings(own),
        KeptDrawings().draw,
    )
    config = uvicorn.Config(
        RequestLog(app, partial(print_line, error=True)),
        log_config=None,
        access_log=False,
        proxy_headers=False,  # the address of the connection itself decides who may name a user
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=SECONDS_TO_END,
    )
    with _listen(own) as listener, keep_files_open():
        print_line(_greeting(own))
        with suppress(KeyboardInterrupt):  # uvicorn has ended, and as a rule passes the signal on
            uvicorn.Server(config).run(sockets=[listener])
        print_line("The dashboard has ended.")
    return OK


def _listen(own: DashboardSettings) -> socket.socket:
    family = socket.AF_INET6 if isinstance(own.host, IPv6Address) else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((str(own.host), own.port))
        listener.listen()  # who asks from now on waits for the answer
        return listener
    except OSError as error:
        listener.close()
        number = error.errno
    reasons = {
        errno.EADDRINUSE: "another program listens there",
        errno.EACCES: "this user may not listen there",
        errno.EADDRNOTAVAIL: "that is no address of this computer",
    }
    raise ServeError(
        f"The dashboard cannot listen at {own.host}, port {own.port}: "
        f"{reasons.get(number or 0, 'the system refuses it')}; choose another address with --address."
    )


def _greeting(own: DashboardSettings) -> str:
    host = f"[{own.host}]" if isinstance(own.host, IPv6Address) else str(own.host)
    who = (
        f"for those whom {', '.join(map(str, own.proxies))} signs in"
        if own.proxies
        else "for this computer alone, with every record"
    )
    return f"The dashboard is on http://{host}:{own.port}, {who}. Ctrl-C ends it."
