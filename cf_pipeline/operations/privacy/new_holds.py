"""Lists that are held only because the rows of erased children are gone: they count as before.

So few rows may be left of a list that they look like a fault of the export. Whoever decided the erasure
accepts what it causes, and the acceptance says so.
"""

from __future__ import annotations

import datetime as dt

import pandas as pd

from cf_pipeline.history.holds.doubt import Acceptance, Doubt
from cf_pipeline.history.holds.find import IS_HELD
from cf_pipeline.operations.audit import record_action
from cf_pipeline.project.acceptances import record_acceptance
from cf_pipeline.project.lake_layout import HELD_DELIVERIES
from cf_pipeline.project.lake_reader import LakeReader
from cf_pipeline.project.settings import Settings

PLACE = ["delivery_id", "list", "rule"]
BECAUSE = "rows of erased children are gone"


def held_places(settings: Settings, slug: str) -> pd.DataFrame:
    """The doubts for which something of an authority is held now: columns of `find.HELD`."""
    held = LakeReader(settings).read(HELD_DELIVERIES, slug)
    return held[held["status"].eq(IS_HELD)]


def accept_new_holds(settings: Settings, slug: str, before: pd.DataFrame, by: str) -> int:
    """Accept what is held now and was not before an erasure; returns how many doubts were accepted.

    Args:
        settings: the project's.
        slug: the authority's.
        before: `held_places` before the erasure was registered.
        by: who decided the erasure.
    """
    now = held_places(settings, slug)
    known = pd.MultiIndex.from_frame(before[PLACE].astype("str"))
    new = now[~pd.MultiIndex.from_frame(now[PLACE].astype("str")).isin(known)]
    time = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    for delivery_id, own in new.groupby("delivery_id"):
        doubts = tuple(
            Doubt(row["rule"], row["list"], row["column"], float(row["size"]), row["reason"])
            for row in own.to_dict("records")
        )
        record_acceptance(settings.data, Acceptance(slug, str(delivery_id), by, BECAUSE, time, doubts))
        place = f"{slug}/{delivery_id}"
        record_action(settings.data, "accept", place, by=by, because=BECAUSE, counts={"doubts": len(doubts)})
    return len(new)
