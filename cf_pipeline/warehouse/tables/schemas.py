"""The schemas of the warehouse: what each is called, its tables and its views."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import MetaData, Select, Table

from cf_pipeline.warehouse.tables.published import SCHEMA, metadata
from cf_pipeline.warehouse.tables.restricted import RESTRICTED_SCHEMA, restricted_metadata
from cf_pipeline.warehouse.tables.views import COMMENTS, views

Views = Callable[[MetaData], dict[str, Select[Any]]]


@dataclass(frozen=True)
class Schema:
    """One schema: its name, the contract of its tables, its views and what they are for."""

    name: str
    metadata: MetaData
    views: Views
    view_comments: Mapping[str, str]

    @property
    def tables(self) -> dict[str, Table]:
        """Its tables by name, each after those it rests on."""
        return {table.name: table for table in self.metadata.sorted_tables}


def no_views(_: MetaData) -> dict[str, Select[Any]]:
    """A schema without views."""
    return {}


PUBLISHED = Schema(SCHEMA, metadata, views, COMMENTS)
"""Aggregates: what analysts, reports and dashboards read."""
RESTRICTED = Schema(RESTRICTED_SCHEMA, restricted_metadata, no_views, {})
"""The records behind the figures, for staff with a right to them."""
