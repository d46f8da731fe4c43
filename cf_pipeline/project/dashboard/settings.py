"""The dashboard's part of `pipeline.toml`: where it listens, who signs people in, and who its users are.

[dashboard]
address = "127.0.0.1:8800"       # where it listens
url = "https://figures.example"  # where readers find it, as behind a proxy; else http://address
proxies = ["10.0.0.5"]           # the proxies that sign people in; without one, this computer only
user_header = "X-Forwarded-User" # the header in which they name the user
hosts = ["figures.example"]      # the names of the dashboard in addresses, beside this computer's own

[[dashboard.users]]
name = "anna"                    # as the proxy names her
role = "manager"                 # viewer, manager or analyst
authority = "camden"             # a manager's: one entry an authority
teams = ["Team A"]               # by their names in the records; or every_team = true
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from cf_pipeline.contracts.authorities import authorities
from cf_pipeline.contracts.words.near_names import did_you_mean
from cf_pipeline.errors import PlainError

ADDRESS, URL, PROXIES, HEADER, HOSTS, USERS = (
    f"dashboard.{name}" for name in ("address", "url", "proxies", "user_header", "hosts", "users")
)
DEFAULTS: dict[str, Any] = {
    ADDRESS: "127.0.0.1:8800",
    URL: "",
    PROXIES: [],
    HEADER: "X-Forwarded-User",
    HOSTS: [],
    USERS: [],
}
VIEWER, MANAGER, ANALYST = ROLES = ("viewer", "manager", "analyst")
_ENTRIES = {"name": str, "role": str, "authority": str, "teams": list, "every_team": bool}
_LOCALHOST = "127.0.0.1"
_HEADER_NAME = re.compile(r"^[A-Za-z0-9-]+$")
_PAGE_ADDRESS = re.compile(r"^https?://[^\s/?#@]+(/[^\s?#]*)?$")
_HOST_NAME = re.compile(r"^[a-z0-9-]+(\.[a-z0-9-]+)*$")
IpAddress = IPv4Address | IPv6Address


class DashboardSettingsError(PlainError):
    """A setting of the dashboard is wrong."""


@dataclass(frozen=True)
class UserEntry:
    """One entry of a user.

    `authority`: the folder's name; '' but for a manager. `teams`: none where `has_every_team`.
    """

    name: str
    role: str
    authority: str = ""
    teams: tuple[str, ...] = ()
    has_every_team: bool = False


@dataclass(frozen=True)
class DashboardSettings:
    """Where the dashboard listens, which proxies sign people in, and who its users are.

    `url`: where readers find it, without a slash at its end.
    """

    host: IpAddress
    port: int
    url: str
    proxies: tuple[IpAddress, ...]
    user_header: str
    hosts: tuple[str, ...]
    users: tuple[UserEntry, ...]


def read_dashboard_settings(values: Mapping[str, Any]) -> DashboardSettings:
    """The dashboard's settings among those of a project.

    Args:
        values: settings by key, those of DEFAULTS among them.

    Raises:
        DashboardSettingsError: a value is wrong, or others than this computer could ask without signing in.
    """
    host, port = parse_address(values[ADDRESS])
    settings = DashboardSettings(
        host,
        port,
        _url(values[URL]) or f"http://{f'[{host}]' if host.version == 6 else host}:{port}",
        tuple(_ip_address(PROXIES, text) for text in _texts(PROXIES, values[PROXIES])),
        _header(values[HEADER]),
        tuple(_host_name(text) for text in _texts(HOSTS, values[HOSTS])),
        _users(values[USERS]),
    )
    check_exposure(settings)
    return settings


def check_exposure(settings: DashboardSettings) -> None:
    """Refuse settings by which others than this computer would ask without signing in, or users never could.

    Raises:
        DashboardSettingsError: the settings are such.
    """
    if settings.proxies and not settings.users:
        raise DashboardSettingsError(
            f"Setting {PROXIES}: nobody is a user of the dashboard; write each one under [[{USERS}]] in "
            "pipeline.toml."
        )
    if settings.users and not settings.proxies:
        raise DashboardSettingsError(
            f"Setting {USERS}: without a proxy that signs people in, everyone at this computer sees "
            f"everything; name its address in {PROXIES}, or remove the users."
        )
    if not settings.host.is_loopback and not settings.proxies:
        raise DashboardSettingsError(
            f"Setting {ADDRESS}: {settings.host} is reached by others, and no proxy signs them in; name its "
            f"address in {PROXIES}, or listen on {_LOCALHOST}."
        )


def parse_address(text: object) -> tuple[IpAddress, int]:
    """Host and port of a text as 127.0.0.1:8800 or [::1]:8800; `localhost` is 127.0.0.1.

    Raises:
        DashboardSettingsError: it is none.
    """
    found = re.fullmatch(r"(?:\[([^\[\]]+)\]|([^\[\]:]+)):([0-9]{1,5})", str(text))
    if found is None or not 0 < int(found[3]) < 65536:
        raise DashboardSettingsError(
            f"Setting {ADDRESS}: {str(text)!r} is no address and port, as in {DEFAULTS[ADDRESS]}."
        )
    host = found[1] or found[2]
    return _ip_address(ADDRESS, _LOCALHOST if host == "localhost" else host), int(found[3])


def _ip_address(key: str, text: str) -> IpAddress:
    try:
        return ip_address(text)
    except ValueError:
        raise DashboardSettingsError(
            f"Setting {key}: {text!r} is no network address in numbers, as in {_LOCALHOST}."
        ) from None


def _url(text: str) -> str:
    if text and not _PAGE_ADDRESS.match(text):
        raise DashboardSettingsError(
            f"Setting {URL}: {text!r} is no address of a page, as in https://figures.example."
        )
    return text.rstrip("/")


def _texts(key: str, value: object) -> list[str]:
    """The texts of a list; of the environment's, those between commas."""
    texts = [text.strip() for text in value.split(",") if text.strip()] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(text, str) and text for text in texts):
        raise DashboardSettingsError(f'Setting {key}: write it as a list of texts, as in ["a", "b"].')
    return texts


