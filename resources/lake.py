"""The lake as Dagster's IO manager: one Parquet file a table and authority, under the lock of its run.

Belongs here: which tables an asset gets, what Dagster records of them, and the lock. Where a table lies
and how it is read: `cf_pipeline/project/lake_layout.py` and `lake_reader.py`.
"""

from typing import get_origin

import dagster as dg
import pandas as pd
from pydantic import PrivateAttr

from cf_pipeline.errors import PlainError
from cf_pipeline.project.lake_layout import TableKey, check_slug, table_path
from cf_pipeline.project.lake_reader import LakeReader
from cf_pipeline.project.locks import RunLock
from cf_pipeline.project.parquet_table import write_table
from cf_pipeline.project.unfinished_runs import RUN_ID
from resources.failures import failure_from
from resources.settings import PipelineSettings

PARTITION_TAG = "dagster/partition"
SET_ASIDE = "set_aside"
PUBLISHING = "_publish"


class Lake(dg.ConfigurableIOManager):
    """Tables as Parquet under `<lake>/<layer>/<name>/`, readable by their owner alone.

    While a run lasts the lake holds the lock of its authority (or of publishing), so two runs of one
    authority never work at once, however they were started.
    """

    settings: dg.ResourceDependency[PipelineSettings]
    _lock: RunLock | None = PrivateAttr(default=None)

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Take the lock, waiting for another run of the same authority to finish."""
        if context.run is None:
            return
        authority = context.run.tags.get(PARTITION_TAG)
        subject = PUBLISHING if authority is None else check_slug(authority)
        lock = RunLock(self.settings.load().data / "locks", subject)
        lock.acquire()
        self._lock = lock

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:
        """Give the lock back."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def handle_output(self, context: dg.OutputContext, obj: pd.DataFrame) -> None:
        """Write one table and record its rows, columns and path.

        A table whose output has the metadata `set_aside` failed its check. It is kept under another name;
        the last one that passed stays.
        """
        key = table_key(context.asset_key)
        obj = obj.copy(deep=False)
        obj.attrs = obj.attrs | {RUN_ID: context.run_id}
        authority = context.partition_key if context.has_asset_partitions else None
        is_set_aside = SET_ASIDE in context.output_metadata
        try:
            path = table_path(self.settings.load().lake, key, authority, is_set_aside=is_set_aside)
            stored = write_table(path, obj, key)
        except PlainError as error:
            raise failure_from(error) from None
        context.add_output_metadata(
            {
                "dagster/row_count": len(obj),
                "dagster/column_schema": column_schema(stored, _descriptions(context)),
                "path": dg.MetadataValue.path(str(path)),
            }
        )

    def load_input(self, context: dg.InputContext) -> pd.DataFrame | dict[str, pd.DataFrame]:
        """One frame, or `{authority: frame}` where the input is annotated as a dict.

        Authorities that are registered but have no table yet are left out of the dict.
        """
        try:
            return self._load(context)
        except PlainError as error:
            raise failure_from(error) from None

    def _load(self, context: dg.InputContext) -> pd.DataFrame | dict[str, pd.DataFrame]:
        reader, key = LakeReader(self.settings.load()), table_key(context.asset_key)
        if not context.has_asset_partitions:
            return reader.read(key)
        authorities = sorted(context.asset_partition_keys)
        if get_origin(context.dagster_type.typing_type) is dict:
            return {name: reader.read(key, name) for name in authorities if reader.has(key, name)}
        if len(authorities) != 1:
            raise dg.Failure(f"{'/'.join(key)} was asked for {len(authorities)} authorities, not one")
        return reader.read(key, authorities[0])


def asset_key(key: TableKey) -> dg.AssetKey:
    """The key of the asset that a table of the lake is."""
    return dg.AssetKey(list(key))


def table_key(key: dg.AssetKey) -> TableKey:
    """The key of the table that an asset is; the other way round."""
    layer, name = key.path
    return (layer, name)


def column_schema(frame: pd.DataFrame, descriptions: dict[str, str]) -> dg.TableSchema:
    """The columns and types as they are stored, with the words the asset's definition has for them."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(str(name), type=str(dtype), description=descriptions.get(str(name)))
            for name, dtype in frame.dtypes.items()
        ]
    )


def _descriptions(context: dg.OutputContext) -> dict[str, str]:
    declared = (context.definition_metadata or {}).get("dagster/column_schema")
    schema = getattr(declared, "schema", declared)
    if not isinstance(schema, dg.TableSchema):
        return {}
    return {column.name: column.description for column in schema.columns if column.description}
