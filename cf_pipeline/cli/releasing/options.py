"""The options of `cf-pipeline release`. What the command does is imported when it is chosen."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cf_pipeline.project.settings import Settings


def add_release(commands: Any, load_settings: Callable[[], Settings]) -> None:
    """Add the command to the commands of the program (argparse's subparsers)."""
    parser = commands.add_parser(
        "release",
        help="the published figures to the committee and the public, small counts hidden",
        epilog="A release is for good. Nothing is released that does not withstand an attack on it.",
    )

    def release(_: argparse.Namespace) -> int:
        from cf_pipeline.cli.releasing.release import release as release_figures  # noqa: PLC0415 - solvers

        return release_figures(load_settings())

    parser.set_defaults(command=release)
