"""Checks the folders: there, folders and no files, and open to the user who runs the pipeline."""

from __future__ import annotations

import os
from pathlib import Path

from cf_pipeline.operations.doctor.finding import ATTENTION, FAULT, Finding, or_ok
from cf_pipeline.project.settings import Settings

CHECK = "folders"


def project_folders(settings: Settings) -> dict[str, Path]:
    """What each folder of a project is for -> where it is; a lake or warehouse on a server has none."""
    folders = {
        "drop zone": settings.raw,
        "data folder": settings.data,
        "Dagster's home": settings.dagster_home,
    }
    if "://" not in settings.lake:
        folders["lake"] = Path(settings.lake)
    if settings.embedded_warehouse is not None:
        folders["warehouse's folder"] = settings.embedded_warehouse.parent
    return folders | {"folder of reports": settings.outputs}


def check_folders(settings: Settings) -> list[Finding]:
    """A finding for each folder that is missing, a file, or may not be used."""
    findings = [
        finding
        for name, path in project_folders(settings).items()
        if (finding := _check_folder(name, path, is_needed=name in ("drop zone", "data folder")))
    ]
    return or_ok(CHECK, findings, "Every folder is there and may be written.")


def _check_folder(name: str, path: Path, *, is_needed: bool) -> Finding | None:
    """What is wrong with a folder; None when nothing is. What a run makes by itself need not be there yet."""
    if not path.exists():
        if not is_needed:
            return None
        return Finding(CHECK, ATTENTION, f"The {name} {path} is not there.", "cf-pipeline init")
    if not path.is_dir():
        what = f"The {name} {path} is a file where a folder should be."
        return Finding(CHECK, FAULT, what, f"mv {path} {path}.moved, then run again")
    rights = os.R_OK | os.X_OK | (0 if name == "drop zone" else os.W_OK)
    if not os.access(path, rights, effective_ids=True):
        may = "read" if name == "drop zone" else "written"
        what = f"The {name} {path} may not be {may} by this user, or its disk is read-only."
        return Finding(
            CHECK, FAULT, what, f"chown it to this user, or chmod u+rwx {path}; see mount for the disk"
        )
    return None
