"""All checks of the doctor, one after the other; it changes nothing of the project."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path

from cf_pipeline.errors import PlainError
from cf_pipeline.operations.doctor.alert_check import check_alerts
from cf_pipeline.operations.doctor.automation import check_stores, check_ticks
from cf_pipeline.operations.doctor.clock import check_clock
from cf_pipeline.operations.doctor.disk import check_disk, measure_room
from cf_pipeline.operations.doctor.finding import FAULT, OK, Finding
from cf_pipeline.operations.doctor.folders import check_folders, project_folders
from cf_pipeline.operations.doctor.keeping import check_backup, check_logs
from cf_pipeline.operations.doctor.key import check_key
from cf_pipeline.operations.doctor.rights import check_rights
from cf_pipeline.operations.doctor.scan import scan_folders
from cf_pipeline.operations.doctor.versions import check_versions
from cf_pipeline.operations.doctor.warehouse_check import check_warehouse
from cf_pipeline.operations.doctor.work import check_deliveries, check_runs
from cf_pipeline.operations.project_state import GraphReader, read_project_state
from cf_pipeline.project.runs.sessions import killed_sessions
from cf_pipeline.project.settings import Settings, SettingsError, load_settings
from cf_pipeline.warehouse import ServerState, server_state

SETTINGS = "settings"


def examine_project(
    root: Path,
    env: Mapping[str, str],
    records_reader: Callable[[Settings], GraphReader],
    now: dt.datetime,
) -> list[Finding]:
    """Every finding about the project in a folder, the settings first; wrong settings end the examination.

    Args:
        root: the folder of `pipeline.toml`.
        env: the environment.
        records_reader: gives what reads Dagster's records of a project.
        now: the time, with its zone.
    """
    wrong = ""
    settings = None
    try:
        settings = load_settings(root, env, has_key=False)
    except SettingsError as error:
        wrong = str(error)
    if settings is None:
        fix = "Correct it in pipeline.toml or in the environment; the other checks need the settings."
        return [Finding(SETTINGS, FAULT, wrong, fix), *check_versions(None)]
    first = [Finding(SETTINGS, OK, f"{root / 'pipeline.toml'} and the environment have no fault.")]
    return [*first, *_examine(settings, env, records_reader(settings), now)]


def _examine(
    settings: Settings, env: Mapping[str, str], read_graph: GraphReader, now: dt.datetime
) -> list[Finding]:
    folders = project_folders(settings)
    private = [path for name, path in folders.items() if name != "drop zone"]
    scan = scan_folders(private)  # before Dagster's home is opened, which mends rights there
    killed = len(killed_sessions(settings.data))
    state = read_project_state(settings, read_graph, now)
    server = _ask_server(settings)
    return [
        check_key(settings, env),
        *check_folders(settings),
        *check_rights(scan, private),
        *check_warehouse(state, server),
        *check_stores(state),
        *check_versions(state.publication),
        *check_clock(state, scan, server.time if server else None),
        *check_disk(measure_room(settings)),
        *check_runs(state, killed),
        *check_deliveries(state),
        *check_ticks(state),
        check_backup(settings.backup, now),
        *check_logs(settings.data),
        check_alerts(settings.alerts, settings.data, env),
    ]


def _ask_server(settings: Settings) -> ServerState | None:
    """What the warehouse's server says; None where it does not answer, which reading from it tells too."""
    try:
        return server_state(settings.warehouse_url)
    except PlainError:
        return None
