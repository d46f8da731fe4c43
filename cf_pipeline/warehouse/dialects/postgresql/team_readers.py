"""Who sees which team: the table `cf_access.team_reader` of a PostgreSQL database."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, text

from cf_pipeline.warehouse.dialects.postgresql.access import ACCESS, check_layout, is_set_up
from cf_pipeline.warehouse.dialects.postgresql.catalogue import COLUMNS
from cf_pipeline.warehouse.errors import WarehouseError
from cf_pipeline.warehouse.tables.roles import LIST_READER, RowRule, row_rule

Entry = tuple[str, str | None, str | None]
"""Reader (a role), authority's code (None: every authority), team (None: every team, and none)."""

_ENTRIES = text(
    f"SELECT reader, authority_code, team FROM {ACCESS}.team_reader "  # noqa: S608 (our own names)
    "ORDER BY reader, authority_code NULLS FIRST, team NULLS FIRST"
)
_ADD = text(
    f"INSERT INTO {ACCESS}.team_reader (reader, authority_code, team) "  # noqa: S608 (our own names)
    "VALUES (:reader, :authority_code, :team) ON CONFLICT DO NOTHING"
)
_REMOVE = text(
    f"DELETE FROM {ACCESS}.team_reader WHERE reader = :reader "  # noqa: S608 (our own names)
    "AND authority_code IS NOT DISTINCT FROM CAST(:authority_code AS varchar) "
    "AND team IS NOT DISTINCT FROM CAST(:team AS text)"
)
_SET_ROLE = text("SELECT set_config('role', :reader, true)")
"""As SET LOCAL ROLE, which takes no name as a parameter."""
_ROLE = text(
    "SELECT rolsuper OR rolbypassrls AS sees_all, pg_has_role(oid, :list_reader, 'USAGE') AS is_reader, "
    "pg_has_role(session_user, oid, 'MEMBER') AS may_be_set "
    "FROM pg_roles WHERE rolname = :reader"
)


class TeamReaders:
    """The table of a database, over a connection of the role that publishes."""

    def __init__(self, connection: Connection, schema: str) -> None:
        """`schema`: that of the records.

        Raises:
            WarehouseError: the database has no roles yet, or those of a newer version of the product.
        """
        if not is_set_up(connection):
            raise WarehouseError(
                "the database has no roles yet: run `cf-pipeline init-db` first; nothing was changed"
            )
        check_layout(connection)
        self._connection, self._schema = connection, schema

    def entries(self) -> list[Entry]:
        """Every row, by reader."""
        return [tuple(row) for row in self._connection.execute(_ENTRIES)]

    def add(self, entries: Sequence[Entry]) -> int:
        """Add rows; returns how many were not there yet."""
        return sum(self._connection.execute(_ADD, _values(entry)).rowcount for entry in entries)

    def remove(self, entries: Sequence[Entry]) -> int:
        """Remove rows; returns how many were there."""
        return sum(self._connection.execute(_REMOVE, _values(entry)).rowcount for entry in entries)

    def role_names(self) -> list[str]:
        """The roles of the server, but its own."""
        names = text("SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY rolname")
        return list(self._connection.scalars(names))

    def sees_everything(self, reader: str) -> bool:
        """Whether row security does not bind a role: a superuser, or one with BYPASSRLS."""
        found = self._connection.execute(_ROLE, {"reader": reader, "list_reader": LIST_READER}).first()
        return found is not None and bool(found.sees_all)

    def is_list_reader(self, reader: str) -> bool:
        """Whether a role has the rights of the role that reads lists."""
        found = self._connection.execute(_ROLE, {"reader": reader, "list_reader": LIST_READER}).first()
        return found is not None and bool(found.is_reader)

    def teams(self) -> dict[str, set[str | None]]:
        """Authority's code -> the teams of its published records; None where some have no team."""
        teams: dict[str, set[str | None]] = {}
        for table, columns in self._connection.execute(COLUMNS, {"name": self._schema}).all():
            if row_rule(table, columns) is RowRule.TEAM:
                distinct = f"SELECT DISTINCT authority_code, team FROM {self._schema}.{table}"  # noqa: S608
                for code, team in self._connection.execute(text(distinct)):
                    teams.setdefault(code, set()).add(team)
        return teams


def become_reader(connection: Connection, name: str) -> None:
    """Take the role of a reader of lists until the transaction ends.

    Raises:
        WarehouseError: the database has no roles, the server has no such role, it reads no lists or row
            security does not bind it, or the login may not take it.
    """
    if not is_set_up(connection):
        raise WarehouseError("the database has no roles yet: run `cf-pipeline init-db` first")
    found = connection.execute(_ROLE, {"reader": name, "list_reader": LIST_READER}).first()
    if found is None:
        raise WarehouseError("the server has no role of the reader's name: an administrator creates it")
    if found.sees_all:
        raise WarehouseError("row security does not bind the reader's role, which would see every row")
    if not found.is_reader:
        raise WarehouseError(f"the reader's role is not in {LIST_READER}: an administrator grants it")
    if not found.may_be_set:
        raise WarehouseError(
            "the user in CF_WAREHOUSE_URL may not take the reader's role: an administrator grants it"
        )
    connection.execute(_SET_ROLE, {"reader": name})


def _values(entry: Entry) -> dict[str, str | None]:
    return dict(zip(("reader", "authority_code", "team"), entry, strict=True))
