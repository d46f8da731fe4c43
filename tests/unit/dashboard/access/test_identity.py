"""Who asks is known by the connection's address, or by the header of a named proxy; never otherwise."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from cf_pipeline.dashboard.access.identity import LOOPBACK_NAMES, ONLY_USER, AccessSettings, identify
from cf_pipeline.dashboard.access.users import Role, Share, User
from cf_pipeline.dashboard.page import PageError

HOST = ("Host", "localhost:8800")
ANNA = User("anna", Role.MANAGER, (Share("camden", frozenset({"Team A"})),))
ZOE = User("Zoë", Role.VIEWER)
ALONE = AccessSettings()
PROXY = "10.0.0.5"
BEHIND = AccessSettings(
    users={"anna": ANNA, "Zoë": ZOE},
    proxies=frozenset({ip_address(PROXY), ip_address("fd00::5")}),
    user_header="X-Forwarded-User",
    hosts=LOOPBACK_NAMES | {"figures.council.example"},
)


def named(*values: str) -> list[tuple[str, str]]:
    return [HOST, *(("x-forwarded-user", value) for value in values)]


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.9", "::1", "::ffff:127.0.0.1"])
def test_without_a_proxy_this_computer_is_one_user_who_sees_everything(address: str) -> None:
    user = identify(address, [HOST], ALONE)
    assert user is ONLY_USER
    assert (user.role, user.is_only_user) == (Role.ANALYST, True)


@pytest.mark.parametrize(
    "address", ["10.0.0.5", "192.168.1.4", "fe80::1", "8.8.8.8", "", "testclient", "127.1"]
)
def test_without_a_proxy_nobody_else_is_served(address: str) -> None:
    with pytest.raises(PageError, match="serves the computer that it runs on") as refusal:
        identify(address, [HOST], ALONE)
    assert refusal.value.status == 403


@pytest.mark.parametrize(
    "header",
    [
        "X-Forwarded-User",
        "x-forwarded-for",
        "X-FORWARDED-HOST",
        "X-Forwarded-Proto",
        "Forwarded",
        "X-Real-IP",
        "Via",
    ],
)
def test_without_a_proxy_a_request_that_came_through_one_is_refused(header: str) -> None:
    with pytest.raises(PageError, match="through a proxy that the settings do not name") as refusal:
        identify("127.0.0.1", [HOST, (header, "anna")], ALONE)
    assert refusal.value.status == 403


def test_the_user_header_is_refused_without_a_proxy_whatever_its_name() -> None:
    with pytest.raises(PageError, match="through a proxy"):
        identify("127.0.0.1", [HOST, ("remote-user", "anna")], AccessSettings(user_header="Remote-User"))


@pytest.mark.parametrize("address", [PROXY, "fd00::5", f"::ffff:{PROXY}"])
@pytest.mark.parametrize(("name", "user"), [("anna", ANNA), (" anna ", ANNA), ("ZoÃ«", ZOE), ("Zoë", ZOE)])
def test_a_named_proxy_says_who_asks(address: str, name: str, user: User) -> None:
    assert identify(address, named(name), BEHIND) is user


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.0.0.6", "fd00::6", "", "10.0.0.5.example"])
def test_the_header_of_another_address_is_forged(address: str) -> None:
    with pytest.raises(PageError, match="and by no other way") as refusal:
        identify(address, named("anna"), BEHIND)
    assert refusal.value.status == 403


@pytest.mark.parametrize("names", [(), ("",), ("  ",), ("anna", "anna"), ("anna", "berta"), ("", "anna")])
def test_a_header_that_is_missing_empty_or_sent_twice_names_nobody(names: tuple[str, ...]) -> None:
    with pytest.raises(PageError, match="did not name one user") as refusal:
        identify(PROXY, named(*names), BEHIND)
    assert refusal.value.status == 401


@pytest.mark.parametrize(
    "name", ["berta", "Anna", "anna,berta", "anna, anna", "this computer", "anna\0", "*"]
)
def test_a_name_that_nobody_made_a_user_is_refused_and_not_repeated(name: str) -> None:
    with pytest.raises(PageError, match="nobody has made you a user") as refusal:
        identify(PROXY, named(name), BEHIND)
    assert refusal.value.status == 403
    assert name not in str(refusal.value)


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:8800",
        "127.0.0.1:8800",
        "[::1]:8800",
        "figures.council.example",
        "figures.council.example:443",
    ],
)
def test_the_names_of_the_dashboard_are_served(host: str) -> None:
    assert identify(PROXY, [("host", host), ("X-Forwarded-User", "anna")], BEHIND) is ANNA


@pytest.mark.parametrize(
    "hosts",
    [
        *((), ("",), ("evil.example",), ("localhost.evil.example",), ("evil.example:8800",), ("localhost:",)),
        *(("localhost", "localhost"), ("localhost@evil.example",), ("localhost/",), ("127.0.0.1 ",)),
    ],
)
@pytest.mark.parametrize(("address", "settings"), [("127.0.0.1", ALONE), (PROXY, BEHIND)])
def test_another_name_of_the_host_is_refused_before_anything_else(
    hosts: tuple[str, ...], address: str, settings: AccessSettings
) -> None:
    headers = [*(("host", host) for host in hosts), ("x-forwarded-user", "anna")]
    with pytest.raises(PageError, match="not one of this dashboard's") as refusal:
        identify(address, headers, settings)
    assert refusal.value.status == 421
