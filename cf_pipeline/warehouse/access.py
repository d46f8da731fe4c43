"""Who may read the warehouse: its roles, and who sees the records and lists of which team.

Belongs here: what may be granted, and what is told about it. Does not belong here: SQL (`dialects`), and
which rows of a table are a team's (`tables/roles.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from cf_pipeline.contracts.words.near_names import did_you_mean
from cf_pipeline.warehouse.dialects import database
from cf_pipeline.warehouse.errors import WarehouseError, with_plain_errors
from cf_pipeline.warehouse.tables.roles import LIST_READER
from cf_pipeline.warehouse.tables.schemas import COMMITTEE, PUBLIC, PUBLISHED, RESTRICTED

T = TypeVar("T")


@dataclass(frozen=True)
class Share:
    """What of the records somebody sees: teams of an authority, all of one, or everything.

    `authority_code`: None for every authority. `teams`: none for every team, and children without one.
    """

    authority_code: str | None
    teams: Sequence[str] = ()

    def entries(self, reader: str) -> list[tuple[str, str | None, str | None]]:
        """The rows of the table that says who sees which team."""
        teams: Sequence[str | None] = self.teams or [None]
        return [(reader, self.authority_code, team) for team in teams]


@dataclass(frozen=True)
class Access:
    """Who sees what: rows of reader, authority's code and team (None: every one), and what is amiss in it.

    `unseen`: authority's code -> the teams that nobody was granted; None for children without a team.
    `unbound`: reader -> why what was granted has no effect.
    """

    entries: list[tuple[str, str | None, str | None]]
    unseen: dict[str, list[str | None]]
    unbound: dict[str, str]


def create_roles(url: str) -> list[str]:
    """Make the roles and schemas of a server; returns the roles that were not there.

    Raises:
        WarehouseError: the database has none, or the login may not; nothing was changed.
    """
    targets = [database(url, schema.name) for schema in (RESTRICTED, PUBLISHED, COMMITTEE, PUBLIC)]
    return with_plain_errors("setting up the database", lambda: targets[0].create_roles(targets))


def grant_share(url: str, reader: str, share: Share) -> str:
    """Let a role see a share of the records; returns a sentence where that has no effect yet, else ''.

    Raises:
        WarehouseError: the server has no such role or it sees everything anyway, or no published record of
            the authority has such a team; nothing was changed.
    """

    def grant(readers: Any) -> str:
        _check_reader(readers, reader)
        _check_teams(readers, share)
        readers.add(share.entries(reader))
        return _why_unbound(readers, reader)

    return _with_readers(url, "granting access", grant)


def revoke_share(url: str, reader: str, share: Share | None) -> int:
    """Take a share from a role, or all that it was granted; returns how many rows that was.

    Raises:
        WarehouseError: nothing of it was granted; nothing was changed.
    """

    def revoke(readers: Any) -> int:
        own = [entry for entry in readers.entries() if entry[0] == reader]
        wanted = own if share is None else share.entries(reader)
        missing = [entry for entry in wanted if entry not in own]
        if missing or not own:
            what = "nothing" if not own else "not that"
            meant = "" if own else did_you_mean(reader, [name for name, *_ in readers.entries()])
            raise WarehouseError(
                f"{reader} was granted {what}: `cf-pipeline access list` shows what was granted; nothing was "
                f"changed.{meant}"
            )
        return int(readers.remove(wanted))

    return _with_readers(url, "revoking access", revoke)


def find_access(url: str) -> Access:
    """Who sees what, and which teams nobody sees.

    Raises:
        WarehouseError: the database has no roles.
    """

    def find(readers: Any) -> Access:
        entries = readers.entries()
        unbound = {reader: _why_unbound(readers, reader) for reader, *_ in entries}
        granted = {(code, team) for reader, code, team in entries if not unbound[reader]}
        unseen: dict[str, list[str | None]] = {}
        for code, teams in sorted(readers.teams().items()):
            if not {(None, None), (code, None)} & granted:
                left = sorted((team for team in teams if (code, team) not in granted), key=lambda t: t or "")
                unseen |= {code: left} if left else {}
        return Access(entries, unseen, {reader: why for reader, why in unbound.items() if why})

    return _with_readers(url, "reading who sees what", find)


def _with_readers(url: str, task: str, action: Callable[[Any], T]) -> T:
    def act() -> T:
        with database(url, RESTRICTED.name).team_readers() as readers:
            return action(readers)

    return with_plain_errors(task, act)


def _check_reader(readers: Any, reader: str) -> None:
    names = readers.role_names()
    if reader not in names:
        raise WarehouseError(
            f"the server has no role {reader}: create it first; nothing was changed."
            f"{did_you_mean(reader, names)}"
        )
    if readers.sees_everything(reader):
        raise WarehouseError(
            f"{reader} is a superuser or has BYPASSRLS: row security does not bind it, and it sees every "
            "row; nothing was changed"
        )


def _check_teams(readers: Any, share: Share) -> None:
    known = {team for team in readers.teams().get(share.authority_code, ()) if team is not None}
    unknown = [team for team in share.teams if team not in known]
    if unknown:
        raise WarehouseError(
            f"no published record of the authority has the team {unknown[0]!r}; nothing was changed."
            f"{did_you_mean(unknown[0], known)}"
        )


def _why_unbound(readers: Any, reader: str) -> str:
    """Why what was granted to a role has no effect; '' when it has."""
    if reader not in readers.role_names():
        return f"{reader} is no role of the server any more; `cf-pipeline access revoke {reader}` removes it."
    if readers.is_list_reader(reader):
        return ""
    return f"{reader} sees nothing yet: an administrator runs GRANT {LIST_READER} TO {reader}."
