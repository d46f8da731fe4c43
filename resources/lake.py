"""The lake as a Dagster resource: the tables of one run, under the lock of its authority.

Belongs here: which tables a step gets, what a run hands on without reading it back, what Dagster records of a
table, and the lock. Where a table lies and how it is read: `cf_pipeline/project/lake_layout.py` and
`lake_reader.py`.
"""

from collections.abc import Iterable
from contextlib import ExitStack
from typing import Any

import dagster as dg
import pandas as pd
from pydantic import PrivateAttr

from cf_pipeline.project.lake_layout import TableKey, check_slug, is_of_one_authority, table_path
from cf_pipeline.project.lake_reader import LakeReader
from cf_pipeline.project.lake_tables import lake_table
from cf_pipeline.project.locks import RunLock
from cf_pipeline.project.parquet_table import as_read, write_table
from cf_pipeline.project.runs.temporary_files import temporary_folder
from cf_pipeline.project.settings import Settings
from cf_pipeline.project.unfinished_runs import RUN_ID, SOURCE_RUNS, source_run, without_runs
from resources.settings import PipelineSettings

PARTITION_TAG = "dagster/partition"
PUBLISHING = "_publish"
READ_ONCE = frozenset({"ingested"})
"""Layers whose tables one step reads: a run does not keep their rows after that."""


class Lake(dg.ConfigurableResource):  # type: ignore[type-arg]
    """Tables as Parquet under `<lake>/<layer>/<name>/`, readable by their owner alone.

    While a run lasts the lake holds the lock of its authority (or of publishing), so two runs of one
    authority never work at once, however they were started. A table that the run wrote is handed to its later
    steps as it would be read from the file.
    """

    settings: dg.ResourceDependency[PipelineSettings]
    _resources: ExitStack = PrivateAttr(default_factory=ExitStack)
    _authority: str | None = PrivateAttr(default=None)
    _run_id: str = PrivateAttr(default="")
    _written: dict[TableKey, pd.DataFrame] = PrivateAttr(default_factory=dict)
    _sources: dict[str, str] = PrivateAttr(default_factory=dict)
    _loaded: Settings | None = PrivateAttr(default=None)

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Take the lock, waiting for another run of the same authority to finish, and a temporary folder."""
        if context.run is None:
            return
        self._run_id, self._written, self._sources = context.run.run_id, {}, {}
        authority = context.run.tags.get(PARTITION_TAG)
        self._authority = None if authority is None else check_slug(authority)
        self._loaded = self.settings.load()
        lock = RunLock(self._loaded.data / "locks", self._authority or PUBLISHING)
        lock.acquire()
        self._resources.callback(lock.release)
        self._resources.enter_context(temporary_folder(self._loaded))

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:
        """Give the lock and the temporary folder back."""
        self._written = {}
        self._resources.close()

    def start_step(self) -> None:
        """What is written from now on is made from what is read from now on."""
        self._sources = {}

    def read(self, key: TableKey) -> pd.DataFrame:
        """The table of the run's authority, or of all authorities, in its contract's types.

        Its attributes do not say which runs made it: pandas copies attributes at every operation.

        Raises:
            DamagedTableError: the file is no Parquet any more.
            MissingTableError: no run has written it.
        """
        if key in self._written:
            frame = as_read(self._written.pop(key), key)
            if key[0] not in READ_ONCE:
                self._written[key] = frame
            self._sources |= source_run(key, self._run_id)
            return frame.copy(deep=False)
        authority = self._authority if is_of_one_authority(key) else None
        frame = LakeReader(self._load_settings()).read(key, authority)
        self._sources |= source_run(key, str(frame.attrs.get(RUN_ID, "")))
        return without_runs(frame)

    def read_each(self, key: TableKey, authorities: Iterable[str]) -> dict[str, pd.DataFrame]:
        """The table of every given authority that has one, with all of its attributes, by authority."""
        reader = LakeReader(self._load_settings())
        return {name: reader.read(key, name) for name in authorities if reader.has(key, name)}

    def write(self, key: TableKey, frame: pd.DataFrame, *, is_set_aside: bool = False) -> dict[str, Any]:
        """Write a table, and return what Dagster records of it: rows, path, columns that differ.

        A table that is set aside failed its check. It is kept under another name, which nothing reads; the
        last one that passed stays.

        Raises:
            UnstorableTableError: a column mixes types.
            MachineError: the file cannot be written; the one before stays.
        """
        frame = frame.copy(deep=False)
        frame.attrs = frame.attrs | {RUN_ID: self._run_id, SOURCE_RUNS: dict(self._sources)}
        authority = self._authority if is_of_one_authority(key) else None
        path = table_path(self._load_settings().lake, key, authority, is_set_aside=is_set_aside)
        stored = write_table(path, frame, key)
        if not is_set_aside:
            self._written[key] = without_runs(stored)  # in the types of the file once a step reads it
            self._sources |= source_run(key, self._run_id)
        metadata: dict[str, Any] = {
            "dagster/row_count": len(stored),
            "path": dg.MetadataValue.path(str(path)),
        }
        schema = column_schema(stored, key)
        return metadata if schema is None else metadata | {"dagster/column_schema": schema}

    def _load_settings(self) -> Settings:
        """The settings as they were when the run began."""
        return self._loaded or self.settings.load()


def asset_key(key: TableKey) -> dg.AssetKey:
    """The key of the asset that a table of the lake is."""
    return dg.AssetKey(list(key))


def column_schema(frame: pd.DataFrame, key: TableKey) -> dg.TableSchema | None:
    """The columns and types as they are stored; None where they are those of the asset's definition."""
    contract = lake_table(*key)
    types = {str(name): str(dtype) for name, dtype in frame.dtypes.items()}
    if types == contract.dtypes:
        return None
    words = {column.name: column.description for column in contract.columns}
    columns = [dg.TableColumn(name, dtype, words.get(name)) for name, dtype in types.items()]
    return dg.TableSchema(columns=columns)
