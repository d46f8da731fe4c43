"""The options of the commands about privacy. What a command does is imported when it is chosen."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cf_pipeline.project.settings import Settings

LoadSettings = Callable[[], "Settings"]


def add_privacy_commands(commands: Any, load_settings: LoadSettings) -> None:
    """Add the commands to those of the program (argparse's subparsers)."""
    for add_command in (_add_audit, _add_erase, _add_purge, _add_subject_access, _add_rotate_key):
        add_command(commands, load_settings)


def _add_audit(commands: Any, load_settings: LoadSettings) -> None:
    parser = commands.add_parser("audit", help="who did what with the data: accepted, erased, published, ...")
    parser.add_argument(
        "--verify", action="store_true", help="say whether every line of the log is as it was written"
    )

    def audit(options: argparse.Namespace) -> int:
        from cf_pipeline.cli.operations.audit import print_audit  # noqa: PLC0415 - heavy

        return print_audit(load_settings(), is_verified=options.verify)

    parser.set_defaults(command=audit)


def _add_erase(commands: Any, load_settings: LoadSettings) -> None:
    parser = commands.add_parser(
        "erase",
        help="erase children from every store; published counts stay",
        epilog="What is kept, and what a later delivery of the child does: docs/data_protection.md.",
    )
    parser.add_argument("authority", metavar="AUTHORITY", help="its folder in the drop zone")
    parser.add_argument("children", nargs="+", metavar="CHILD", help="the case system's id of each child")
    parser.add_argument("--because", required=True, metavar="TEXT", help="why; name no child")
    parser.add_argument("--by", required=True, metavar="NAME", help="who decided it")
    parser.add_argument(
        "--raw", action="store_true", help="remove the children's rows from the delivered files too"
    )

    def erase(options: argparse.Namespace) -> int:
        from cf_pipeline.cli.operations.erase import erase_children  # noqa: PLC0415 - heavy

        return erase_children(
            load_settings(),
            options.authority,
            options.children,
            because=options.because,
            by=options.by,
            from_raw=options.raw,
        )

    parser.set_defaults(command=erase)


def _add_purge(commands: Any, load_settings: LoadSettings) -> None:
    parser = commands.add_parser(
        "purge",
        help="remove from every store what is past its retention; published figures stay",
        epilog="How long what is kept: [retention] in pipeline.toml, and docs/data_protection.md. "
        "Dagster's own records of runs are another matter: `dagster-purge`.",
    )
    parser.add_argument("--by", required=True, metavar="NAME", help="who decided it")
    parser.add_argument("--dry-run", action="store_true", help="say how much would go, and change nothing")
    parser.add_argument(
        "--raw", action="store_true", help="remove the rows of purged cases from the delivered files too"
    )

    def purge(options: argparse.Namespace) -> int:
        from cf_pipeline.cli.operations.purge import print_what_is_due, purge  # noqa: PLC0415 - heavy

        settings = load_settings()
        if options.dry_run:
            return print_what_is_due(settings)
        return purge(settings, by=options.by, from_raw=options.raw)

    parser.set_defaults(command=purge)


def _add_subject_access(commands: Any, load_settings: LoadSettings) -> None:
    parser = commands.add_parser("subject-access", help="everything that is held on one child, as a file")
    parser.add_argument("authority", metavar="AUTHORITY", help="its folder in the drop zone")
    parser.add_argument("child", metavar="CHILD", help="the case system's id of the child")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="where to (JSON, for you alone to read)"
    )

    def subject_access(options: argparse.Namespace) -> int:
        from cf_pipeline.cli.operations.subject_access import write_records  # noqa: PLC0415 - heavy

        return write_records(load_settings(), options.authority, options.child, options.out)

    parser.set_defaults(command=subject_access)


def _add_rotate_key(commands: Any, _: LoadSettings) -> None:
    parser = commands.add_parser(
        "rotate-key",
        help="another key for child ids; every history and figure stays",
        epilog="What it does to every store, and to backups: docs/data_protection.md.",
    )
    parser.add_argument("--because", required=True, metavar="TEXT", help="why")
    parser.add_argument("--by", required=True, metavar="NAME", help="who decided it")
    parser.add_argument(
        "--key-file", type=Path, metavar="FILE", help="the new key (mode 0600; default: one is made)"
    )

    def rotate(options: argparse.Namespace) -> int:
        from cf_pipeline.cli.operations.rotate_key import rotate_key  # noqa: PLC0415 - heavy
        from cf_pipeline.project.settings import find_root, load_settings  # noqa: PLC0415 - heavy

        # It looks itself whether a change was stopped.
        settings = load_settings(find_root(Path.cwd()), os.environ)
        return rotate_key(settings, because=options.because, by=options.by, key_file=options.key_file)

    parser.set_defaults(command=rotate)
