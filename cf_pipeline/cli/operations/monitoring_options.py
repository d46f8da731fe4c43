"""The options of the commands that watch a project. What a command does is imported when it is chosen."""

from __future__ import annotations

import argparse
from typing import Any


def add_monitoring_commands(commands: Any) -> None:
    """Add the commands to those of the program (argparse's subparsers)."""
    _add_doctor(commands)


def _add_doctor(commands: Any) -> None:
    parser = commands.add_parser(
        "doctor",
        help="what is wrong with the installation and the service, and how to put it right",
        epilog="exit status: 0 all good, 2 something needs attention, 1 a fault",
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of lines")

    def doctor(options: argparse.Namespace) -> int:
        from cf_pipeline.cli.operations.doctor import examine  # noqa: PLC0415

        return examine(as_json=options.json)

    parser.set_defaults(command=doctor)
