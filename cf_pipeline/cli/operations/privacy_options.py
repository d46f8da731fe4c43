"""The options of the commands about privacy. What a command does is imported when it is chosen."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cf_pipeline.project.settings import Settings

LoadSettings = Callable[[], "Settings"]


def add_privacy_commands(commands: Any, load_settings: LoadSettings) -> None:
    """Add the commands to those of the program (argparse's subparsers)."""
    for add_command in (_add_audit,):
        add_command(commands, load_settings)


def _add_audit(commands: Any, load_settings: LoadSettings) -> None:
    parser = commands.add_parser("audit", help="who did what with the data: accepted, erased, published, ...")
    parser.add_argument(
        "--verify", action="store_true", help="say whether every line of the log is as it was written"
    )

    def audit(options: argparse.Namespace) -> int:
        from cf_pipeline.cli.operations.audit import print_audit  # noqa: PLC0415

        return print_audit(load_settings(), is_verified=options.verify)

    parser.set_defaults(command=audit)
