"""The readers of the dashboard: a name, a role, and the teams whose records a manager sees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a reader may see: figures; also the records of their own teams; or every record."""

    VIEWER = "viewer"
    MANAGER = "manager"
    ANALYST = "analyst"


@dataclass(frozen=True)
class Share:
    """The teams of one authority whose records a manager sees.

    `authority`: its folder's name. `teams`: by their names in the records. `has_every_team`: all of them, and
    the children without a team.
    """

    authority: str
    teams: frozenset[str] = frozenset()
    has_every_team: bool = False


@dataclass(frozen=True)
class User:
    """One reader. `is_only_user`: nobody signs in, because only this computer reaches the dashboard."""

    name: str
    role: Role
    shares: tuple[Share, ...] = ()
    is_only_user: bool = False

    def share_of(self, authority: str) -> Share | None:
        """The teams whose records the user sees of an authority; None for no records at all."""
        if self.role is Role.ANALYST:
            return Share(authority, has_every_team=True)
        if self.role is Role.VIEWER:
            return None
        return _joined(authority, (share for share in self.shares if share.authority == authority))


def _joined(authority: str, shares: Iterable[Share]) -> Share | None:
    found = list(shares)
    if not found:
        return None
    teams = frozenset[str]().union(*(share.teams for share in found))
    return Share(authority, teams, any(share.has_every_team for share in found))
