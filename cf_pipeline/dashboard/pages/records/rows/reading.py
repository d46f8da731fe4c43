"""Reads today's lists and the children in them: the rows that the reader may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cf_pipeline.dashboard.visit import Visit

AUTHORITY = "authority_code"


def own_rows(visit: Visit, **values: object) -> dict[str, object]:
    """The condition of rows of the page's authority, and of further columns."""
    return {AUTHORITY: str(visit.authority.authority_code), **values}


def whose_words(visit: Visit) -> str:
    """' of your teams' for a reader who sees some teams of the authority; '' for one who sees all of it."""
    share = visit.user.share_of(str(visit.authority.slug))
    return "" if share is None or share.has_every_team else " of your teams"


def read_child_ids(visit: Visit, people: Iterable[Any]) -> Mapping[str, str]:
    """Pseudonym -> the case system's id, of these children as far as the reader may see them."""
    wanted = sorted({str(person) for person in people})
    if not wanted:
        return {}
    found = visit.read_records({"person": own_rows(visit, person_ref=wanted)})["person"]
    return dict(zip(found["person_ref"].astype(str), found["child_id"].astype(str), strict=True))
