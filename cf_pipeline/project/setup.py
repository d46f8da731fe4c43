"""The folders, the key and Dagster's configuration that must exist before a run.

Belongs here: making them once, privately. Does not belong here: anything a run reads or writes.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cf_pipeline.project.settings import Settings, find_root, load_settings

DAGSTER_YAML = """\
# Written by `cf-pipeline init`; delete it to have it written again.
telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  runs:
    max_concurrent_runs: 2
    tag_concurrency_limits:
      # two runs of one authority never work at once
      - key: dagster/partition
        limit: 1
        value:
          applyLimitPerUniqueValue: true
  pools:
    default_limit: 1
    granularity: run
# What a step prints is not kept: a library's warning could quote a cell.
compute_logs:
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
retention:
  schedule:
    purge_after_days: 90
  sensor:
    purge_after_days:
      skipped: 2
      failure: 30
      success: 90
"""


def private_folder(path: Path) -> Path:
    """The folder, made with every missing parent for its owner alone (0700)."""
    for folder in [*reversed(path.parents), path]:
        if not folder.exists():
            folder.mkdir(mode=0o700, exist_ok=True)
    return path


def prepare(settings: Settings) -> list[str]:
    """Make what is missing; returns one plain sentence for each thing made.

    Makes `raw/`, the data folder (0700), the key file (0600) unless a key is set, and Dagster's
    home with telemetry off. What exists is left as it is.
    """
    made: list[str] = []
    if not settings.raw.exists():
        settings.raw.mkdir(parents=True)
        made.append(f"Made the drop zone {settings.raw}.")
    for folder in (settings.data, settings.dagster_home):
        if not folder.exists():
            private_folder(folder)
            made.append(f"Made the folder {folder}.")
    if settings.id_key is None:
        write_private(settings.key_file, secrets.token_hex(32) + "\n")
        made.append(f"Made the key for child ids {settings.key_file}: keep a copy in a safe place.")
    yaml = settings.dagster_home / "dagster.yaml"
    if not yaml.exists():
        write_private(yaml, DAGSTER_YAML)
        made.append(f"Made {yaml}.")
    return made


def write_private(path: Path, text: str) -> None:
    """Put a file in place whole, mode 0600: a reader sees the old one or the new one."""
    part = path.with_name(f".part-{path.name}")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    part.replace(path)


if __name__ == "__main__":  # `make ui` asks where Dagster's home is
    print(load_settings(find_root(Path.cwd()), os.environ).dagster_home)
