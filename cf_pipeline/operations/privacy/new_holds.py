"""Lists that are held only because rows of erased children or purged cases are gone: they count as before.

So few rows may be left of a list that they look like a fault of the export. Whoever decided that the rows go
accepts what it causes, and the acceptance says so.
"""

from __future__ import annotations

import datetime as dt

import pandas as pd

from cf_pipeline.history.holds.doubt import Acceptance, Doubt
from cf_pipeline.history.holds.find import IS_HELD
from cf_pipeline.operations.audit import record_action
from cf_pipeline.operations.privacy.pending_erasures import Pending, read_pending
from cf_pipeline.project.acceptances import record_acceptance
from cf_pipeline.project.lake_layout import CLEAN_DELIVERIES, HELD_DELIVERIES
from cf_pipeline.project.lake_reader import LakeReader
from cf_pipeline.project.settings import Settings

PLACE = ["delivery_id", "list", "rule"]
BECAUSE = "rows are gone that were erased or are past their retention"


def note_holds(settings: Settings, slug: str, by: str) -> Pending:
    """What is decided of an authority by whom, with its deliveries and what is held of them now."""
    manifest = LakeReader(settings).read(CLEAN_DELIVERIES, slug)
    held = _held(settings, slug)[PLACE].astype("str").to_numpy().tolist()
    return Pending(by, sorted(set(manifest["delivery_id"].astype("str"))), held)


def accept_new_holds(settings: Settings) -> int:
    """Accept what is held now and was not before rows went; returns how many doubts were accepted.

    A delivery that came since is not accepted: somebody has to look at it.
    """
    return sum(_accept(settings, slug, pending) for slug, pending in read_pending(settings.data).items())


def _accept(settings: Settings, slug: str, pending: Pending) -> int:
    held = _held(settings, slug)
    places = held[PLACE].astype("str").to_numpy().tolist()
    is_new = [place not in pending.held and place[0] in pending.deliveries for place in places]
    new = held[pd.Series(is_new, index=held.index, dtype=bool)]
    time = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    for delivery_id, own in new.groupby("delivery_id"):
        doubts = tuple(
            Doubt(row["rule"], row["list"], row["column"], float(row["size"]), row["reason"])
            for row in own.to_dict("records")
        )
        acceptance = Acceptance(slug, str(delivery_id), pending.by, BECAUSE, time, doubts)
        record_acceptance(settings.data, acceptance)
        place, counts = f"{slug}/{delivery_id}", {"doubts": len(doubts)}
        record_action(settings.data, "accept", place, by=pending.by, because=BECAUSE, counts=counts)
    return len(new)


def _held(settings: Settings, slug: str) -> pd.DataFrame:
    """The doubts for which something is held: columns of `find.HELD`."""
    held = LakeReader(settings).read(HELD_DELIVERIES, slug)
    return held[held["status"].eq(IS_HELD)]
