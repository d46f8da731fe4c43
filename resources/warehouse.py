"""The warehouse as a Dagster resource: publish whole, read back what was published."""

import dagster as dg
import pandas as pd

from cf_pipeline import warehouse
from cf_pipeline.project.id_key import check_people
from cf_pipeline.warehouse.earlier_figures import EarlierFigures, find_earlier_figures
from cf_pipeline.warehouse.read import next_version
from cf_pipeline.warehouse.tables.schemas import PUBLISHED, RESTRICTED
from resources.settings import PipelineSettings


class Warehouse(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The `published_v1` tables at the address the settings name."""

    settings: dg.ResourceDependency[PipelineSettings]

    def publish(self, tables: dict[str, pd.DataFrame], records: dict[str, pd.DataFrame]) -> None:
        """Replace each schema's tables at once; readers see the old ones or the new ones.

        Both schemas are complete before either is replaced. The records of the schema `restricted` are
        replaced first, so that they are there for every figure.
        """
        settings = self.settings.load()
        url = settings.warehouse_url
        check_people(warehouse.read_table(url, "person", schema=RESTRICTED), settings)
        warehouse.publish_schemas(url, [(RESTRICTED, records), (PUBLISHED, tables)])

    def read_tables(self) -> dict[str, pd.DataFrame]:
        """Every published table, all of one publication."""
        return warehouse.read_tables(self.settings.load().warehouse_url)

    def find_earlier_figures(self, slugs: list[str]) -> dict[str, EarlierFigures]:
        """What is published of these authorities, by slug."""
        return find_earlier_figures(self.settings.load().warehouse_url, slugs)

    def next_version(self) -> int:
        """The number of the next publication."""
        return next_version(self.settings.load().warehouse_url)
