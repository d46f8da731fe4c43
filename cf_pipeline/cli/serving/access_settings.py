"""Makes the dashboard's users of the council's settings."""

from __future__ import annotations

from cf_pipeline.dashboard.access.identity import LOOPBACK_NAMES, AccessSettings
from cf_pipeline.dashboard.access.users import Role, Share, User
from cf_pipeline.project.dashboard.settings import DashboardSettings


def make_access_settings(settings: DashboardSettings) -> AccessSettings:
    """Who may ask, as the dashboard needs it: entries of one name are one user with several shares."""
    users: dict[str, User] = {}
    for entry in settings.users:
        share = Share(entry.authority, frozenset(entry.teams), entry.has_every_team)
        earlier = users[entry.name].shares if entry.name in users else ()
        shares = (*earlier, share) if entry.authority else earlier
        users[entry.name] = User(entry.name, Role(entry.role), shares)
    return AccessSettings(
        users=users,
        proxies=frozenset(settings.proxies),
        user_header=settings.user_header,
        hosts=LOOPBACK_NAMES | {str(settings.host), *settings.hosts},
    )
