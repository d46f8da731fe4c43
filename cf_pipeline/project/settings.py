"""The settings of a run: read once from `pipeline.toml` and the environment, checked, then fixed.

Belongs here: the names of the settings, their defaults and what makes a value wrong.
Does not belong here: reading settings anywhere else, or at import time.
"""

from __future__ import annotations

import difflib
import re
import stat
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from cf_pipeline.compare.differences import WordingLimits
from cf_pipeline.contracts.words.toml_file import TomlError, read_toml
from cf_pipeline.errors import PlainError
from cf_pipeline.forecast.choices import CouncilChoices
from cf_pipeline.history.pseudonym import MINIMUM_KEY_BYTES
from cf_pipeline.project import council_choices
from cf_pipeline.project.dashboard.settings import DEFAULTS as DASHBOARD_DEFAULTS
from cf_pipeline.project.dashboard.settings import DashboardSettings, read_dashboard_settings
from cf_pipeline.project.operations import alert_settings, backup_settings
from cf_pipeline.project.operations.alert_secrets import SECRETS
from cf_pipeline.project.operations.lake_address import check_lake_address
from cf_pipeline.project.privacy import retention_settings
from cf_pipeline.project.publication.warehouse_address import warehouse_address

KEY_FILE = "id.key"
FOR_TESTS = frozenset({"CF_SAMPLES"})
NO_TEXT = frozenset({"Cc", "Cs"})
"""Categories of control characters, and of bytes that are no UTF-8."""
SECRET = "CF_ID_KEY"  # noqa: S105  # the name of the variable, not its value

DEFAULTS: dict[str, Any] = {
    "raw": "raw",
    "data": "data",
    "lake": "",
    "warehouse_url": "",
    "jobs": 0,
    "failed_run_days": 90,
    "report.word_template": "",
    **council_choices.DEFAULTS,
    **DASHBOARD_DEFAULTS,
    **alert_settings.DEFAULTS,
    **backup_settings.DEFAULTS,
    **retention_settings.DEFAULTS,
    "approvals": [],
    **{f"phrases.{name}": value for name, value in asdict(WordingLimits()).items()},
}
"""Every key of `pipeline.toml` with its default. An empty lake or warehouse lies under `data`; 0 jobs
are one a core. `failed_run_days`: how long Dagster's records of a run that failed are kept."""


class SettingsError(PlainError):
    """A setting is unknown or wrong; the message holds no secret."""


@dataclass(frozen=True)
class Settings:
    """The settings of one run. Paths are absolute; `id_key` is None until one has been made."""

    root: Path
    raw: Path
    data: Path
    lake: str
    warehouse_url: str
    choices: CouncilChoices
    wording_limits: WordingLimits
    dashboard: DashboardSettings
    alerts: alert_settings.AlertSettings
    backup: backup_settings.BackupSettings
    retention: retention_settings.RetentionSettings
    jobs: int = 0
    failed_run_days: int = 90
    approvals: Sequence[Mapping[str, Any]] = ()
    word_template: Path | None = None
    id_key: bytes | None = field(default=None, repr=False)

    @property
    def dagster_home(self) -> Path:
        """The folder of Dagster's own records."""
        return self.data / "dagster"

    @property
    def code_hashes(self) -> Path:
        """The file of what the product's modules do, by their content."""
        return self.data / "code_hashes.json"

    @property
    def outputs(self) -> Path:
        """The folder of reports and workbooks, one folder an authority."""
        return self.data / "outputs"

    @property
    def embedded_warehouse(self) -> Path | None:
        """The file of an embedded warehouse; None for a server."""
        scheme, _, file = self.warehouse_url.partition(":///")
        return Path(file) if scheme == "duckdb" and file else None

    @property
    def warehouse_shown(self) -> str:
        """Where the warehouse is, to print: a file's path, or an address without its password."""
        scheme, _, rest = self.warehouse_url.partition("://")
        if scheme == "duckdb":
            return rest.removeprefix("/")
        return f"{scheme}://{rest.rpartition('@')[2].partition('?')[0]}"

    @property
    def key_file(self) -> Path:
        """Where `cf-pipeline init` keeps the key."""
        return self.data / KEY_FILE

    def required_id_key(self) -> bytes:
        """The key that turns a child's id into a person_ref.

        Raises:
            SettingsError: there is none.
        """
        if self.id_key is None:
            raise SettingsError(
                f"There is no key for child ids: run `cf-pipeline init` to make {self.key_file}, "
                f"or set {SECRET}."
            )
        return self.id_key

    def settings_that_move_figures(self) -> dict[str, Any]:
        """The settings that move figures or words (not the folders), for the hash of the inputs."""
        return {"choices": repr(self.choices), **asdict(self.wording_limits)}


def find_root(start: Path) -> Path:
    """The nearest folder from `start` upwards that holds a `pipeline.toml`; `start` when none does."""
    for folder in (start, *start.parents):
        if (folder / "pipeline.toml").is_file():
            return folder
    return start


