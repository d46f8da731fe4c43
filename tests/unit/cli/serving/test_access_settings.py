"""The users of the settings are those of the dashboard."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path

from cf_pipeline.cli.serving.access_settings import make_access_settings
from cf_pipeline.cli.serving.warehouse_source import find_shares
from cf_pipeline.dashboard.access.identity import ONLY_USER
from cf_pipeline.dashboard.access.users import Role, Share, User
from cf_pipeline.project.dashboard.settings import ROLES
from cf_pipeline.project.settings import load_settings
from cf_pipeline.warehouse.access import Share as RecordShare

TEXT = """
[dashboard]
address = "10.0.0.7:8800"
proxies = ["10.0.0.5"]
hosts = ["figures.example"]
[[dashboard.users]]
name = "anna"
role = "manager"
authority = "camden"
teams = ["Team B", "Team A"]
[[dashboard.users]]
name = "anna"
role = "manager"
authority = "city-of-london"
every_team = true
[[dashboard.users]]
name = "victor"
role = "viewer"
[[dashboard.users]]
name = "ada"
role = "analyst"
"""


def test_the_roles_of_the_settings_are_those_of_the_dashboard() -> None:
    assert set(ROLES) == {str(role) for role in Role}


def test_entries_of_one_name_are_one_user(tmp_path: Path) -> None:
    (tmp_path / "pipeline.toml").write_text(TEXT)
    settings = make_access_settings(load_settings(tmp_path, {}).dashboard)
    assert settings.proxies == {ip_address("10.0.0.5")}
    assert settings.hosts == {"localhost", "127.0.0.1", "::1", "10.0.0.7", "figures.example"}
    anna = settings.users["anna"]
    assert anna.share_of("camden") == Share("camden", frozenset({"Team A", "Team B"}))
    assert anna.share_of("city-of-london") == Share("city-of-london", has_every_team=True)
    assert anna.share_of("islington") is None
    assert settings.users["victor"] == User("victor", Role.VIEWER)
    assert find_shares(anna) == [RecordShare("E09000007", ("Team A", "Team B")), RecordShare("E09000001")]
    assert find_shares(settings.users["ada"]) == find_shares(ONLY_USER) == [RecordShare(None)]
    assert find_shares(settings.users["victor"]) == []


def test_a_share_without_a_team_is_none_of_the_authority() -> None:
    """No teams are every team to the warehouse: an empty share must never become that."""
    assert find_shares(User("mona", Role.MANAGER, (Share("camden"),))) == []
    assert find_shares(User("mona", Role.MANAGER, (Share("nowhere", has_every_team=True),))) == []
    assert find_shares(User("vera", Role.VIEWER, (Share("camden", has_every_team=True),))) == []
