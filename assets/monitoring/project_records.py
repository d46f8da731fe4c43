"""Opens a project's Dagster home and reads what its records say: the door of the command line to them."""

from __future__ import annotations

from collections.abc import Iterable

from assets.definitions import defs
from assets.monitoring.graph_state import read_graph_state
from cf_pipeline.operations.graph_state import GraphState
from cf_pipeline.project.settings import Settings
from resources.dagster_storage import open_home


def read_records(settings: Settings, authorities: Iterable[str]) -> GraphState | None:
    """What Dagster's records say of some authorities; None where no command has made Dagster's home yet.

    Raises:
        DagsterRecordsError: they cannot be used.
    """
    if not (settings.dagster_home / "dagster.yaml").is_file():
        return None
    with open_home(settings.dagster_home) as instance:
        return read_graph_state(
            instance, authorities, sorted(defs.resolve_asset_graph().asset_check_keys, key=str)
        )
