"""The folders, the key and Dagster's configuration that must exist before a run.

Belongs here: making them once, privately. Does not belong here: anything a run reads or writes.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import replace
from pathlib import Path

from cf_pipeline.project.id_key import check_key_not_lost, verified_id_key
from cf_pipeline.project.private_files import private_folder, write_private
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
STORAGE_YAML = """\
# Dagster's records in SQLite files: the events of all runs in one, over connections that stay open.
storage:
  custom:
    module: resources.dagster_storage
    class: SingleConnectionStorage
    config:
      base_dir:
        env: DAGSTER_HOME
"""
STORAGE_KEYS = ("storage:", "run_storage:", "event_log_storage:", "schedule_storage:")
"""Lines by which a dagster.yaml says itself where Dagster's records are."""


def prepare_project(settings: Settings) -> list[str]:
    """Make what is missing of the project; returns one sentence for each thing made.

    Makes `raw/`, the data folder (0700), the key file (0600) unless a key is set, and Dagster's
    home with telemetry off. What exists is left as it is, but that the dagster.yaml of an older version gets
    the lines it lacks.

    Raises:
        IdKeyError: the key is missing or another one, and the lake holds records.
    """
    made: list[str] = []
    if settings.id_key is None:
        check_key_not_lost(settings)
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
    key = settings.id_key or settings.key_file.read_text(encoding="utf-8").strip().encode()
    verified_id_key(replace(settings, id_key=key))
    made += _write_dagster_yaml(settings.dagster_home / "dagster.yaml")
    return made


def _write_dagster_yaml(path: Path) -> list[str]:
    """Write Dagster's configuration, or add the storage to one that does not say where records are."""
    if not path.exists():
        write_private(path, DAGSTER_YAML + STORAGE_YAML)
        return [f"Made {path}."]
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        text = ""
    if not text.strip():
        write_private(path, DAGSTER_YAML + STORAGE_YAML)
        return [f"Made {path} again: it was empty or no text."]
    if any(line.startswith(STORAGE_KEYS) for line in text.splitlines()):
        return []
    write_private(path, f"{text.rstrip()}\n{STORAGE_YAML}")
    return [f"Added to {path} how Dagster keeps its records."]


if __name__ == "__main__":  # `make ui` asks where Dagster's home is
    print(load_settings(find_root(Path.cwd()), os.environ).dagster_home)
