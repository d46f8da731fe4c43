"""A project of its own for a measurement: a drop zone and a data folder, and the command line over them.

Belongs here: the folder, its deliveries and the commands over it. Does not belong here: what is measured.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.cost import PYTHON, Cost, measure_command

ID_KEY = "a key of the benchmarks and of nothing else, long enough"
CONTACTS = """\
Child Unique ID,Gender,Ethnicity,Date of Birth,Age of Child (Years),Date of Contact,Contact Source
A1,M,WBRI,2010-05-01,9,2019-10-02,1A
A2,F,WBRI,2012-03-05,7,2019-11-20,1A
A3,F,ABAN,2008-12-31,10,2019-12-30,2B
"""
"""A list of three invented children."""
GOOD_OR_REFUSED = (0, 2)
SETTINGS_PREFIX = "CF_"


@dataclass(frozen=True)
class Project:
    """A folder with `raw/` and `data/`; `settings` are further settings of the environment."""

    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def raw(self) -> Path:
        """The drop zone."""
        return self.folder / "raw"

    @property
    def data(self) -> Path:
        """Everything that the product makes."""
        return self.folder / "data"

    @property
    def last_run(self) -> Path:
        """The record of the last complete run."""
        return self.data / "last_run.json"

    def measure(self, *arguments: str | Path, allowed: Sequence[int] = GOOD_OR_REFUSED) -> Cost:
        """Run `cf-pipeline` with these arguments and return its costs.

        Settings of whoever measures (`CF_...`) do not reach it.
        """
        environment = {
            "CF_RAW": str(self.raw),
            "CF_DATA": str(self.data),
            "CF_ID_KEY": ID_KEY,
            "DAGSTER_DISABLE_TELEMETRY": "yes",
            **self.settings,
        }
        others = [name for name in os.environ if name.startswith(SETTINGS_PREFIX)]
        return measure_command(
            [*entry_point(), *arguments], environment=environment, without=others, allowed=allowed
        )

    def deliver_contacts(self, authority: str = "camden", as_at: str = "2019-12-31") -> Path:
        """Put a list of three rows into a delivery folder; returns the file."""
        file = self.raw / authority / as_at / "contacts.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(CONTACTS, encoding="utf-8")
        return file

    def remove_data(self) -> None:
        """Back to nothing: no lake, no warehouse, no record of Dagster."""
        shutil.rmtree(self.data, ignore_errors=True)

    def keep_data(self) -> None:
        """Keep the data folder as it is now, to come back to it with `restore_data`."""
        shutil.rmtree(self._kept, ignore_errors=True)
        shutil.copytree(self.data, self._kept, symlinks=True)

    def restore_data(self) -> None:
        """The data folder as it was kept."""
        self.remove_data()
        shutil.copytree(self._kept, self.data, symlinks=True)

    @property
    def _kept(self) -> Path:
        return self.folder / "kept"


def entry_point() -> list[str | Path]:
    """The command line of the environment of this interpreter, or its module where it is not installed."""
    script = PYTHON.parent / "cf-pipeline"
    return [script] if script.exists() else [PYTHON, "-m", "cf_pipeline.cli.main"]


def write_councils(raw: Path, **options: int | str) -> None:
    """Write councils in a process of its own; options as in `benchmarks/councils.py`."""
    arguments = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    measure_command([PYTHON, "-m", "benchmarks.councils", raw, *arguments])


def folder_bytes(folder: Path) -> int:
    """The size of every file below a folder; one that has two names, as a kept version has, counts once."""
    files = [path.stat() for path in folder.rglob("*") if path.is_file()]
    return sum({(file.st_dev, file.st_ino): file.st_size for file in files}.values())
