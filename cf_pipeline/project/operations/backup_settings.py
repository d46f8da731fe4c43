"""The backup's part of `pipeline.toml`: the file that a backup leaves its time in, and how old it may be.

[backup]
marker = "data/last_backup" # the last line of a good backup writes the time to it, as 2026-03-01T04:00:00Z
most_days = 2               # older than that, `cf-pipeline doctor` asks for attention
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cf_pipeline.project.operations.setting_values import whole_number

MARKER, MOST_DAYS = "backup.marker", "backup.most_days"
DEFAULTS: dict[str, Any] = {MARKER: "", MOST_DAYS: 2}
FILE = "last_backup"


@dataclass(frozen=True)
class BackupSettings:
    """The file in which a backup leaves the time it ended, and the days after which another is due."""

    marker: Path
    most_days: int


def read_backup_settings(values: Mapping[str, Any], root: Path, data: Path) -> BackupSettings:
    """The backup's settings among those of a project; without a marker it is `last_backup` under `data`.

    Raises:
        OperationsSettingsError: the number of days is none.
    """
    marker = root / str(values[MARKER]) if values[MARKER] else data / FILE
    return BackupSettings(marker, whole_number(MOST_DAYS, values[MOST_DAYS]))
