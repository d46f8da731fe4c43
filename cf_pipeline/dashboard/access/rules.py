"""Which pages a user may see: the one place that decides it, asked at every request.

Which rows a page with records shows is decided where they are read: by the user's share, and on a server by
the rights of the user's role too.
"""

from __future__ import annotations

from cf_pipeline.dashboard.access.users import Role, User
from cf_pipeline.dashboard.content import Link
from cf_pipeline.dashboard.page import Lookup, Page, PageError

FORBIDDEN = 403
TITLE = "You may not see these records"
ASK = "ask whoever looks after the dashboard if you need them."


def decide(user: User, page: Page | Lookup, authority: str | None) -> None:
    """Let a user see a page, or say why not.

    Args:
        user: who asks.
        page: what for.
        authority: the folder's name of the page's authority; None for a page of no authority.

    Raises:
        PageError: the page shows records, and the user has no share of those of the authority (403).
    """
    if not page.shows_records or (authority is not None and user.share_of(authority) is not None):
        return
    if user.role is Role.VIEWER:
        why = f"Your role is {user.role}: it sees figures, and no records about children;"
    else:
        why = "You have no share of the records of this authority;"
    raise PageError(FORBIDDEN, TITLE, f"{why} {ASK}", (Link("Back to the overview", "/"),))
