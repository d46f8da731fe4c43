"""`cf-pipeline`: the command line. Every error is one plain sentence, never a traceback.

Belongs here: the commands, their options and what an error looks like. What a command does is in the module
of its name. Nothing heavy is imported before its command is chosen.
"""

from __future__ import annotations

import argparse
import errno
import os
import re
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import cf_pipeline
from cf_pipeline.cli.database.commands import add_database_commands
from cf_pipeline.cli.export.options import add_export
from cf_pipeline.cli.operations.monitoring_options import add_monitoring_commands
from cf_pipeline.cli.operations.privacy_options import add_privacy_commands
from cf_pipeline.cli.operations.run_options import add_run
from cf_pipeline.cli.papers.options import add_report
from cf_pipeline.cli.releasing.options import add_release
from cf_pipeline.cli.serving.options import add_serve
from cf_pipeline.errors import PlainError, escape_invisible, is_machine_fault, machine_error, path_sentence
from cf_pipeline.garbage_collection import collect_rarely

if TYPE_CHECKING:
    from cf_pipeline.project.settings import Settings

    Commands = argparse._SubParsersAction["_Parser"]

OK, FAILED, REFUSED, INTERRUPTED = 0, 1, 2, 130
EXIT_CODES = "exit status: 0 all good, 2 done but something was refused (it is named), 1 failed"
DISK_IS_FULL = ("database or disk is full", "disk I/O error")
"""What SQLite, where Dagster keeps its records, says when it cannot write."""
Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status: 0, 2 (something refused), 1 (failed), 130 (Ctrl-C)."""
    collect_rarely()
    options = _parser().parse_args(arguments)
    command: Command = options.command
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return command(options)
    except KeyboardInterrupt:
        _print_error("Stopped. What was published before is still there; run again to go on.")
        return INTERRUPTED
    except BrokenPipeError:  # the program that reads our output has ended
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:
        _print_error(plain_sentence(error))
        return FAILED


def plain_sentence(error: Exception) -> str:
    """One plain sentence for any error: a PlainError as it is, others by kind and place, never their text."""
    if isinstance(error, PlainError):
        return str(error)
    if is_machine_fault(error) or any(words in str(error) for words in DISK_IS_FULL):
        place = f" at {error.filename}" if isinstance(error, OSError) and error.filename else ""
        fault = error if is_machine_fault(error) else OSError(errno.ENOSPC, "")
        return str(machine_error(f"The command stopped{place}", fault))
    if isinstance(error, OSError) and (sentence := path_sentence(error)):
        return sentence
    if "database is locked" in str(error):
        return "Dagster's records are locked by another program; close it or wait, then run again."
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "site-packages" not in f.filename]
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "an unknown place"
    return f"Stopped by an unexpected error ({type(error).__name__} at {place}); please report it."


def _print_error(text: str) -> None:
    sys.stderr.write(f"cf-pipeline: {escape_invisible(text)}\n")


class _Parser(argparse.ArgumentParser):
    """Exit status 2 means that something was refused; a wrong option is a failure like any other."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(FAILED, escape_invisible(f"{self.prog}: {message}.{self._name_meant(message)}") + "\n")

    def _name_meant(self, message: str) -> str:
        """The command or option that comes near to the one of an error's message, as a sentence."""
        wrong = re.search(r"invalid choice: '([^']*)'|unrecognized arguments: (-\S+)", message)
        if wrong is None:
            return ""
        from cf_pipeline.contracts.words.near_names import did_you_mean

        return did_you_mean(wrong[1] or wrong[2].partition("=")[0], self._names(is_option=wrong[1] is None))

    def _names(self, *, is_option: bool) -> list[str]:
        """The commands (or choices), or the options, of this parser and of its commands."""
        names: list[str] = []
        for action in self._actions:
            names += action.option_strings if is_option else map(str, action.choices or ())
            if isinstance(action, argparse._SubParsersAction):
                for parser in action.choices.values():
                    names += parser._names(is_option=is_option)
        return names


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="cf-pipeline",
        description="Children's services spreadsheets to quarterly KPIs, forecasts and a committee report.",
        epilog=EXIT_CODES,
    )
    parser.add_argument("--version", action="version", version=f"cf-pipeline {cf_pipeline.__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for add_command in (_add_init, _add_sample):
        add_command(commands)
    add_run(commands, _settings, EXIT_CODES)
    for add_command in (_add_check, _add_accept):
        add_command(commands)
    add_database_commands(commands, _settings)
    for add_command in (_add_explain, _add_forecast):
        add_command(commands)
    add_report(commands, _settings)
    add_release(commands, _settings)
    add_export(commands, _settings)
    add_serve(commands, _settings)
    add_monitoring_commands(commands, _settings)
    add_privacy_commands(commands, _settings)
    return parser


def _add_init(commands: Commands) -> None:
    parser = commands.add_parser("init", help="make the folders, the key for child ids and Dagster's home")
    parser.set_defaults(command=_init)


def _add_sample(commands: Commands) -> None:
    parser = commands.add_parser(
        "sample", help="write synthetic deliveries into the drop zone (no real child)", epilog=EXIT_CODES
    )
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="another folder than the drop zone")
    parser.add_argument(
        "--seed", type=int, metavar="N", help="another council: other counts (default: the paper's)"
    )
    parser.add_argument(
        "--authorities", type=int, default=1, metavar="N", help="how many councils (default 1)"
    )
    parser.add_argument("--children", type=int, metavar="N", help="roughly how many children a council knows")
    parser.add_argument(
        "--years", type=int, default=3, metavar="N", help="years of the long extract (default 3)"
    )
    parser.add_argument(
        "--layout", choices=("plain", "ofsted"), default="plain", help="Annex A's workbook layout"
    )
    parser.add_argument("--extension", choices=("xlsx", "csv"), default="xlsx", help="workbooks or CSV files")
    parser.add_argument("--if-empty", action="store_true", help="only when the drop zone holds no delivery")
    parser.set_defaults(command=_sample)


