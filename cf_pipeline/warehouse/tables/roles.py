"""Who may read what: the roles of a server, and which rows of a table a reader of lists sees.

A reader of lists sees teams. What a table's columns are decides which of its rows that means, so that a list
that is added needs no rule of its own.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum

from cf_pipeline.warehouse.tables.schemas import COMMITTEE, PUBLIC, PUBLISHED, RESTRICTED

WRITER = "cf_writer"
"""Publishes, and owns every schema."""
READER = "cf_reader"
LIST_READER = "cf_list_reader"
PUBLIC_READER = "cf_public"
ROLES = {
    WRITER: "publishes; owns every schema of the warehouse",
    READER: "reads the figures, and what a committee is shown",
    PUBLIC_READER: "reads what the public may see, and nothing else",
    LIST_READER: "reads the records and lists of the teams that it may see",
}
"""The roles, and what each is for."""
READER_BY_SCHEMA = {
    PUBLISHED.name: READER,
    RESTRICTED.name: LIST_READER,
    COMMITTEE.name: READER,
    PUBLIC.name: PUBLIC_READER,
}
"""The one role that reads a schema; it may do nothing else there, and everyone else nothing at all."""


class RowRule(Enum):
    """Which rows of a table a reader of lists sees; its value says so in words."""

    TEAM = "those of the reader's teams; without a team only for those who see the whole authority"
    CHILD = "those of a child of whom the reader sees a row in a table with teams"
    AUTHORITY = "those of the authorities of which the reader sees anything"
    EVERYONE = "all: it holds nothing about a child or an authority"


def row_rule(table: str, columns: Collection[str]) -> RowRule:
    """The rule of a table, by its columns `team`, `person_ref` and `authority_code`.

    Raises:
        ValueError: it is about children and lacks the column by which a rule protects it.
    """
    if "authority_code" not in columns:
        if {"team", "person_ref", "child_id"} & set(columns):
            raise ValueError(f"table {table} is about children and has no authority_code")
        return RowRule.EVERYONE
    if "team" in columns:
        return RowRule.TEAM
    if "person_ref" in columns:
        return RowRule.CHILD
    if "child_id" in columns:
        raise ValueError(f"table {table} is about children and has no person_ref")
    return RowRule.AUTHORITY
