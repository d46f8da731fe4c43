"""The dashboard's settings: who may ask is said completely, or nothing is served."""

from __future__ import annotations

import re
from ipaddress import ip_address
from pathlib import Path

import pytest

from cf_pipeline.project.dashboard.settings import UserEntry
from cf_pipeline.project.settings import SettingsError, load_settings

PROXY = '[dashboard]\nproxies = ["10.0.0.5"]\n'
ANNA = '[[dashboard.users]]\nname = "anna"\nrole = "manager"\nauthority = "camden"\nteams = ["Team A"]\n'


def load(root: Path, text: str, env: dict[str, str] | None = None):
    (root / "pipeline.toml").write_text(text)
    return load_settings(root, env or {}).dashboard


def test_by_default_this_computer_is_served_and_nobody_else(tmp_path: Path) -> None:
    settings = load(tmp_path, "")
    assert (str(settings.host), settings.port) == ("127.0.0.1", 8800)
    assert (settings.proxies, settings.hosts, settings.users) == ((), (), ())
    assert settings.user_header == "X-Forwarded-User"


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("", "http://127.0.0.1:8800"),
        ('[dashboard]\naddress = "[::1]:80"', "http://[::1]:80"),
        ('[dashboard]\nurl = "https://figures.example/children/"', "https://figures.example/children"),
    ],
)
def test_readers_find_it_where_it_listens_or_where_the_settings_say(
    tmp_path: Path, text: str, url: str
) -> None:
    assert load(tmp_path, text).url == url


@pytest.mark.parametrize("url", ["figures.example", "ftp://figures.example", "javascript:x", "https://a b"])
def test_what_is_no_address_of_a_page_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError, match="is no address of a page"):
        load(tmp_path, f'[dashboard]\nurl = "{url}"')


def test_users_with_their_roles_and_teams(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        '[dashboard]\naddress = "10.0.0.7:80"\nproxies = ["10.0.0.5", "fd00::5"]\n'
        'user_header = "Remote-User"\n'
        'hosts = ["Figures.Council.example"]\n' + ANNA + '[[dashboard.users]]\nname = "anna"\n'
        'role = "manager"\nauthority = "islington"\nevery_team = true\n'
        '[[dashboard.users]]\nname = "Zoë B"\nrole = "viewer"\n'
        '[[dashboard.users]]\nname = "ada"\nrole = "analyst"',
    )
    assert (settings.host, settings.port) == (ip_address("10.0.0.7"), 80)
    assert settings.proxies == (ip_address("10.0.0.5"), ip_address("fd00::5"))
    assert settings.hosts == ("figures.council.example",)
    assert settings.users == (
        UserEntry("anna", "manager", "camden", ("Team A",)),
        UserEntry("anna", "manager", "islington", has_every_team=True),
        UserEntry("Zoë B", "viewer"),
        UserEntry("ada", "analyst"),
    )


def test_the_environment_comes_before_the_file(tmp_path: Path) -> None:
    env = {"CF_DASHBOARD_ADDRESS": "[::1]:9000", "CF_DASHBOARD_PROXIES": "10.0.0.6, 10.0.0.7"}
    settings = load(tmp_path, PROXY + ANNA, env)
    assert (str(settings.host), settings.port) == ("::1", 9000)
    assert [str(proxy) for proxy in settings.proxies] == ["10.0.0.6", "10.0.0.7"]


def user(**entries: str) -> str:
    return PROXY + "[[dashboard.users]]\n" + "\n".join(f"{name} = {text}" for name, text in entries.items())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '[dashboard]\nadress = "127.0.0.1:1"',
            "unknown setting dashboard.adress; did you mean dashboard.address",
        ),
        ("[dashboard]\naddress = 8800", "must be text"),
        ('[dashboard]\naddress = "127.0.0.1"', "no address and port"),
        ('[dashboard]\naddress = "127.0.0.1:0"', "no address and port"),
        ('[dashboard]\naddress = "127.0.0.1:70000"', "no address and port"),
        ('[dashboard]\naddress = "figures.example:80"', "no network address in numbers"),
        ('[dashboard]\naddress = "10.0.0.7:80"', "no proxy signs them in"),
        ('[dashboard]\naddress = "0.0.0.0:80"', "no proxy signs them in"),
        ('[dashboard]\naddress = "[::]:80"', "no proxy signs them in"),
        ('[dashboard]\nproxies = "proxy.example"', "no network address in numbers"),
        ('[dashboard]\nproxies = ["10.0.0.0/8"]', "no network address in numbers"),
        ("[dashboard]\nproxies = [5]", "a list of texts"),
        (PROXY, "nobody is a user"),
        (ANNA, "without a proxy that signs people in"),
        (PROXY + 'user_header = "Host"\n' + ANNA, "no header that a proxy can name a user in"),
        (PROXY + 'user_header = "User: x"\n' + ANNA, "no header that a proxy can name a user in"),
        (PROXY + 'hosts = ["figures.example:443"]\n' + ANNA, "without a port"),
        (PROXY + 'hosts = ["*"]\n' + ANNA, "no name of a host"),
        (PROXY + 'users = "anna"', r"under \[\[dashboard\.users\]\]"),
        (user(name='"anna"', role='"manger"'), "none of viewer, manager, analyst. Did you mean manager"),
        (user(name='"anna"'), "none of viewer"),
        (user(role='"viewer"'), "no name that a proxy can send"),
        (user(name='" anna"', role='"viewer"'), "no name that a proxy can send"),
        (user(name='"anna,berta"', role='"viewer"'), "no name that a proxy can send"),
        (
            user(name='"anna"', role='"viewer"', team='"A"'),
            r"unknown setting dashboard\.users\.team\. Did you mean teams",
        ),
        (user(name='"anna"', role='"viewer"', teams='["A"]'), "viewer and sees no records"),
        (user(name='"anna"', role='"analyst"', authority='"camden"'), "analyst and sees every record"),
        (user(name='"anna"', role='"manager"'), "no folder name of an English local authority"),
        (user(name='"anna"', role='"manager"', authority='"Camden"'), "Did you mean camden"),
        (user(name='"anna"', role='"manager"', authority='"london"', every_team="true"), "no folder name"),
        (user(name='"anna"', role='"manager"', authority='"camden"'), "either teams or every_team"),
        (
            user(name='"anna"', role='"manager"', authority='"camden"', teams="[]"),
            "either teams or every_team",
        ),
        (
            user(name='"anna"', role='"manager"', authority='"camden"', teams='["A"]', every_team="true"),
            "either teams",
        ),
        (user(name='"anna"', role='"manager"', authority='"camden"', teams='[""]'), "a list of texts"),
        (user(name='"anna"', role='"manager"', authority='"camden"', every_team='"yes"'), "wrong kind"),
        (PROXY + ANNA + '[[dashboard.users]]\nname = "anna"\nrole = "analyst"', "has two roles"),
    ],
)
def test_a_wrong_setting_is_named_in_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        load(tmp_path, text)


def test_the_settings_of_the_documentation_are_right_as_they_are_written(tmp_path: Path) -> None:
    page = Path(__file__).parents[4] / "docs" / "dashboard.md"
    (text,) = re.findall(r"```toml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    settings = load(tmp_path, text)
    assert [(user.name, user.role) for user in settings.users] == [("anna", "manager"), ("ada", "analyst")]
