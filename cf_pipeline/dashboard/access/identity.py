"""Who asks: the user that a request comes from, or the sentence by which it is refused.

Nobody signs in here. Either nobody but this computer reaches the dashboard, or a proxy of a known address
signs people in and names the user in a header. Everything else is refused, so that no header can be forged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address

from cf_pipeline.dashboard.access.users import Role, User
from cf_pipeline.dashboard.page import PageError

UNKNOWN, FORBIDDEN, WRONG_HOST = 401, 403, 421
ONLY_USER = User("this computer", Role.ANALYST, is_only_user=True)
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
FORWARDED = re.compile(r"^(x-forwarded-.+|forwarded|x-real-ip|via)$")
"""Headers that a proxy adds."""
Headers = Sequence[tuple[str, str]]
Address = IPv4Address | IPv6Address


@dataclass(frozen=True)
class AccessSettings:
    """Who may ask.

    Attributes:
        users: by name; those whom a proxy may name.
        proxies: the addresses that people are signed in at. Without one only this computer is served.
        user_header: the header in which a proxy names the user.
        hosts: names by which the dashboard is called in addresses, in lower case, without ports.
    """

    users: Mapping[str, User] = field(default_factory=dict)
    proxies: frozenset[Address] = frozenset()
    user_header: str = "x-forwarded-user"
    hosts: frozenset[str] = LOOPBACK_NAMES


def identify(address: str, headers: Headers, settings: AccessSettings) -> User:
    """The user that a request comes from.

    Args:
        address: the network address that it came from, as the connection itself has it.
        headers: name and value of each, as often as they were sent.
        settings: who may ask.

    Raises:
        PageError: the address, the name of the host or the user is not one to be served (403, 421, 401).
    """
    named = [(name.lower(), value) for name, value in headers]
    _check_host(named, settings.hosts)
    peer = _parse_address(address)
    if settings.proxies:
        return _user_of_proxy(peer, named, settings)
    if peer is None or not peer.is_loopback:
        raise PageError(
            FORBIDDEN,
            "Only this computer is served",
            "This dashboard serves the computer that it runs on, because its settings name no proxy that "
            "signs people in; ask whoever looks after it.",
        )
    header = settings.user_header.lower()
    if any(name == header or FORWARDED.match(name) for name, _ in named):
        raise PageError(
            FORBIDDEN,
            "A proxy that is not named",
            "The request came through a proxy that the settings do not name, so nobody knows who asks; name "
            "its address under `proxies` of [dashboard] in pipeline.toml, or ask without it.",
        )
    return ONLY_USER


def _check_host(headers: Headers, hosts: frozenset[str]) -> None:
    """Refuse a name that is not ours: a page of someone else's could bend its own name to this computer."""
    values = [value for name, value in headers if name == "host"]
    if len(values) != 1 or _host_name(values[0]) not in hosts:
        raise PageError(
            WRONG_HOST,
            "Not the name of this dashboard",
            "The address has a name that is not one of this dashboard's; use the address that it was given, "
            "or add the name to `hosts` of [dashboard] in pipeline.toml.",
        )


def _host_name(value: str) -> str:
    """The name of a Host header without its port, in lower case; '' for what is none."""
    found = re.fullmatch(r"(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?", value.lower())
    return (found[1] or found[2]) if found else ""


def _parse_address(address: str) -> Address | None:
    """A network address; an IPv4 one that is written as IPv6 is IPv4. None for what is none."""
    try:
        found = ip_address(address)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def _user_of_proxy(peer: Address | None, headers: Headers, settings: AccessSettings) -> User:
    if peer not in settings.proxies:
        raise PageError(
            FORBIDDEN,
            "Not through the proxy",
            "This dashboard is reached through the proxy that signs people in, and by no other way; use its "
            "address.",
        )
    names = [value for name, value in headers if name == settings.user_header.lower()]
    if len(names) != 1 or not names[0].strip():
        raise PageError(
            UNKNOWN,
            "Nobody is signed in",
            "The proxy did not name one user; sign in again, or ask whoever looks after the proxy.",
        )
    user = settings.users.get(_decode(names[0].strip()))
    if user is None:
        raise PageError(
            FORBIDDEN,
            "Not a user of this dashboard",
            "You are signed in, but nobody has made you a user of this dashboard; ask who looks after it.",
        )
    return user


def _decode(value: str) -> str:
    """A name that was sent as UTF-8: HTTP itself reads each byte as a letter of Latin-1."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value
