"""Where a backup leaves its time."""

from __future__ import annotations

from pathlib import Path

import pytest

from cf_pipeline.project.settings import SettingsError, load_settings


def test_without_a_marker_it_lies_under_the_data_folder(tmp_path: Path) -> None:
    backup = load_settings(tmp_path, {"CF_DATA": "/srv/cf"}).backup
    assert (backup.marker, backup.most_days) == (Path("/srv/cf/last_backup"), 2)


def test_a_marker_is_relative_to_the_project(tmp_path: Path) -> None:
    assert load_settings(tmp_path, {"CF_BACKUP_MARKER": "mark"}).backup.marker == tmp_path / "mark"


def test_a_wrong_number_of_days_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"backup\.most_days"):
        load_settings(tmp_path, {"CF_BACKUP_MOST_DAYS": "two"})
