"""The schemas of the warehouse: their names, the contracts of their tables, and their views.

The contracts are in `contracts/tables/published_v1` and `contracts/tables/restricted`. Consumers rely on
every table and column of `published_v1`: additive change only. `restricted` holds the records behind the
figures. It is published with the same version, in a schema of its own (DuckDB: a file of its own, mode 0600),
so that leave to read `published_v1` never gives leave to read the records.

`committee_v1` and `public_v1` hold what may leave the building: tables of `published_v1` as their audience
may see them, and what each release was made under (`contracts/tables/release`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlalchemy import FromClause, MetaData, Select, Table

from cf_pipeline.contracts.tables import TableContract, table_contracts
from cf_pipeline.warehouse.tables.sql_tables import sql_tables
from cf_pipeline.warehouse.tables.views import VIEW_COMMENTS, views

Views = Callable[[Mapping[str, FromClause]], dict[str, Select[Any]]]


@dataclass(frozen=True)
class Schema:
    """One schema: its name, its views and what they are for; its tables follow from their contracts.

    `by_authority` names the tables whose rows are made for each authority alone. `declare` gives the
    contracts; by default those of the folder of its name.
    """

    name: str
    views: Views
    view_comments: Mapping[str, str]
    by_authority: tuple[str, ...]
    declare: Callable[[str], Iterable[TableContract]] = table_contracts

    @cached_property
    def contracts(self) -> dict[str, TableContract]:
        """The contracts of its tables by name."""
        return {contract.name: contract for contract in self.declare(self.name)}

    @cached_property
    def metadata(self) -> MetaData:
        """Its tables as SQLAlchemy has them."""
        return sql_tables(self.name, self.contracts)

    def is_by_authority(self, name: str) -> bool:
        """Whether the rows of a table or view are each of one authority."""
        return name in self.by_authority or name in self.view_comments

    @property
    def tables(self) -> dict[str, Table]:
        """Its SQL tables by name."""
        return {table.name: table for table in self.metadata.sorted_tables}


def no_views(_: Mapping[str, FromClause]) -> dict[str, Select[Any]]:
    """A schema without views."""
    return {}


PUBLISHED = Schema(
    "published_v1",
    views,
    VIEW_COMMENTS,
    (
        *("dim_authority", "fact_kpi_quarterly", "fact_kpi_comparison", "fact_kpi_forecast"),
        *("fact_kpi_monthly", "fact_kpi_by_team"),
        *("fact_forecast_record", "fact_control_limit", "fact_headline", "kpi_revision"),
        *("delivery", "data_quality"),
    ),
)
"""Aggregates: what analysts, reports and dashboards read."""
RESTRICTED = Schema(
    "restricted",
    no_views,
    {},
    ("kpi_member", "person", "worklist", "worklist_item", "child_timeline", "change_since"),
)
"""The records behind the figures, and today's lists of children, for staff with a right to them."""
RELEASED_DIMENSIONS = (
    *("dim_kpi", "dim_quarter", "dim_date", "dim_category", "dim_neighbour"),
    *("fact_comparator", "fact_target"),
)
"""The tables of `published_v1` that a release has as they are, but for categories that it does not show."""
RELEASED_FACTS = (
    *("fact_kpi_quarterly", "fact_kpi_comparison", "fact_kpi_forecast"),
    *("fact_control_limit", "fact_headline"),
)
"""The tables of `published_v1` of which a release has what its audience may see."""
RELEASES = ("release", "release_approval", "release_withheld")


def _declare_release(schema: str) -> list[TableContract]:
    names = ("dim_authority", *RELEASED_DIMENSIONS, *RELEASED_FACTS, "authority_source", "publication")
    published = [PUBLISHED.contracts[name] for name in names]
    return [replace(contract, layer=schema) for contract in (*published, *table_contracts("release"))]


def _released_schema(name: str) -> Schema:
    comments = {view: comment for view, comment in VIEW_COMMENTS.items() if view != "v_data_quality"}
    by_authority = ("dim_authority", *RELEASED_FACTS, *RELEASES)
    return Schema(name, views, comments, by_authority, _declare_release)


COMMITTEE = _released_schema("committee_v1")
"""What a paper for a committee may show."""
PUBLIC = _released_schema("public_v1")
"""What the public may see."""
FIGURES = {schema.name: schema for schema in (PUBLISHED, COMMITTEE, PUBLIC)}
"""The schemas of figures by name: an edition of a report names the one that it shows."""
