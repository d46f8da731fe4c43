"""A database of a PostgreSQL server as it was before the product made anything there."""

from __future__ import annotations

import psycopg

OURS = "^(published_v1|restricted|committee_v1|public_v1)(_[a-z]+(_[0-9]+)?)?$|^cf_access$"
"""The names of the schemas that the product makes."""


def drop_schemas(uri: str) -> None:
    """Drop every schema that the product has made; roles stay, they are the server's."""
    with psycopg.connect(uri, autocommit=True) as connection:
        for (name,) in connection.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname ~ %s", [OURS]
        ).fetchall():
            connection.execute(f'DROP SCHEMA "{name}" CASCADE')
