"""What was told: the file that keeps each alert from being told twice, for its owner alone."""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass
from pathlib import Path

from cf_pipeline.operations.alerts.alert import SOURCE, Alert
from cf_pipeline.project.private_files import write_private

FILE = "alerts_told.json"


@dataclass(frozen=True)
class Register:
    """Alerts that were told and are not over, and the newest good night (ISO) that the watchdog knows of."""

    told: frozenset[Alert] = frozenset()
    night: str = ""


def read_register(data: Path) -> Register:
    """The register under the data folder; an empty one where none can be read, and all is told again."""
    try:
        content = json.loads((data / FILE).read_text(encoding="utf-8"))
        told = frozenset(Alert(*map(str, entry)) for entry in content["told"])
        night = str(content["night"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return Register()
    return Register(frozenset(alert for alert in told if alert.kind in SOURCE), night)


def write_register(data: Path, register: Register) -> None:
    """Put the register in place, whole."""
    told = [astuple(alert) for alert in sorted(register.told)]
    write_private(data / FILE, json.dumps({"told": told, "night": register.night}, indent=1) + "\n")