def _header(value: str) -> str:
    if not _HEADER_NAME.match(value) or value.lower() in ("host", "cookie", "connection"):
        raise DashboardSettingsError(
            f"Setting {HEADER}: {value!r} is no header that a proxy can name a user in, as "
            f"{DEFAULTS[HEADER]}."
        )
    return value


def _host_name(text: str) -> str:
    if not _HOST_NAME.match(text.lower()):
        raise DashboardSettingsError(
            f"Setting {HOSTS}: {text!r} is no name of a host, as in figures.example, without a port."
        )
    return text.lower()


def _users(entries: object) -> tuple[UserEntry, ...]:
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise DashboardSettingsError(f"Setting {USERS}: write each one under [[{USERS}]] in pipeline.toml.")
    users = tuple(_user(entry) for entry in entries)
    roles: dict[str, str] = {}
    for user in users:
        if roles.setdefault(user.name, user.role) != user.role:
            raise DashboardSettingsError(
                f"Setting {USERS}: {user.name!r} has two roles; give each user one role, and a manager one "
                "entry an authority."
            )
    return users


def _user(entry: Mapping[str, Any]) -> UserEntry:
    for name, value in entry.items():
        if name not in _ENTRIES:
            raise DashboardSettingsError(
                f"pipeline.toml: unknown setting {USERS}.{name}.{did_you_mean(name, _ENTRIES)}"
            )
        if not isinstance(value, _ENTRIES[name]):
            raise DashboardSettingsError(f"Setting {USERS}: {name} has a value of the wrong kind.")
    name, role = str(entry.get("name", "")), str(entry.get("role", ""))
    if not name or name != name.strip() or not name.isprintable() or "," in name:
        raise DashboardSettingsError(f"Setting {USERS}: {name!r} is no name that a proxy can send.")
    if role not in ROLES:
        raise DashboardSettingsError(
            f"Setting {USERS}: {name!r} has the role {role!r}, which is none of {', '.join(ROLES)}."
            f"{did_you_mean(role, ROLES)}"
        )
    authority, teams = str(entry.get("authority", "")), _texts(f"{USERS}.teams", entry.get("teams", []))
    user = UserEntry(name, role, authority, tuple(teams), entry.get("every_team", False))
    _check_share(user)
    return user


def _check_share(user: UserEntry) -> None:
    """Refuse a share that is not a manager's, or that says nothing.

    Raises:
        DashboardSettingsError: it is such a one.
    """
    if user.role != MANAGER:
        if user.authority or user.teams or user.has_every_team:
            sees = "no records" if user.role == VIEWER else "every record"
            raise DashboardSettingsError(
                f"Setting {USERS}: {user.name!r} is {user.role} and sees {sees}; authority and teams are a "
                f"{MANAGER}'s."
            )
        return
    places: Sequence[str] = [slug for slug, each in authorities().items() if each.kind == "local_authority"]
    if user.authority not in places:
        raise DashboardSettingsError(
            f"Setting {USERS}: {user.name!r} is {MANAGER} of the authority {user.authority!r}, which is no "
            f"folder name of an English local authority.{did_you_mean(user.authority, places)}"
        )
    if bool(user.teams) == user.has_every_team:
        raise DashboardSettingsError(
            f"Setting {USERS}: say of {user.name!r} either teams or every_team = true."
        )
