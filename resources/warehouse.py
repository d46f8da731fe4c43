"""The warehouse as a Dagster resource: what was published, read back."""

from collections.abc import Mapping

import dagster as dg
import pandas as pd

from cf_pipeline import warehouse
from cf_pipeline.project.id_key import check_people
from cf_pipeline.warehouse.earlier_figures import PublishedAuthority, find_published
from cf_pipeline.warehouse.read import next_version
from cf_pipeline.warehouse.tables.schemas import RESTRICTED
from resources.settings import PipelineSettings


class Warehouse(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The `published_v1` tables at the address the settings name."""

    settings: dg.ResourceDependency[PipelineSettings]

    def check_people(self) -> None:
        """Refuse to go on when another key made the pseudonyms of an authority that is published."""
        check_people(warehouse.read_table(self._url(), "person", schema=RESTRICTED), self.settings.load())

    def read_tables(self, where_by_table: Mapping[str, Mapping[str, object]]) -> dict[str, pd.DataFrame]:
        """Published tables, all of one publication; of each the rows whose columns have these values."""
        return warehouse.read_tables(self._url(), where_by_table)

    def find_published(self) -> dict[str, PublishedAuthority]:
        """Every authority that is published, by slug."""
        return find_published(self._url())

    def next_version(self) -> int:
        """The number of the next publication."""
        return next_version(self._url())

    def _url(self) -> str:
        return self.settings.load().warehouse_url
