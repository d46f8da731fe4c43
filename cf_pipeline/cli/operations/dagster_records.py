"""Dagster's records for the commands that watch a project; Dagster is loaded when they are read."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterable

from cf_pipeline.operations.graph_state import GraphState
from cf_pipeline.project.settings import Settings


def records_reader(settings: Settings) -> Callable[[Iterable[str]], GraphState | None]:
    """Reads the records of some authorities from the project's own Dagster home."""

    def read(authorities: Iterable[str]) -> GraphState | None:
        warnings.simplefilter("ignore")
        for name in ("dagster", "alembic"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        from assets.monitoring.project_records import read_records

        return read_records(settings, authorities)

    return read
