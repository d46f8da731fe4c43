"""The contract of `restricted`: the records behind the figures, for staff with a right to them.

It is published beside `published_v1` with the same version, in a schema of its own (DuckDB: a file of
its own, mode 0600), so that leave to read one never gives the other.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, DateTime, Integer, MetaData, Table

from cf_pipeline.warehouse.tables.columns import AUTHORITY, QUARTER, field, key

RESTRICTED_SCHEMA = "restricted"

restricted_metadata = MetaData(schema=RESTRICTED_SCHEMA)

kpi_member = Table(
    "kpi_member",
    restricted_metadata,
    key("authority_code", AUTHORITY),
    key("quarter_key", QUARTER),
    key("basis", "quarter, ytd (from 1 April to the quarter's end) or year"),
    key("kpi_id", "name of the KPI"),
    key("role", "numerator or denominator"),
    key("member_no", "number of the member within its figure, from 1", BigInteger()),
    field("person_ref", "pseudonym of the child (or adopter)", required=True),
    field("record_key", "the counted record: its key across deliveries"),
    field("list", "the list the record is in", required=True),
    field("team", "team of the record, where the list has one"),
    comment="Every record a KPI total counts: a count equals its number of rows here",
)

person = Table(
    "person",
    restricted_metadata,
    key("authority_code", AUTHORITY),
    key("person_ref", "pseudonym of the child"),
    field("child_id", "the child's id in the case system", required=True),
    comment="Whose pseudonym is whose",
)

restricted_publication = Table(
    "publication",
    restricted_metadata,
    key("version", "number of the publication of published_v1 that these records are behind", Integer()),
    field("run_id", "the run that published", required=True),
    field("published_at", "when, UTC", DateTime(), required=True),
    comment="The one publication this schema belongs to",
)
