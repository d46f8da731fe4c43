"""Whatever happens to a drop zone and to what is kept: reading again gives what reading everything gives.

Random histories of a small council arrive as files. Between two readings a delivery comes, goes, changes or
gets another name, the council's mapping changes, or something that is kept is damaged.
"""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import cf_pipeline.ingest.file_lists
from cf_pipeline.ingest.files.read_file import Reading, read_file
from cf_pipeline.project.results.lake_results import LakeResults
from tests.second_opinion.comparison import as_cleaned
from tests.second_opinion.random_history import Plan, deliveries
from tests.support.arrivals import write_delivery
from tests.support.kept_results import FilesRead, kept_files, read_files

pytestmark = pytest.mark.slow

AUTHORITY = "camden"
LISTS = ("care_leavers", "children_in_care", "cla_visits", "contacts", "pathway_plans", "referrals")
STEPS = 12
MAPPINGS = (
    "",
    '[headers.contacts]\n"Gender" = "contact_source"\n',
    '[codes.gender]\n"F" = "M"\n',
    "[ids]\nzero_pad = 8\n",
)


@pytest.fixture(autouse=True)
def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each content is parsed once: here it is not the parser that is tested."""
    known: dict[str, Reading] = {}

    def reading(path: Path, *arguments: Any) -> Reading:
        content = hashlib.sha256(path.read_bytes()).hexdigest() + path.suffix
        if content not in known:
            known[content] = read_file(path, *arguments)
        return known[content]

    monkeypatch.setattr(cf_pipeline.ingest.file_lists, "read_file", reading)


class DropZone:
    """The files of one council, and what may happen to them between two readings."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.raw, self.lake = folder / "raw", folder / "lake"
        self.draw = Random(seed)
        self.waiting: list[tuple[str, Any]] = []
        for other in (seed, seed + 1):  # the second history is that of other children
            for delivery in deliveries(Plan(other, children=6, deliveries=4, lists=LISTS)):
                stated = delivery.stated_from
                name = f"{delivery.as_at}" if stated is None else f"{stated}_{delivery.as_at}"
                self.waiting.append((name, as_cleaned(delivery).lists))
        self.deliver()

    @property
    def folder(self) -> Path:
        return self.raw / AUTHORITY

    @property
    def files(self) -> list[Path]:
        return sorted(self.folder.glob("*/*.csv"))

    def deliver(self) -> None:
        """The next delivery comes; over one of the same name, as a correction."""
        if self.waiting:
            name, lists = self.waiting.pop(self.draw.randrange(len(self.waiting)))
            write_delivery(self.folder / name, lists)

    def withdraw(self) -> None:
        folders = sorted(path for path in self.folder.iterdir() if path.is_dir())
        if len(folders) > 1:
            shutil.rmtree(self.draw.choice(folders))

    def rename(self) -> None:
        file = self.draw.choice(self.files)
        file.rename(file.with_name(f"again {file.name}"))

    def copy(self) -> None:
        file = self.draw.choice(self.files)
        (file.parent / f"copy of {file.name}").write_bytes(file.read_bytes())

    def move_to_another_delivery(self) -> None:
        file, other = self.draw.choice(self.files), self.draw.choice(self.files)
        shutil.copy(file, other.parent / f"from elsewhere {file.name}")

    def change_mapping(self) -> None:
        (self.folder / "mapping.toml").write_text(self.draw.choice(MAPPINGS), encoding="utf-8")

    def damage(self) -> None:
        """Some of what is kept is cut off, changed, empty or another's."""
        for file in kept_files(self.lake):
            content = bytearray(file.read_bytes())
            kind = self.draw.randrange(6)
            if kind == 0:
                file.write_bytes(content[: self.draw.randrange(len(content))])
            elif kind == 1:
                content[self.draw.randrange(len(content))] ^= 1 << self.draw.randrange(8)
                file.write_bytes(bytes(content))
            elif kind == 2:
                file.write_bytes(self.draw.choice(kept_files(self.lake)).read_bytes())
            elif kind == 3:
                file.write_bytes(b"")


CHANGES = (
    DropZone.deliver,
    DropZone.deliver,
    DropZone.deliver,
    DropZone.withdraw,
    DropZone.rename,
    DropZone.copy,
    DropZone.move_to_another_delivery,
    DropZone.change_mapping,
    DropZone.damage,
    DropZone.damage,
)


def frames(read: FilesRead) -> Iterator[tuple[str, pd.DataFrame]]:
    """Every frame that a later step reads, by name."""
    received, accepted = read
    yield "manifest received", received.manifest
    yield "findings", received.findings
    yield "unmatched headers", received.unmatched_headers
    # Kept files give texts, files that are read give categories of the same texts.
    yield from ((f"ingested {name}", as_texts(frame)) for name, frame in received.lists.items())
    yield "manifest", accepted.manifest
    yield "held", accepted.held
    yield "issues", accepted.cleaned.issues
    yield "quarantine", accepted.cleaned.quarantine
    yield "unmatched codes", accepted.cleaned.unmatched_codes
    yield from ((f"clean {name}", frame) for name, frame in accepted.cleaned.lists.items())


def as_texts(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame whose categories of text are text."""
    return frame.astype(dict.fromkeys(frame.select_dtypes("category"), "str"))


def assert_equal(warm: FilesRead, cold: FilesRead) -> None:
    """Equal values, types, columns, order of rows, categories and sentences."""
    found, expected = dict(frames(warm)), dict(frames(cold))
    assert list(found) == list(expected)
    for name, frame in expected.items():
        assert_frame_equal(found[name], frame, check_exact=True, obj=name)
    assert warm.received.refusals == cold.received.refusals


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.long) for seed in (2, 3))])
def test_reading_again_gives_what_reading_everything_gives(tmp_path: Path, seed: int) -> None:
    zone = DropZone(tmp_path, seed)
    for _ in range(STEPS):
        assert_equal(read_files(zone.raw, AUTHORITY, zone.lake), read_files(zone.raw, AUTHORITY))
        zone.draw.choice(CHANGES)(zone)


def test_most_is_found_and_nothing_else_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without this the test above could pass with a store that never finds anything."""
    zone = DropZone(tmp_path, seed=9)
    zone.deliver()
    read_files(zone.raw, AUTHORITY, zone.lake)
    kept, counts = kept_files(zone.lake), Counter[bool]()
    assert len(kept) > len(zone.files)
    find = LakeResults.find

    def counted(store: LakeResults, key: str) -> Any:
        found = find(store, key)
        counts[found is not None] += 1
        return found

    monkeypatch.setattr(LakeResults, "find", counted)
    read_files(zone.raw, AUTHORITY, zone.lake)
    assert counts[False] == 0
    assert counts[True] == len(kept)
    assert kept_files(zone.lake) == kept
    zone.withdraw()
    read_files(zone.raw, AUTHORITY, zone.lake)
    assert len(kept_files(zone.lake)) < len(kept)
