"""The publication of the lake: one authority after another; rows of those that did not change stay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from cf_pipeline import warehouse
from cf_pipeline.contracts.authorities import authority
from cf_pipeline.forecast.targets import Target
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.project import lake_layout
from cf_pipeline.project.lake_reader import LakeReader
from cf_pipeline.project.publication.published_sources import PublishedSources
from cf_pipeline.warehouse import KeptRowsError
from cf_pipeline.warehouse.assemble import Publication, common_records, common_tables
from cf_pipeline.warehouse.earlier_figures import find_unchanged, published_rows
from cf_pipeline.warehouse.load import AuthorityRows, Load, LoadedRows
from cf_pipeline.warehouse.tables.schemas import PUBLISHED, RESTRICTED, Schema


@dataclass(frozen=True)
class LakePublication:
    """What is published.

    `url`: the warehouse. `slugs`: the authorities whose tables in the lake are published. `stays`:
    those whose published rows stay, because their newest tables do not belong together.
    `targets`: the council's. `keeps_rows`: whether rows may be copied from the version before; its file holds
    what was removed from it, until its places are used again.
    """

    url: str
    reader: LakeReader
    sources: PublishedSources
    publication: Publication
    slugs: Sequence[str]
    stays: Sequence[str]
    targets: Sequence[Target] = ()
    keeps_rows: bool = True

    def publish(self) -> dict[str, int]:
        """Replace both schemas, the records first, so that they are there for every figure.

        Rows that were made from the tables as they are now are copied in the database. Where they are not as
        they were written, every row is made again.

        Returns:
            The rows of each table of `published_v1`.

        Raises:
            PlainError: what was published before is still there, whole.
        """
        codes = {authority(slug).authority_code: each for slug, each in self._hash_by_slug.items()}
        if self.keeps_rows and (unchanged := find_unchanged(self.url, codes)):
            with suppress(KeptRowsError):
                return warehouse.publish_schemas(self.url, self._loads(unchanged))
        return warehouse.publish_schemas(self.url, self._loads([]))

    @cached_property
    def _hash_by_slug(self) -> Mapping[str, str]:
        return {slug: self.sources.hash(slug) for slug in self.slugs}

    def _loads(self, codes: Sequence[str]) -> list[Load]:
        return [
            Load(RESTRICTED, self._rows(RESTRICTED, codes), self._common_records, codes),
            Load(PUBLISHED, self._rows(PUBLISHED, codes), self._common_tables, codes),
        ]

    def _rows(self, schema: Schema, codes: Sequence[str]) -> Iterator[AuthorityRows]:
        """The rows of each authority but those of these codes, in the order of their folders."""
        read = self.sources.records if schema is RESTRICTED else self.sources.rows
        for slug in sorted([*self.slugs, *self.stays]):
            code = authority(slug).authority_code
            if slug in self.stays:
                yield published_rows(self.url, schema, code, load_registry())
            elif code not in codes:
                yield read(slug, self._hash_by_slug[slug])

    def _common_records(self, _: LoadedRows) -> Mapping[str, pd.DataFrame]:
        return common_records(self.publication)

    def _common_tables(self, rows: LoadedRows) -> Mapping[str, pd.DataFrame]:
        read = self.reader.read
        comparators, neighbours = read(lake_layout.COMPARATORS), read(lake_layout.NEIGHBOURS)
        return common_tables(
            rows.distinct, load_registry(), comparators, self.publication, neighbours, self.targets
        )
