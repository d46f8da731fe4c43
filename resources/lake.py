"""The lake: one Parquet file an asset and authority, read and written by one IO manager.

Belongs here: where a table lies and which tables an asset is handed. Not here: what is in a table.
"""

from collections.abc import Sequence
from typing import get_origin

import dagster as dg
import pandas as pd
from pydantic import PrivateAttr
from upath import UPath

from cf_pipeline.contracts.authorities import SLUG
from cf_pipeline.project.last_run import forget
from cf_pipeline.project.locks import RunLock
from resources.parquet import DamagedTableError, read_table, write_table
from resources.settings import PipelineSettings

PARTITION_TAG = "dagster/partition"
SET_ASIDE = "set_aside"
PUBLISHING = "_publish"


class Lake(dg.ConfigurableIOManager):
    """Tables as Parquet under `<lake>/<layer>/<asset>/`, readable by their owner alone.

    While a run lasts the lake holds the lock of its authority (or of publishing), so two runs of
    one authority never work at once, however they were started.
    """

    settings: dg.ResourceDependency[PipelineSettings]
    _lock: RunLock | None = PrivateAttr(default=None)

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Take the lock, waiting for another run of the same authority to finish."""
        if context.run is None:
            return
        subject = context.run.tags.get(PARTITION_TAG, PUBLISHING)
        if subject != PUBLISHING:
            check_slug(subject)
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

        A table whose output says `set_aside` failed its check: it is kept under another name, beside
        the last one that passed.
        """
        key = context.asset_key.path
        partition = context.partition_key if context.has_asset_partitions else None
        path = self.path(key, partition, aside=SET_ASIDE in context.output_metadata)
        stored = write_table(path, obj, key)
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
        key = context.asset_key.path
        if not context.has_asset_partitions:
            return self.read(key)
        partitions = sorted(context.asset_partition_keys)
        if get_origin(context.dagster_type.typing_type) is dict:
            return {name: self.read(key, name) for name in partitions if self.has(key, name)}
        if len(partitions) != 1:
            raise dg.Failure(f"{'/'.join(key)} was asked for {len(partitions)} authorities, not one")
        return self.read(key, partitions[0])

    def path(self, key: Sequence[str], partition: str | None = None, aside: bool = False) -> UPath:
        """Where a table lies: `<lake>/<layer>/<asset>/<authority>.parquet`, or `<asset>.parquet`."""
        *layers, asset = key
        suffix = ".rejected.parquet" if aside else ".parquet"
        folder = UPath(self.settings.load().lake).joinpath(*layers)
        return (
            folder / f"{asset}{suffix}"
            if partition is None
            else folder / asset / (check_slug(partition) + suffix)
        )

    def has(self, key: Sequence[str], partition: str | None = None) -> bool:
        """Whether the table has been written."""
        return bool(self.path(key, partition).exists())

    def read(self, key: Sequence[str], partition: str | None = None) -> pd.DataFrame:
        """The table, with its contract's types; Failure when it has never been written or is damaged.

        A damaged one is made again by the next `cf-pipeline run`, even with no new delivery.
        """
        path = self.path(key, partition)
        if not path.exists():
            whose = f" of {partition}" if partition else ""
            raise dg.Failure(
                f"{'/'.join(key)}{whose} has not been made yet: make what it rests on first.",
                allow_retries=False,
            )
        try:
            return read_table(path, key)
        except DamagedTableError:
            forget(self.settings.load().data)
            raise


def check_slug(name: str) -> str:
    """The name when it can be an authority's; Failure otherwise (it becomes a path)."""
    if not SLUG.match(name):
        raise dg.Failure(
            f"{name!r} cannot be an authority: use lower-case letters, digits and hyphens.",
            allow_retries=False,
        )
    return name


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
