"""A change of the key for child ids: when it may begin, and what it does beside the lake and the warehouse.

Everything is made with the new key beside what there is, and compared; then it takes its place. The old key
is used until the last step and destroyed by it.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from pathlib import Path

from cf_pipeline import warehouse
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.operations.audit import Action, access_log, audit_log, read_actions, record_action
from cf_pipeline.operations.privacy.pending_erasures import unfinished_authorities
from cf_pipeline.operations.privacy.pseudonym_pairs import find_pseudonym_pairs, line_changer
from cf_pipeline.operations.privacy.second_lake import find_differences, second_settings
from cf_pipeline.project import lake_layout
from cf_pipeline.project.id_key import verified_id_key
from cf_pipeline.project.input_hash import authority_hash
from cf_pipeline.project.lake_layout import TableKey, clean_list
from cf_pipeline.project.lake_reader import LakeReader
from cf_pipeline.project.privacy.key_change import KeyChange, KeyChangeError
from cf_pipeline.project.private_files import write_private
from cf_pipeline.project.runs.good_run import OF_ONE_RUN, is_run_news, write_good_run
from cf_pipeline.project.runs.last_run import read_last_run
from cf_pipeline.project.settings import SECRET, Settings, read_id_key
from cf_pipeline.project.unfinished_runs import RUN_ID

ACTION: Action = "rotate key"
NOTHING = "nothing was changed"


def plan_key_change(
    settings: Settings, *, because: str, by: str, key_file: Path | None, has_key_file: bool
) -> KeyChange:
    """The change of the key to that of a file, or to one that is made here, when it may begin.

    Args:
        settings: the project's, with the old key.
        because: why.
        by: who decided it.
        key_file: the file of the new key; None for one that is made.
        has_key_file: whether the old key is in the project's file, and no variable names it.

    Raises:
        IdKeyError: the key is not that of the lake.
        KeyChangeError: it may not begin; the sentence says what to do first.
        SettingsError: the new key is none, or others may read its file.
    """
    if not because.strip() or not by.strip():
        raise KeyChangeError("Say who decided the change of the key (--by NAME) and why (--because TEXT).")
    old_key = verified_id_key(settings)
    new_key = _new_key(key_file, has_key_file=has_key_file)
    if new_key == old_key:
        raise KeyChangeError(f"{key_file} holds the key that is used now; {NOTHING}.")
    slugs = _find_whole_authorities(settings)
    hashes = {slug: authority_hash(settings, slug) for slug in slugs}
    unchanged = {slug: each for slug, each in hashes.items() if not is_run_news(settings.lake, slug, each)}
    return KeyChange(
        old_key=old_key.decode(),
        new_key=new_key.decode(),
        has_key_file=has_key_file,
        because=because.strip(),
        by=by.strip(),
        started_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        authorities=tuple(slugs),
        unchanged=unchanged,
    )


def check_second_lake(settings: Settings, change: KeyChange) -> None:
    """Make sure that both lakes hold the same, record by record, but for the pseudonyms.

    Raises:
        KeyChangeError: they do not; the sentence names authority and tables.
    """
    second = second_settings(settings, change.new_key)
    for slug in change.authorities:
        pairs = find_pseudonym_pairs(settings, slug, change.old_key.encode(), change.new_key.encode())
        if names := find_differences(settings, second, slug, pairs):
            raise KeyChangeError(
                f"{slug}: with the new key {', '.join(names)} would hold something else than now, as the "
                f"product, a setting or a published file changed since its last run: `cf-pipeline run --all` "
                f"first; {NOTHING}."
            )


def record_good_runs(settings: Settings, change: KeyChange) -> None:
    """Record of the authorities that had nothing new when the change began that it moved nothing.

    What arrived since is new: the hash is the one of then. So is a register that was hashed once more.
    """
    for slug, inputs in change.unchanged.items():
        write_good_run(settings.lake, slug, inputs)


def forget_old_pseudonyms(settings: Settings, change: KeyChange) -> int:
    """Remove kept versions of the warehouse, and put new pseudonyms into the log of accesses.

    Returns:
        How many lines of the log are others.

    Raises:
        PlainError: a store cannot be written; it may be called again.
    """
    warehouse.forget_versions(settings.warehouse_url)
    pairs = dict[str, str]()
    for slug in change.authorities:
        pairs |= find_pseudonym_pairs(settings, slug, change.old_key.encode(), change.new_key.encode())
    return access_log(settings.data).rewrite(line_changer(pairs))


def replace_key_file(settings: Settings, change: KeyChange) -> None:
    """Put the new key in the place of the old one; a file with the old key goes where a variable names it."""
    path = settings.key_file
    if change.has_key_file:
        write_private(path, change.new_key + "\n")
    elif path.is_file() and path.read_bytes().strip() == change.old_key.encode():
        path.unlink()


def record_key_change(settings: Settings, change: KeyChange, counts: Mapping[str, int]) -> None:
    """Write the change to the audit log, once however often it is completed."""
    log, since = audit_log(settings.data), dt.datetime.fromisoformat(change.started_at)
    entries = read_actions(settings.data) if log.path.exists() else ()
    if not any(entry.action == ACTION and entry.time >= since for entry in entries):
        record_action(settings.data, ACTION, "child ids", by=change.by, because=change.because, counts=counts)


def _find_whole_authorities(settings: Settings) -> list[str]:
    """Every authority with a history, when nothing has to be completed before the key is changed."""
    if names := unfinished_authorities(settings.data):
        raise KeyChangeError(
            f"An erasure or purge of {', '.join(names)} is not completed: `cf-pipeline run` first; {NOTHING}."
        )
    last = read_last_run(settings.data)
    if last is not None and last.rollback_sentence:
        raise KeyChangeError(
            "An earlier version of the warehouse is shown, and a new key publishes the lake: "
            f"`cf-pipeline publish` first; {NOTHING}."
        )
    slugs = LakeReader(settings).authorities_with(lake_layout.PERSON)
    if not slugs:
        raise KeyChangeError(f"{settings.lake} holds no history yet: `cf-pipeline run` first; {NOTHING}.")
    for slug in slugs:
        _check_is_whole(settings, slug)
    return slugs


def _new_key(key_file: Path | None, *, has_key_file: bool) -> bytes:
    if key_file is None:
        if not has_key_file:
            raise KeyChangeError(
                f"The key for child ids comes from {SECRET}, which only you can change: put a new key of 32 "
                f"characters or more in a file (mode 0600) and name it with --key-file; {NOTHING}."
            )
        return secrets.token_hex(32).encode()
    key = read_id_key(key_file, {})
    if key is None:
        raise KeyChangeError(f"There is no file {key_file}; {NOTHING}.")
    return key


def _check_is_whole(settings: Settings, slug: str) -> None:
    """Make sure that an authority's tables are of one run: its history is made from the cleaned ones."""
    reader = LakeReader(settings)
    keys: list[TableKey] = [*map(clean_list, list_contracts()), lake_layout.QUARANTINE, *OF_ONE_RUN[1:]]
    runs = {reader.read_attributes(key, slug).get(RUN_ID) if reader.has(key, slug) else "" for key in keys}
    if len(runs) != 1:
        raise KeyChangeError(
            f"{slug}: its last run stopped before its figures, and its tables do not belong together: put "
            "right what `cf-pipeline run` says of it, or take that delivery out of the drop zone, and run; "
            f"{NOTHING}."
        )
