"""Erasures and purges that are registered and not yet carried through every store; a run completes them.

A register decides what a run loads, so the run makes every table of the lake again without the children. What
a run does not replace goes here: kept versions of the warehouse, tables that were set aside, files that could
not be read, and what the log of accesses says.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from cf_pipeline.project.input_hash import authority_hash
from cf_pipeline.project.lake_layout import SET_ASIDE_SUFFIX, check_slug, lake_folder
from cf_pipeline.project.privacy.register_files import FOLDER
from cf_pipeline.project.private_files import write_private
from cf_pipeline.project.runs.good_run import LAYERS, is_run_news
from cf_pipeline.project.settings import Settings

FILE = "unfinished.json"


@dataclass(frozen=True)
class Pending:
    """What was decided of one authority: by whom, its deliveries then, and what was held of them.

    `held`: delivery, list and rule of each doubt.
    """

    by: str
    deliveries: list[str]
    held: list[list[str]]


def begin(data: Path, slug: str, pending: Pending) -> None:
    """Note that an erasure or a purge of an authority begins."""
    _write(data, {**read_pending(data), check_slug(slug): pending})


def unfinished_authorities(data: Path) -> list[str]:
    """The authorities with an erasure or a purge that is not completed."""
    return sorted(read_pending(data))


def read_pending(data: Path) -> dict[str, Pending]:
    """What is not completed, by authority."""
    path = data / FOLDER / FILE
    noted = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {slug: Pending(**pending) for slug, pending in noted.items()}


def complete(settings: Settings) -> list[str]:
    """Complete what was decided of authorities that were run and published since; returns those that wait.

    Raises:
        PlainError: a store cannot be written; the next run tries again.
    """
    pending = read_pending(settings.data)
    names = sorted(pending)
    waiting = [name for name in names if is_run_news(settings.lake, name, authority_hash(settings, name))]
    if len(waiting) < len(names):
        from cf_pipeline import warehouse  # noqa: PLC0415 - every run asks what is pending, few complete it

        warehouse.forget_versions(settings.warehouse_url)
        for name in set(names) - set(waiting):
            _remove_set_aside(settings.lake, name)
        _write(settings.data, {name: pending[name] for name in waiting})
    return waiting


def _write(data: Path, pending: Mapping[str, Pending]) -> None:
    path = data / FOLDER / FILE
    if pending:
        write_private(path, json.dumps({slug: asdict(each) for slug, each in pending.items()}) + "\n")
    else:
        path.unlink(missing_ok=True)


def _remove_set_aside(lake: str, slug: str) -> None:
    """Remove the tables of an authority that failed a check: no run reads or replaces them."""
    for layer in LAYERS:
        folder = lake_folder(lake) / layer
        for table in folder.iterdir() if folder.exists() else ():
            (table / f"{slug}{SET_ASIDE_SUFFIX}").unlink(missing_ok=True)
