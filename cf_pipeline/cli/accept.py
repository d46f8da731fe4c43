"""`cf-pipeline accept`: record that someone confirmed a held delivery or list (docs/rulings.md#25)."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from cf_pipeline.cli.console import print_line
from cf_pipeline.contracts.authorities import SLUG
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.words.headers import squash
from cf_pipeline.contracts.words.near_names import did_you_mean
from cf_pipeline.errors import PlainError
from cf_pipeline.history.holds.doubt import Acceptance, Doubt, find_acceptance
from cf_pipeline.history.holds.find import HELD, IS_HELD
from cf_pipeline.operations.audit import record_action
from cf_pipeline.project.acceptances import find_acceptances, record_acceptance
from cf_pipeline.project.lake_layout import HELD_DELIVERIES
from cf_pipeline.project.lake_reader import LakeReader
from cf_pipeline.project.settings import Settings

OK = 0


class AcceptError(PlainError):
    """The delivery or list is not held, or the name or the reason is missing."""


def accept_delivery(settings: Settings, place: str, *, name: str, reason: str) -> int:
    """Record who accepted the doubts about a held delivery or list, as the last run found them, and why.

    Args:
        settings: of the project.
        place: as a run names it, such as 'camden/2019-12-31' or 'camden/2019-12-31/contacts'.
        name: who accepts it.
        reason: why it is right as it is.

    Raises:
        AcceptError: it is not held, or the name or the reason is blank.
    """
    authority, _, rest = place.removeprefix("raw/").rstrip("/").partition("/")
    delivery_id, _, list_name = rest.partition("/")
    if not name.strip() or not reason.strip():
        raise AcceptError("Say who accepts the delivery (--by NAME) and why (--because TEXT).")
    held = _find_held(settings, authority)
    own = held[held["delivery_id"].eq(delivery_id)]
    if list_name:
        own = own[own["list"].eq(_find_list(list_name))]
    if own.empty:
        raise AcceptError(
            f"{place} was not held by the last run "
            f"(held of this authority: {_places(authority, held)}); "
            "name it as `cf-pipeline run` does: <authority>/<delivery>, or <authority>/<delivery>/<list>."
            f"{did_you_mean(place, _places(authority, held).split(', '))}"
        )
    doubts = tuple(
        Doubt(row["rule"], row["list"], row["column"], float(row["size"]), row["reason"])
        for row in own.to_dict("records")
    )
    content = str(own["content_hash"].iloc[0])
    before = find_acceptances(settings.data, authority)
    if all(find_acceptance(before, delivery_id, doubt, content) for doubt in doubts):
        print_line(f"{place} was accepted before; `cf-pipeline run` takes it.")
        return OK
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    acceptance = Acceptance(authority, delivery_id, name.strip(), reason.strip(), now, doubts)
    record_acceptance(settings.data, acceptance)
    _log_acceptance(settings, place, acceptance)
    print_line(
        f"{place} is accepted as it is: {'; '.join(doubt.words for doubt in doubts)}. `cf-pipeline run` "
        "takes it. It is held again only for a new doubt, or when one of these grows by over a tenth."
    )
    return OK


def _log_acceptance(settings: Settings, place: str, acceptance: Acceptance) -> None:
    counts = {"doubts": len(acceptance.doubts)}
    record_action(settings.data, "accept", place, by=acceptance.by, because=acceptance.because, counts=counts)


def _find_held(settings: Settings, authority: str) -> pd.DataFrame:
    """The doubts for which the last run held something."""
    found = LakeReader(settings).find(HELD_DELIVERIES, authority) if SLUG.fullmatch(authority) else None
    return HELD.empty() if found is None else found[found["status"].eq(IS_HELD)]


def _find_list(name: str) -> str:
    """The list of a name or a title, in any case and with any spaces; '?' where there is none."""
    contracts = list_contracts()
    names = {squash(text): known for known in contracts for text in (known, contracts[known].title)}
    return names.get(squash(name), "?")


def _places(authority: str, doubts: pd.DataFrame) -> str:
    """The places of what is held, joined by ', '; 'none' without."""
    places = []
    for row in doubts.to_dict("records"):
        list_name = "" if row["is_delivery_held"] else f"/{row['list']}"
        places.append(f"{authority}/{row['delivery_id']}{list_name}")
    return ", ".join(dict.fromkeys(places)) or "none"