def _add_check(commands: Commands) -> None:
    parser = commands.add_parser(
        "check",
        help="parse and validate files without loading them",
        epilog=f"Issues between deliveries are found by a run. {EXIT_CODES}",
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="spreadsheets or folders of them")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument(
        "--workbook", type=Path, metavar="OUT.xlsx", help="write the data-quality workbook of the files"
    )
    parser.set_defaults(command=_check)


def _add_accept(commands: Commands) -> None:
    parser = commands.add_parser(
        "accept", help="confirm a held delivery or list, so that the next run takes it"
    )
    parser.add_argument(
        "delivery",
        metavar="AUTHORITY/DELIVERY[/LIST]",
        help="as a run names it: camden/2019-12-31, or camden/2019-12-31/contacts",
    )
    parser.add_argument("--by", required=True, metavar="NAME", help="who confirms it")
    parser.add_argument("--because", required=True, metavar="TEXT", help="why it is right as it is")
    parser.set_defaults(command=_accept)


def _add_explain(commands: Commands) -> None:
    parser = commands.add_parser(
        "explain", help="one figure: its definition, the rows it counts and leaves out, its revisions"
    )
    parser.add_argument("kpi", metavar="KPI", help="name of the KPI, as in contacts_count")
    parser.add_argument("quarter", metavar="QUARTER", help="as in '2019/20 Q3'")
    parser.add_argument(
        "--authority", metavar="A", help="folder name of the authority, when there are several"
    )
    parser.add_argument("--as-at", metavar="D", help="as it was known at that date (YYYY-MM-DD)")
    parser.add_argument(
        "--rows", action="store_true", help="also each row that is counted or left out (restricted: case ids)"
    )
    parser.set_defaults(command=_explain)


def _add_forecast(commands: Commands) -> None:
    parser = commands.add_parser(
        "forecast", help="a KPI's year end by every method; with --set, what if a quarter were so"
    )
    parser.add_argument("kpi", metavar="KPI", help="name of the KPI, as in contacts_count")
    parser.add_argument(
        "--authority", metavar="A", help="its folder in the drop zone, when there are several"
    )
    parser.add_argument(
        "--set",
        dest="sets",
        action="append",
        default=[],
        metavar="Q4=25",
        help="set a quarter of the newest year, a share as Q4=20/25; may be given several times",
    )
    parser.set_defaults(command=_forecast)


def _init(_: argparse.Namespace) -> int:
    from cf_pipeline.project.setup import prepare_project

    made = prepare_project(_settings())
    for line in made or ["Everything is in place already."]:
        print(escape_invisible(line))
    return OK


def _sample(options: argparse.Namespace) -> int:
    from cf_pipeline.cli.sample import write_sample_deliveries

    return write_sample_deliveries(_settings(), options)


def _check(options: argparse.Namespace) -> int:
    from cf_pipeline.cli.check import check_files
    from cf_pipeline.project.runs.temporary_files import temporary_folder

    with temporary_folder(_settings()):  # an unknown setting stops every command alike
        return check_files(options.files, as_json=options.json, workbook=options.workbook)


def _accept(options: argparse.Namespace) -> int:
    from cf_pipeline.cli.accept import accept_delivery

    return accept_delivery(_settings(), options.delivery, name=options.by, reason=options.because)


def _explain(options: argparse.Namespace) -> int:
    from cf_pipeline.cli.explain import explain_kpi

    return explain_kpi(
        _settings(), options.kpi, options.quarter, options.authority, options.as_at, rows=options.rows
    )


def _forecast(options: argparse.Namespace) -> int:
    from cf_pipeline.cli.forecast import forecast_kpi

    return forecast_kpi(_settings(), options.kpi, options.authority, options.sets)


def _settings() -> Settings:
    """The settings; a change of the key that was stopped is completed or taken back first."""
    from cf_pipeline.project.privacy.key_change import is_key_change_begun
    from cf_pipeline.project.settings import find_root, load_settings

    settings = load_settings(find_root(Path.cwd()), os.environ)
    if not is_key_change_begun(settings.data):
        return settings
    from cf_pipeline.cli.operations.rotate_key import resume_key_change

    resume_key_change(settings)
    return load_settings(settings.root, os.environ)


if __name__ == "__main__":
    sys.exit(main())
