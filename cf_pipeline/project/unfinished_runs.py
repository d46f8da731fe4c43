"""Authorities whose newest run stopped between its figures, so that their tables do not belong together.

A run that a fault stops leaves new counts beside the forecasts and sentences of the run before. Published
together they would contradict each other. Every table carries the run that made it, and the runs that made
the history and the figures it was made from; times of files say nothing in an object store or a copy.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cf_pipeline.project import lake_layout
from cf_pipeline.project.lake_layout import TableKey

RUN_ID = "run_id"
"""The attribute of a table that names the run that made it."""
SOURCE_RUNS = "source_runs"
"""The attribute of a table that names the run of each of `SOURCES` it was made from."""
OF_THE_HISTORY = (
    lake_layout.QUARTERLY,
    lake_layout.MONTHLY,
    lake_layout.MEMBERS,
    lake_layout.REVISIONS,
)
"""Tables made from the history, independently of each other: all of one history."""
SINCE_LATER = (lake_layout.BY_TEAM,)
"""Such tables that an older version of the product did not make: of the same history where they are there."""
OF_THE_FIGURES = (
    lake_layout.FORECAST,
    lake_layout.CONTROL_LIMITS,
    lake_layout.COMPARISON,
    lake_layout.HEADLINES,
)
"""Tables made from the figures: of the figures as they are."""
SOURCES = (lake_layout.CORE_DELIVERIES, lake_layout.QUARTERLY)
"""The tables whose runs tell whether others belong together."""


def source_run(key: TableKey, run_id: str) -> dict[str, str]:
    """The run that made a table that something is made from, by the table's name; of `SOURCES` alone."""
    return {_name(key): run_id} if key in SOURCES else {}


def without_runs(table: pd.DataFrame) -> pd.DataFrame:
    """The table without the two attributes, which pandas copies at every operation."""
    frame = table.copy(deep=False)
    frame.attrs = {name: value for name, value in table.attrs.items() if name not in (RUN_ID, SOURCE_RUNS)}
    return frame


def is_run_finished(tables: Mapping[TableKey, pd.DataFrame | None]) -> bool:
    """Whether the tables of an authority's figures belong together; None for one that is not there.

    Tables of an older version, which name no runs, count as belonging together.
    """
    if any(tables.get(key) is None for key in (*OF_THE_HISTORY, *OF_THE_FIGURES)):
        return False
    attributes = {key: frame.attrs for key, frame in tables.items() if frame is not None}
    if not any(SOURCE_RUNS in each for each in attributes.values()):
        return True

    def source_run(key: TableKey, source: TableKey) -> object:
        return attributes[key].get(SOURCE_RUNS, {}).get(_name(source))

    of_the_history = [*OF_THE_HISTORY, *(key for key in SINCE_LATER if key in attributes)]
    histories = {source_run(key, lake_layout.CORE_DELIVERIES) for key in of_the_history}
    figures = {source_run(key, lake_layout.QUARTERLY) for key in OF_THE_FIGURES}
    return len(histories) == 1 and figures == {attributes[lake_layout.QUARTERLY].get(RUN_ID)}


def _name(key: TableKey) -> str:
    return "/".join(key)
