"""The settings as a Dagster resource, read when a run starts and never when code is loaded."""

from __future__ import annotations

import os
from pathlib import Path

import dagster as dg

from cf_pipeline.project.settings import Settings, find_root, load_settings


class PipelineSettings(dg.ConfigurableResource):  # type: ignore[type-arg]
    """Where the project lies; the settings themselves, and the secret, never enter Dagster's records."""

    root: str = ""

    def load(self) -> Settings:
        """The settings of `root`, or of the nearest project folder; SettingsError as `load_settings`."""
        return load_settings(project_root(self.root), os.environ)


def project_root(folder: str = "") -> Path:
    """The given folder, else the nearest one upwards with a pipeline.toml, else that of the source tree."""
    if folder:
        return Path(folder).resolve()
    root = find_root(Path.cwd())
    if (root / "pipeline.toml").is_file():
        return root
    return find_root(Path(__file__).resolve().parent.parent)
