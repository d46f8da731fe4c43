"""The options of `init-db`, `access`, `publish` and `dagster-purge`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cf_pipeline.project.settings import Settings

LoadSettings = Callable[[], "Settings"]


def add_database_commands(commands: Any, load_settings: LoadSettings) -> None:
    """Add the commands to those of the command line."""
    _add_publish(commands, load_settings)
    _add_init_db(commands, load_settings)
    _add_access(commands, load_settings)
    _add_dagster_purge(commands, load_settings)


def _add_publish(commands: Any, load_settings: LoadSettings) -> None:
    parser = commands.add_parser("publish", help="build the warehouse and the outputs again from the lake")
    parser.add_argument(
        "--rollback", action="store_true", help="show the version before the one that is shown instead"
    )
    parser.set_defaults(command=partial(_publish, load_settings))


def _add_init_db(commands: Any, load_settings: LoadSettings) -> None:
    parser = commands.add_parser(
        "init-db",
        help="make the schemas and roles of a PostgreSQL warehouse (an administrator, once)",
        epilog="It may be run again at any time: what is there stays.",
    )
    parser.set_defaults(command=partial(_init_db, load_settings))


def _add_access(commands: Any, load_settings: LoadSettings) -> None:
    parser = commands.add_parser(
        "access", help="who sees the records and lists of which team (PostgreSQL), and who read them"
    )
    actions = parser.add_subparsers(title="actions", required=True, metavar="ACTION")
    for action, purpose in (("grant", "let a role see"), ("revoke", "no longer let a role see")):
        change = actions.add_parser(
            action, help=f"{purpose} teams of an authority, all of them, or everything"
        )
        change.add_argument(
            "reader", metavar="ROLE", help="a role of the server: a login, or a group of logins"
        )
        change.add_argument("--authority", metavar="A", help="folder name of the authority")
        change.add_argument(
            "--team", dest="teams", action="append", default=[], metavar="TEAM",
            help="name of a team as in the records; may be given several times",
        )  # fmt: skip
        change.add_argument(
            "--every-team", action="store_true", help="every team, and children without a team"
        )
        change.add_argument("--every-authority", action="store_true", help="everything")
        change.set_defaults(command=partial(_change_access, load_settings, action))
    shown = actions.add_parser("list", help="what was granted, and which teams nobody sees")
    shown.set_defaults(command=partial(_list_access, load_settings))
    log = actions.add_parser("log", help="who read which records in the dashboard, and when")
    log.add_argument("--verify", action="store_true", help="say whether every line is as it was written")
    log.set_defaults(command=partial(_print_access_log, load_settings))


def _add_dagster_purge(commands: Any, load_settings: LoadSettings) -> None:
    parser = commands.add_parser(
        "dagster-purge",
        help="remove Dagster's own records of old runs",
        epilog="The newest good run of each authority stays, and for `failed_run_days` days what failed. "
        "While Dagster's daemon is running, the schedule `purge` does the same each morning.",
    )
    parser.set_defaults(command=partial(_purge_dagster, load_settings))


def _publish(load_settings: LoadSettings, options: argparse.Namespace) -> int:
    if options.rollback:
        from cf_pipeline.cli.database.rollback import roll_back

        return roll_back(load_settings())
    from cf_pipeline.cli.run import publish

    return publish(load_settings())


def _init_db(load_settings: LoadSettings, _: argparse.Namespace) -> int:
    from cf_pipeline.cli.database.roles import create_roles

    return create_roles(load_settings())


def _change_access(load_settings: LoadSettings, action: str, options: argparse.Namespace) -> int:
    from cf_pipeline.cli.database import access

    change = access.grant_access if action == "grant" else access.revoke_access
    return change(load_settings(), options)


def _list_access(load_settings: LoadSettings, _: argparse.Namespace) -> int:
    from cf_pipeline.cli.database.access import list_access

    return list_access(load_settings())


def _print_access_log(load_settings: LoadSettings, options: argparse.Namespace) -> int:
    from cf_pipeline.cli.serving.access_log import print_access_log

    return print_access_log(load_settings(), verifies=options.verify)


def _purge_dagster(load_settings: LoadSettings, _: argparse.Namespace) -> int:
    from cf_pipeline.cli.run import purge_dagster

    return purge_dagster(load_settings())