def load_settings(root: Path, env: Mapping[str, str], *, has_key: bool = True) -> Settings:
    """The settings of the project in `root`: `pipeline.toml`, overridden by CF_* variables of `env`.

    Args:
        root: the project's folder.
        env: the environment.
        has_key: whether the key for child ids is among them; without it nothing wrong of it is found.

    Raises:
        SettingsError: a key or CF_* variable is unknown, a value is wrong, or the key file is not private.
    """
    values = DEFAULTS | _from_file(root / "pipeline.toml") | _from_environment(env)
    raw, data = root / str(values["raw"]), root / str(values["data"])
    for folder in (raw, data):
        if folder.exists() and not folder.is_dir():
            raise SettingsError(f"{folder} is a file where a folder should be; move it away and run again.")
    try:
        choices = council_choices.read_choices(values, env)
        dashboard = read_dashboard_settings(values)
        alerts = alert_settings.read_alert_settings(values)
        backup = backup_settings.read_backup_settings(values, root, data)
        retention = retention_settings.read_retention_settings(values)
        address = warehouse_address(str(values["warehouse_url"]), root, raw, data)
        check_lake_address(str(values["lake"]), address)
    except PlainError as error:
        raise SettingsError(str(error)) from None
    return Settings(
        root=root,
        raw=raw,
        data=data,
        lake=str(values["lake"]) or str(data / "lake"),
        warehouse_url=address,
        choices=choices,
        dashboard=dashboard,
        alerts=alerts,
        backup=backup,
        retention=retention,
        jobs=_whole_number("jobs", values["jobs"]),
        failed_run_days=_whole_number("failed_run_days", values["failed_run_days"]),
        approvals=values["approvals"],
        word_template=root / str(values["report.word_template"]) if values["report.word_template"] else None,
        wording_limits=_wording_limits({name: values[f"phrases.{name}"] for name in asdict(WordingLimits())}),
        id_key=read_id_key(data / KEY_FILE, env) if has_key else None,
    )


def _from_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        values = _flatten(read_toml(path))
    except TomlError as error:
        raise SettingsError(f"{path.name} cannot be read: {error}.") from None
    for key, value in values.items():
        if _variable(key) in SECRETS:
            raise SettingsError(
                f"{path.name}: {key} is a secret; remove it, and set {_variable(key)} instead."
            )
        if key not in DEFAULTS:
            raise SettingsError(f"{path.name}: unknown setting {key}{_suggestion(key, DEFAULTS)}")
        if isinstance(DEFAULTS[key], str) and not isinstance(value, str):
            raise SettingsError(f"{path.name}: setting {key} must be text in quotation marks.")
    return values


def _flatten(table: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in table.items():
        name = f"{prefix}{key}"
        is_group = isinstance(value, dict) and name not in DEFAULTS
        flat |= _flatten(value, f"{name}.") if is_group else {name: value}
    return flat


def _from_environment(env: Mapping[str, str]) -> dict[str, Any]:
    names = {_variable(key): key for key in DEFAULTS}
    values: dict[str, Any] = {}
    for variable, value in env.items():
        if not variable.startswith("CF_") or variable in (*FOR_TESTS, *SECRETS, SECRET):
            continue
        if council_choices.OWN_METHOD.match(variable):
            continue  # `read_choices` reads it: it names an authority, so it is in no table of names
        if variable not in names:
            suggestion = _suggestion(variable, [*names, SECRET, *SECRETS])
            raise SettingsError(f"Unknown setting {variable} in the environment{suggestion}")
        values[names[variable]] = value
    return values


def _suggestion(name: str, known_names: Iterable[str]) -> str:
    """The known name that is spelt most like it, as the end of a sentence."""
    close = difflib.get_close_matches(name, list(known_names), n=1)
    return f"; did you mean {close[0]}?" if close else "; the README lists the settings."


def _variable(key: str) -> str:
    return "CF_" + re.sub(r"[^A-Z0-9]", "_", key.upper())


def _wording_limits(values: Mapping[str, Any]) -> WordingLimits:
    numbers: dict[str, float] = {}
    for name, value in values.items():
        try:
            numbers[name] = float(value)
        except (TypeError, ValueError):
            raise SettingsError(f"Setting phrases.{name}: {value!r} is not a number.") from None
        if not numbers[name] >= 0 or isinstance(value, bool):
            raise SettingsError(f"Setting phrases.{name}: {value!r} is not a number of 0 or more.")
    return WordingLimits(**numbers)


def _whole_number(name: str, value: object) -> int:
    """A setting that is a number of 0 or more, or its digits."""
    text = str(value).strip()
    if not (text.isascii() and text.isdigit()):
        raise SettingsError(f"Setting {name}: {value!r} is not a whole number of 0 or more.")
    return int(text)


def read_id_key(path: Path, env: Mapping[str, str]) -> bytes | None:
    """The key for child ids of the environment, else of its file; None when there is none.

    Raises:
        SettingsError: it is no key, or others may read the file.
    """
    if SECRET in env:
        key = env[SECRET].strip()
        return _checked_key(key, SECRET)
    if not path.exists():
        return None
    if not path.is_file():
        raise SettingsError(
            f"The key file {path} is a folder or a device; move it away and put the key there."
        )
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise SettingsError(f"The key file {path} can be read by others: `chmod 600 {path}` first.")
    key = path.read_bytes().decode("utf-8", errors="surrogateescape").strip()
    return _checked_key(key, f"The key file {path}")


def _checked_key(key: str, source: str) -> bytes:
    if any(unicodedata.category(letter) in NO_TEXT and not letter.isspace() for letter in key):
        raise SettingsError(
            f"{source} holds no UTF-8 text: that is no key; put your copy of the key back, as plain text."
        )
    if len(key.encode()) < MINIMUM_KEY_BYTES:
        raise SettingsError(f"{source} holds fewer than {MINIMUM_KEY_BYTES} characters: that is no key.")
    return key.encode()
