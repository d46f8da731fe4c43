"""The options of `cf-pipeline export`. What the command does is imported when it is chosen."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cf_pipeline.project.settings import Settings

FORMS = {
    "csv": "CSV files with a datapackage.json (the default)",
    "parquet": "Parquet files with a datapackage.json",
    "power-bi": "a semantic model for Power BI, without rows",
}


def add_export(commands: Any, load_settings: Callable[[], Settings]) -> None:
    """Add the command to the commands of the program (argparse's subparsers)."""
    parser = commands.add_parser(
        "export", help="what is published as files: CSV, Parquet or a Power BI model"
    )
    parser.add_argument(
        "folder", type=Path, metavar="FOLDER", help="where to; an earlier export there is replaced"
    )
    parser.add_argument(
        "--format",
        dest="form",
        choices=tuple(FORMS),
        default="csv",
        help="; ".join(f"{name}: {words}" for name, words in FORMS.items()),
    )

    def export(options: argparse.Namespace) -> int:
        from cf_pipeline.cli.export.write import write_export  # noqa: PLC0415 - `--help` stays quick

        return write_export(load_settings(), options.folder, options.form)

    parser.set_defaults(command=export)
