"""Erasures that are registered and not yet carried through every store: the next run completes them.

A register decides what a run loads, so the run makes every table of the lake again without the children. What
a run does not replace goes here: kept versions of the warehouse, tables that were set aside, files that could
not be read, and what the log of accesses says.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

from upath import UPath

from cf_pipeline import warehouse
from cf_pipeline.project.input_hash import authority_hash
from cf_pipeline.project.lake_layout import SET_ASIDE_SUFFIX, check_slug
from cf_pipeline.project.privacy.erasures import FOLDER
from cf_pipeline.project.private_files import write_private
from cf_pipeline.project.runs.good_run import LAYERS, is_run_news
from cf_pipeline.project.settings import Settings

FILE = "unfinished.json"


def begin(data: Path, slug: str) -> None:
    """Note that an erasure of an authority begins."""
    _write(data, {*unfinished_authorities(data), check_slug(slug)})


def unfinished_authorities(data: Path) -> list[str]:
    """The authorities with an erasure that is not completed."""
    path = data / FOLDER / FILE
    return sorted(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else []


def complete(settings: Settings) -> list[str]:
    """Complete erasures whose authorities were run and published since; returns those that still wait.

    Raises:
        PlainError: a store cannot be written; the next run tries again.
    """
    names = unfinished_authorities(settings.data)
    waiting = [name for name in names if is_run_news(settings.lake, name, authority_hash(settings, name))]
    if len(waiting) < len(names):
        warehouse.forget_versions(settings.warehouse_url)
        for name in set(names) - set(waiting):
            _remove_set_aside(settings.lake, name)
        _write(settings.data, waiting)
    return waiting


def _write(data: Path, slugs: Collection[str]) -> None:
    path = data / FOLDER / FILE
    if slugs:
        write_private(path, json.dumps(sorted(slugs)) + "\n")
    else:
        path.unlink(missing_ok=True)


def _remove_set_aside(lake: str, slug: str) -> None:
    """Remove the tables of an authority that failed a check: no run reads or replaces them."""
    for layer in LAYERS:
        folder: UPath = UPath(lake) / layer
        for table in folder.iterdir() if folder.exists() else ():
            (table / f"{slug}{SET_ASIDE_SUFFIX}").unlink(missing_ok=True)
