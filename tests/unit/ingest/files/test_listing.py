"""What lies below a folder, whatever it is called and whoever may read it."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from cf_pipeline.errors import MachineError
from cf_pipeline.ingest.deliveries import delivered_files, fingerprint
from cf_pipeline.ingest.files import listing
from cf_pipeline.ingest.files.listing import walk_folder
from cf_pipeline.ingest.receive import find_authorities, receive_deliveries, refusals_in_drop_zone
from tests.support.odd_folders import (
    CLOSED,
    REFUSED_FILES,
    REFUSED_IN_DROP_ZONE,
    close_folders,
    deliver_odd_folders,
)
from tests.support.small_deliveries import deliver


def test_everything_is_listed_in_the_order_of_its_names(tmp_path: Path) -> None:
    for name in ("b/two", "b.csv", "a", os.fsdecode(b"\xff")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "c").symlink_to(tmp_path / "b")
    (tmp_path / ".hidden").touch()
    found = [(entry.path.relative_to(tmp_path).as_posix(), entry.kind) for entry in walk_folder(tmp_path)]
    assert found == [
        ("a", "file"),
        ("b", "folder"),
        ("b/two", "file"),
        ("b.csv", "file"),
        ("c", "link"),
        (os.fsdecode(b"\xff"), "file"),
    ]
    assert len(list(walk_folder(tmp_path, with_ignored=True))) == len(found) + 1
    assert list(walk_folder(tmp_path / "none")) == []
    assert [(entry.path, entry.kind) for entry in walk_folder(tmp_path / "c")] == [(tmp_path / "c", "link")]


def test_each_is_refused_by_name_and_every_good_delivery_is_read(
    raw: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver_odd_folders(raw)
    close_folders(monkeypatch)
    assert find_authorities(raw) == ["barnet", "camden", CLOSED, "islington", "lambeth"]
    assert set(refusals_in_drop_zone(raw)) == {
        f"raw/{name}: {why}" for name, why in REFUSED_IN_DROP_ZONE.items()
    }
    for name in ("barnet", "camden", "islington", "lambeth"):
        received = receive_deliveries(raw, name)
        expected = {place: why for place, why in REFUSED_FILES.items() if place.startswith(name)}
        found = {place: why for place, _, why in (text.partition(": ") for text in received.refusals)}
        assert found.keys() == expected.keys()
        assert all(found[place].startswith(f"{why}; the whole delivery") for place, why in expected.items())
        assert len(received.lists["contacts"]) == 3
    assert receive_deliveries(raw, CLOSED).refusals == [
        "closed: the folder could not be opened; check that it is there and may be read"
    ]
    assert receive_deliveries(raw, "southwark").refusals == [
        f"southwark: {REFUSED_IN_DROP_ZONE['southwark']}"
    ]


def test_a_folder_that_closes_opens_empties_or_gets_another_name_moves_the_hash(
    raw: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = deliver(raw, "camden").parent / os.fsdecode(b"\xff")
    hashes = [fingerprint(raw, "camden")]
    for name in (folder, folder.with_name(CLOSED)):
        name.mkdir()
        hashes.append(fingerprint(raw, "camden"))
        name.rmdir()
    folder.with_name(CLOSED).mkdir()
    close_folders(monkeypatch)
    hashes.append(fingerprint(raw, "camden"))
    assert len(set(hashes)) == 4
    assert fingerprint(raw, "camden") == hashes[-1]


def test_a_device_that_fails_is_no_refusal(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver(raw, "camden")

    def fail(folder: Path) -> list[listing.Entry]:
        raise OSError(errno.EIO, "Input/output error", str(folder))

    monkeypatch.setattr(listing, "list_folder", fail)
    with pytest.raises(MachineError, match=r"camden could not be listed: input/output error; check the disk"):
        delivered_files(raw, "camden")
