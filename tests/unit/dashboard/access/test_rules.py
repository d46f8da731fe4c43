"""Every role, page and authority: figures are for all users, records for those with a share of them."""

from __future__ import annotations

from itertools import product

import pytest

from cf_pipeline.dashboard.access.identity import ONLY_USER
from cf_pipeline.dashboard.access.rules import decide
from cf_pipeline.dashboard.access.users import Role, Share, User
from cf_pipeline.dashboard.content import Content
from cf_pipeline.dashboard.page import Page, PageError

FIGURES = Page("overview", "/{authority}", lambda _: Content("Overview"))
RECORDS = Page("today", "/{authority}/today", lambda _: Content("Today"), shows_records=True)
CAMDEN = Share("camden", frozenset({"Team A"}))
VIEWER = User("victor", Role.VIEWER)
VIEWER_WITH_A_SHARE = User("vera", Role.VIEWER, (CAMDEN,))
MANAGER = User("anna", Role.MANAGER, (CAMDEN,))
MANAGER_OF_NOTHING = User("mona", Role.MANAGER)
ANALYST = User("ada", Role.ANALYST)
EVERYBODY = (VIEWER, VIEWER_WITH_A_SHARE, MANAGER, MANAGER_OF_NOTHING, ANALYST, ONLY_USER)
PLACES = ("camden", "city-of-london", "nowhere", "", "CAMDEN", "camden/../city-of-london", None)
WITH_RECORDS = {
    *((user.name, place) for user, place in product((ANALYST, ONLY_USER), PLACES) if place is not None),
    ("anna", "camden"),
}


@pytest.mark.parametrize("user", EVERYBODY, ids=lambda user: user.name)
@pytest.mark.parametrize("place", PLACES)
def test_figures_are_for_every_user(user: User, place: str | None) -> None:
    decide(user, FIGURES, place)


@pytest.mark.parametrize("user", EVERYBODY, ids=lambda user: user.name)
@pytest.mark.parametrize("place", PLACES)
def test_records_are_for_those_with_a_share_of_them(user: User, place: str | None) -> None:
    if (user.name, place) in WITH_RECORDS:
        decide(user, RECORDS, place)
        return
    with pytest.raises(PageError, match="viewer" if user.role is Role.VIEWER else "no share") as refusal:
        decide(user, RECORDS, place)
    assert refusal.value.status == 403
    assert [link.href for link in refusal.value.links] == ["/"]


def test_the_shares_of_a_manager_in_one_authority_add_up() -> None:
    other = Share("camden", frozenset({"Team B"}))
    user = User("anna", Role.MANAGER, (CAMDEN, other, Share("islington", has_every_team=True)))
    assert user.share_of("camden") == Share("camden", frozenset({"Team A", "Team B"}))
    assert user.share_of("islington") == Share("islington", has_every_team=True)
