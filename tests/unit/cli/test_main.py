"""What an error looks like: one sentence, no traceback, no cell's value."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import pytest

import cf_pipeline
from cf_pipeline.cli import main
from cf_pipeline.errors import PlainError
from cf_pipeline.project.settings import SettingsError
from tests.support.small_deliveries import deliver


def raising(error: BaseException) -> main.Command:
    def command(_: object) -> int:
        raise error

    return command


def said_by(
    error: BaseException, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str]:
    monkeypatch.setattr(main, "_init", raising(error))
    status = main.main(["init"])
    return status, capsys.readouterr().err


def test_an_error_of_ours_is_said_as_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said_by(SettingsError("No such setting."), monkeypatch, capsys) == (
        1,
        "cf-pipeline: No such setting.\n",
    )


def test_an_unexpected_error_is_told_without_its_text(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, said = said_by(ValueError("could not convert 'Jane Doe'"), monkeypatch, capsys)
    assert status == 1
    assert "ValueError at test_main.py" in said
    assert "Jane" not in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(13, "Permission denied", "/srv/data"), "/srv/data: permission denied"),
        (
            OSError(28, "No space left on device", "/srv/data"),
            "stopped at /srv/data: the disk is full; free some space and run again",
        ),
        (RuntimeError("(sqlite3.OperationalError) database or disk is full"), "the disk is full"),
        (RuntimeError("(sqlite3.OperationalError) database is locked"), "locked by another program"),
    ],
)
def test_a_folder_or_database_that_cannot_be_used_is_named(
    error: Exception, words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, said = said_by(error, monkeypatch, capsys)
    assert status == 1
    assert words in said


def test_ctrl_c_ends_with_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    status, said = said_by(KeyboardInterrupt(), monkeypatch, capsys)
    assert status == 130
    assert "published before is still there" in said


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["check"], ["sample", "--seed", "x"]])
def test_a_wrong_command_exits_1_because_2_means_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main.main(arguments)
    assert ended.value.code == 1
    assert "usage: cf-pipeline" in capsys.readouterr().err


def test_help_lists_the_commands_that_work_and_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main.main(["--help"])
    said = capsys.readouterr().out
    for command in ("init", "sample", "run", "check", "publish"):
        assert f"\n    {command} " in said
    assert "2 done but something was refused" in " ".join(said.split())


@pytest.mark.slow
def test_a_damaged_table_of_the_lake_is_named_and_the_next_run_makes_it_again(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deliver(project / "raw", "camden")
    assert main.main(["run"]) == 0
    for table in ("core/contacts", "kpi/reported", "kpi/quarterly"):
        (project / "data" / "lake" / table / "camden.parquet").write_bytes(b"PAR1 half a table")
    capsys.readouterr()
    assert main.main(["explain", "contacts_count", "2019/20 Q3"]) == 1
    file = project / "data" / "lake" / "core" / "contacts" / "camden.parquet"
    assert capsys.readouterr().err == (
        f"cf-pipeline: The table core/contacts of the lake is damaged ({file}); "
        "`cf-pipeline run` makes it again from the deliveries.\n"
    )
    assert main.main(["publish"]) == 1
    assert "The table kpi/quarterly of the lake is damaged" in capsys.readouterr().err
    assert main.main(["run"]) == 0
    assert "every figure is identical to the last digit" in capsys.readouterr().out
    assert main.main(["explain", "contacts_count", "2019/20 Q3"]) == 0


NOT_FOR_A_SCREEN = {
    "NotAFileError",
    "UnknownShapeError",
    "UnreadableError",
    "TomlError",
    "UnprotectableError",
    "ChangedError",
}
"""Caught inside their package: turned into a refusal by name, or into what is withheld, or tried again."""


def test_every_error_that_reaches_a_person_is_a_plain_error() -> None:
    found = {
        name: error
        for module in pkgutil.walk_packages(cf_pipeline.__path__, "cf_pipeline.")
        for name, error in vars(importlib.import_module(module.name)).items()
        if isinstance(error, type) and issubclass(error, Exception)
        if error.__module__ == module.name
    }
    assert {name for name, error in found.items() if not issubclass(error, PlainError)} == NOT_FOR_A_SCREEN
    assert {"SettingsError", "WarehouseError", "ContractError", "RegistryError"} <= set(found)
