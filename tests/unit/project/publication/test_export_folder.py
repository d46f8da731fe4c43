"""An export takes the place of an earlier one whole, and of nothing else."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from cf_pipeline.project.publication.export_folder import ExportFolderError, export_folder

NAMES = frozenset({"published_v1"})


def write_export(place: Path, **texts: str) -> None:
    """Write an export of these files (`a` is a.csv)."""
    with export_folder(place, NAMES) as folder:
        resources = []
        for name, text in texts.items():
            (folder / f"{name}.csv").write_text(text)
            resources.append({"path": f"{name}.csv"})
        manifest = {"name": "published_v1", "resources": resources}
        (folder / "datapackage.json").write_text(json.dumps(manifest))


def content(place: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in place.iterdir() if path.suffix == ".csv"}


def test_its_folder_and_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_export(tmp_path / "new" / "out", a="1")
    finally:
        os.umask(before)
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "new" / "out").iterdir()} == {0o600}
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("new", "new/out")] == [0o700, 0o700]


def test_a_new_export_takes_the_place_of_the_earlier_one_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    write_export(tmp_path / "out", a="1", b="2")
    write_export(tmp_path / "out", a="3")
    assert content(tmp_path / "out") == {"a.csv": "3"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    write_export(tmp_path / "out", a="1")
    assert content(tmp_path / "out") == {"a.csv": "1"}


@pytest.mark.parametrize("stranger", ["notes.txt", "sub/notes.txt"])
def test_a_folder_with_a_file_that_no_export_wrote_is_refused_and_stays(
    tmp_path: Path, stranger: str
) -> None:
    write_export(tmp_path / "out", a="1")
    (tmp_path / "out" / stranger).parent.mkdir(exist_ok=True)
    (tmp_path / "out" / stranger).write_text("mine")
    with pytest.raises(ExportFolderError, match=rf"holds {stranger}, which no export wrote"):
        write_export(tmp_path / "out", a="2")
    assert content(tmp_path / "out")["a.csv"] == "1"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(
    "manifest", ["", "[]", '{"name": "other", "resources": []}', '{"name": "published_v1"}']
)
def test_a_data_package_of_someone_else_is_refused(tmp_path: Path, manifest: str) -> None:
    (tmp_path / "datapackage.json").write_text(manifest)
    with pytest.raises(ExportFolderError, match=r"holds datapackage\.json"):
        write_export(tmp_path, a="1")
    assert (tmp_path / "datapackage.json").read_text() == manifest


def test_a_link_in_the_folder_is_a_file_that_no_export_wrote(tmp_path: Path) -> None:
    write_export(tmp_path / "out", a="1")
    (tmp_path / "out" / "link").symlink_to(tmp_path)
    with pytest.raises(ExportFolderError, match="holds link"):
        write_export(tmp_path / "out", a="2")


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(ExportFolderError, match="is a file; name a folder"):
        write_export(tmp_path / "out", a="1")
    assert (tmp_path / "out").read_text() == "mine"


def test_the_root_of_the_system_is_refused() -> None:
    with pytest.raises(ExportFolderError, match="cannot be replaced"):
        write_export(Path("/"), a="1")


def test_an_export_that_fails_changes_nothing(tmp_path: Path) -> None:
    write_export(tmp_path / "out", a="1")

    def fail() -> None:
        with export_folder(tmp_path / "out", NAMES) as folder:
            (folder / "a.csv").write_text("half")
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        fail()
    assert content(tmp_path / "out") == {"a.csv": "1"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("is_replaced", [False, True])
def test_an_export_that_was_killed_between_two_moves_is_put_right(tmp_path: Path, is_replaced: bool) -> None:
    write_export(tmp_path / ".earlier-out", a="1")
    write_export(tmp_path / ".part-out", a="half")
    if is_replaced:
        write_export(tmp_path / "out", a="2")
    with pytest.raises(RuntimeError), export_folder(tmp_path / "out", NAMES) as folder:
        assert list(folder.iterdir()) == []
        raise RuntimeError
    assert content(tmp_path / "out") == {"a.csv": "2" if is_replaced else "1"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_two_exports_to_one_folder_do_not_mix(tmp_path: Path) -> None:
    with export_folder(tmp_path / "out", NAMES) as folder:
        (folder / "datapackage.json").write_text('{"name": "published_v1", "resources": []}')
        with pytest.raises(ExportFolderError, match="Another export"):
            write_export(tmp_path / "out", a="1")
        assert (folder / "datapackage.json").exists()
    assert (tmp_path / "out" / "datapackage.json").exists()
