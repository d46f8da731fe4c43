"""The options of `run`, and that alerts are told when it ends."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cf_pipeline.project.settings import Settings

LoadSettings = Callable[[], "Settings"]


def add_run(commands: Any, load_settings: LoadSettings, epilog: str) -> None:
    """Add the command to those of the program (argparse's subparsers)."""
    parser = commands.add_parser(
        "run", help="what is new in the drop zone, from files to reports", epilog=epilog
    )
    parser.add_argument("--all", action="store_true", help="every authority, though nothing of it is new")
    parser.add_argument(
        "--jobs",
        type=_positive,
        metavar="N",
        help="authorities worked on at once, each in a process of its own (default: one a core)",
    )

    def run(options: argparse.Namespace) -> int:
        from cf_pipeline.cli.start_run import start_run  # noqa: PLC0415 - heavy
        from cf_pipeline.project.operations.alert_secrets import is_watched  # noqa: PLC0415 - heavy

        settings = load_settings()
        start = partial(start_run, settings, insists=options.all, jobs=options.jobs)
        if not is_watched(settings.alerts, settings.data, os.environ):
            return start()
        from cf_pipeline.cli.operations.alert import run_watched  # noqa: PLC0415 - heavy

        return run_watched(settings, start)

    parser.set_defaults(command=run)


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 1 or more")
    return int(text)
