"""The options of `cf-pipeline report`. What the command does is imported when it is chosen."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cf_pipeline.project.settings import Settings

ALL = "all"
"""Instead of the name of one format."""


def add_report(commands: Any, load_settings: Callable[[], Settings]) -> None:
    """Add the command to the commands of the program (argparse's subparsers)."""
    parser = commands.add_parser(
        "report",
        help="the report with charts, as HTML, Word and PDF, and its figures as an Excel workbook",
        epilog="exit status: 0 all good, 2 a format cannot be made on this machine (it says why), 1 failed",
    )
    parser.add_argument("authority", nargs="?", metavar="AUTHORITY", help="its folder; all when left out")
    parser.add_argument(
        "--edition",
        default="internal",
        metavar="NAME",
        help="internal (the default): what is published; committee, public: what `release` lets them see",
    )
    parser.add_argument(
        "--format",
        dest="form",
        default=ALL,
        metavar="NAME",
        help="html, word, pdf or excel (default: all of them)",
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FOLDER",
        help="where to (default: papers/ among the authority's outputs)",
    )

    def report(options: argparse.Namespace) -> int:
        from cf_pipeline.cli.papers.report import write_reports  # noqa: PLC0415 - drawing

        return write_reports(load_settings(), options.authority, options.edition, options.form, options.out)

    parser.set_defaults(command=report)
