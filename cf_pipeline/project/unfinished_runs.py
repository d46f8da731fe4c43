"""Authorities whose newest run stopped between its figures, so that their tables do not belong together.

A run that a full disk stops leaves new counts beside the forecasts and sentences of the run before. Published
together they would contradict each other.
"""

from __future__ import annotations

from collections.abc import Sequence

from cf_pipeline.errors import PlainError
from cf_pipeline.project import lake_layout
from cf_pipeline.project.lake_layout import TableKey, table_path
from cf_pipeline.project.settings import Settings

OF_THE_HISTORY = (lake_layout.QUARTERLY, lake_layout.MEMBERS, lake_layout.REVISIONS)
"""Tables made from the history, independently of each other: all of the newest history, or none."""
OF_THE_FIGURES = (
    lake_layout.FORECAST,
    lake_layout.CONTROL_LIMITS,
    lake_layout.COMPARISON,
    lake_layout.HEADLINES,
)
"""Tables made from the figures: none is older than they are."""


class UnfinishedRunError(PlainError):
    """The tables of an authority are of different runs."""


def check_runs_finished(settings: Settings, authorities: Sequence[str]) -> None:
    """Refuse to publish while the figures of an authority are of different runs.

    Raises:
        UnfinishedRunError: with the authority's folder and what to do.
    """
    for name in authorities:
        if not _is_finished(settings, name):
            raise UnfinishedRunError(
                f"{name}: its last run stopped between its figures, and they do not belong together; "
                "nothing was published, what was published before is unchanged; run `cf-pipeline run` again."
            )


def _is_finished(settings: Settings, name: str) -> bool:
    def written_at(key: TableKey) -> float:
        return float(table_path(settings.lake, key, name).stat().st_mtime)

    history, figures = written_at(lake_layout.CORE_DELIVERIES), written_at(lake_layout.QUARTERLY)
    is_newer = {written_at(key) >= history for key in OF_THE_HISTORY}
    return len(is_newer) == 1 and all(written_at(key) >= figures for key in OF_THE_FIGURES)
