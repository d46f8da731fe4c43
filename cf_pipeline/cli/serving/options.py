"""The options of `cf-pipeline serve`. What the command does is imported when it is chosen."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cf_pipeline.project.settings import Settings


def add_serve(commands: Any, load_settings: Callable[[], Settings]) -> None:
    """Add the command to the commands of the program (argparse's subparsers)."""
    parser = commands.add_parser(
        "serve",
        help="the staff's dashboard over what is published",
        epilog="Without a proxy in the settings it serves this computer alone. Ctrl-C ends it.",
    )
    parser.add_argument(
        "--address",
        metavar="HOST:PORT",
        help="where it listens (default: as in the settings, 127.0.0.1:8800)",
    )

    def serve(options: argparse.Namespace) -> int:
        from cf_pipeline.cli.serving.serve import serve_dashboard  # noqa: PLC0415 - `--help` stays quick

        return serve_dashboard(load_settings(), options.address)

    parser.set_defaults(command=serve)
