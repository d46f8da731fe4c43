"""The options of the commands that watch a project. What a command does is imported when it is chosen."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cf_pipeline.project.settings import Settings

LoadSettings = Callable[[], "Settings"]


def add_monitoring_commands(commands: Any, load_settings: LoadSettings) -> None:
    """Add the commands to those of the program (argparse's subparsers)."""
    _add_doctor(commands)
    _add_alert(commands, load_settings)


def _add_doctor(commands: Any) -> None:
    parser = commands.add_parser(
        "doctor",
        help="what is wrong with the installation and the service, and how to put it right",
        epilog="exit status: 0 all good, 2 something needs attention, 1 a fault",
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of lines")

    def doctor(options: argparse.Namespace) -> int:
        from cf_pipeline.cli.operations.doctor import examine  # noqa: PLC0415 - heavy

        return examine(as_json=options.json)

    parser.set_defaults(command=doctor)


def _add_alert(commands: Any, load_settings: LoadSettings) -> None:
    parser = commands.add_parser(
        "alert",
        help="tell by mail, Teams or Slack what went wrong since the last look, and what is over",
        epilog="exit status: 0 told or nothing to tell, 2 a channel failed, 1 no channel took the message",
    )
    parser.add_argument("--test", action="store_true", help="send a test by every channel")

    def alert(options: argparse.Namespace) -> int:
        from cf_pipeline.cli.operations.alert import send_test_alert, tell_alerts  # noqa: PLC0415 - heavy

        return send_test_alert(load_settings()) if options.test else tell_alerts(load_settings())

    parser.set_defaults(command=alert)
