"""`cf-pipeline rotate-key`: another key for child ids; every history stays, and the old key is useless."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import replace
from pathlib import Path

from cf_pipeline.cli.console import print_line
from cf_pipeline.cli.run import count_again, publish
from cf_pipeline.operations.privacy.key_rotation import (
    check_second_lake,
    forget_old_pseudonyms,
    plan_key_change,
    record_good_runs,
    record_key_change,
    replace_key_file,
)
from cf_pipeline.operations.privacy.second_lake import (
    prepare_second_lake,
    put_second_lake_in_place,
    remove_second_lake,
    second_settings,
)
from cf_pipeline.project.locks import RunLock
from cf_pipeline.project.privacy.erasures import renew_keys
from cf_pipeline.project.privacy.key_change import (
    BUILDING,
    PUBLISHING,
    REPLACING,
    KeyChange,
    KeyChangeError,
    KeyChangeUnderWayError,
    end_key_change,
    find_key_change,
    write_key_change,
)
from cf_pipeline.project.runs.temporary_files import temporary_folder
from cf_pipeline.project.settings import SECRET, Settings

OK, FAILED = 0, 1


def rotate_key(settings: Settings, *, because: str, by: str, key_file: Path | None) -> int:
    """Change the key, and say what was done; returns the exit status.

    A change that was stopped is completed instead.

    Args:
        settings: the project's.
        because: why.
        by: who decided it.
        key_file: the file of the new key; None for one that is made.

    Raises:
        PlainError: nothing was changed, or the next command completes the change.
    """
    with _run_alone(settings):
        begun = find_key_change(settings.data)
        if begun is not None and begun.phase != BUILDING:
            return _complete(settings)
        if begun is not None:
            _take_back(settings)
        has_key_file = SECRET not in os.environ
        change = plan_key_change(
            settings, because=because, by=by, key_file=key_file, has_key_file=has_key_file
        )
        _build(settings, change)
        return _complete(settings)


def resume_key_change(settings: Settings) -> None:
    """Complete or take back a change of the key that was stopped; what is said goes to standard error.

    Raises:
        KeyChangeUnderWayError: another command is at work on it, and stores are being replaced.
        PlainError: it cannot be completed yet; the next command tries again.
    """
    lock = RunLock(settings.data / "locks", "_run")
    if not lock.try_acquire():
        change = find_key_change(settings.data)
        if change is not None and change.phase != BUILDING:
            raise KeyChangeUnderWayError(
                "The key for child ids is being changed by another command: try again when that has ended."
            )
        return
    lock.release()
    with redirect_stdout(sys.stderr), _run_alone(settings):
        change = find_key_change(settings.data)
        if change is not None and change.phase == BUILDING:
            _take_back(settings)
            print_line(
                "The change of the key for child ids was stopped before anything was replaced: taken back."
            )
        elif change is not None:
            print_line("The change of the key for child ids was stopped; it is completed now.")
            _complete(settings)


def _build(settings: Settings, change: KeyChange) -> None:
    """Make every history and figure with the new key in a second lake; on any error nothing is changed."""
    second = second_settings(settings, change.new_key)
    try:
        write_key_change(settings.data, change)
        renew_keys(settings.data)
        prepare_second_lake(settings, second, change.authorities)
        with _variables(CF_LAKE=second.lake, CF_ID_KEY=change.new_key):
            failures = count_again(second, change.authorities)
        if failures:
            raise KeyChangeError(f"{' '.join(failures)} Nothing was changed.")
        check_second_lake(settings, change)
        write_key_change(settings.data, replace(change, phase=REPLACING))
    except BaseException:
        _take_back(settings)
        raise


def _take_back(settings: Settings) -> None:
    remove_second_lake(settings)
    end_key_change(settings.data)


def _complete(settings: Settings) -> int:
    """Put the second lake in place, publish it, and destroy the old key; each step may be done again."""
    change = find_key_change(settings.data)
    if change is None:
        return OK
    if change.phase == REPLACING:
        put_second_lake_in_place(settings)
        change = replace(change, phase=PUBLISHING)
        write_key_change(settings.data, change)
    remove_second_lake(settings)
    now = replace(settings, id_key=change.new_key.encode())
    record_good_runs(now, change)
    with _variables(CF_ID_KEY=change.new_key):
        status = publish(now)
    if status == FAILED:
        raise KeyChangeError(
            "The key is changed in the lake and not in the warehouse, because publishing failed: put that "
            "right; the next command completes the change."
        )
    lines = forget_old_pseudonyms(now, change)
    replace_key_file(settings, change)
    counts = {"authorities": len(change.authorities), "lines of the log of accesses": lines}
    record_key_change(settings, change, counts)
    end_key_change(settings.data)
    _print_end(settings, change)
    return status


def _print_end(settings: Settings, change: KeyChange) -> None:
    count = len(change.authorities)
    print_line(
        f"Every pseudonym of {'1 authority' if count == 1 else f'{count:,} authorities'} is another one; "
        "every history and figure is as before. The old key is destroyed, and no earlier version of the "
        "warehouse is kept."
    )
    if change.has_key_file:
        print_line(f"Keep a copy of {settings.key_file} in a safe place.")
    elif os.environ.get(SECRET, "").strip() != change.new_key:
        print_line(
            f"Set {SECRET} to the new key now, wherever the service gets it from, and start the service "
            "again: what has the old key stops."
        )
    print_line(
        "Backups made before hold pseudonyms of the old key, and a restored one needs that key: keep it with "
        "them, or destroy both."
    )


@contextmanager
def _run_alone(settings: Settings) -> Iterator[None]:
    """No run, and no other change of the key, while the block lasts."""
    lock = RunLock(settings.data / "locks", "_run")
    if not lock.try_acquire():
        raise KeyChangeUnderWayError(
            "A run is under way: change the key when it has ended; nothing was changed."
        )
    try:
        with temporary_folder(settings):
            yield
    finally:
        lock.release()


@contextmanager
def _variables(**values: str) -> Iterator[None]:
    """Variables of the environment for the steps of the graph, which read the settings themselves."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value
