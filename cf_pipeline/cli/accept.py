"""`cf-pipeline accept`: record that someone confirmed a held delivery (docs/rulings.md#25)."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from cf_pipeline.cli.console import print_line
from cf_pipeline.contracts.authorities import SLUG
from cf_pipeline.errors import PlainError
from cf_pipeline.ingest.refusals import escape_invisible
from cf_pipeline.project.acceptances import Acceptance, accepted_content, record_acceptance
from cf_pipeline.project.lake_layout import HELD_DELIVERIES
from cf_pipeline.project.lake_reader import LakeReader
from cf_pipeline.project.settings import Settings

OK = 0


class AcceptError(PlainError):
    """The delivery is not held, or the name or the reason is missing."""


def accept_delivery(settings: Settings, delivery: str, *, name: str, reason: str) -> int:
    """Record who accepted a held delivery and why, for exactly the content that the last run held.

    Args:
        settings: of the project.
        delivery: as a run names it, such as 'camden/2019-12-31'.
        name: who accepts it.
        reason: why it is right as it is.

    Raises:
        AcceptError: the delivery is not held, or the name or the reason is blank.
    """
    authority, _, delivery_id = delivery.removeprefix("raw/").rstrip("/").partition("/")
    if not name.strip() or not reason.strip():
        raise AcceptError("Say who accepts the delivery (--by NAME) and why (--because TEXT).")
    held = _held_deliveries(settings, authority)
    content = held[held["delivery_id"].eq(delivery_id)]["content_hash"]
    if content.empty:
        others = ", ".join(f"{authority}/{folder}" for folder in held["delivery_id"]) or "none"
        raise AcceptError(
            f"{escape_invisible(delivery)} was not held by the last run "
            f"(held of this authority: {escape_invisible(others)}); "
            "name it as `cf-pipeline run` does: <authority>/<delivery>."
        )
    if (delivery_id, content.iloc[0]) in accepted_content(settings.data, authority):
        print_line(f"{delivery} was accepted before; `cf-pipeline run` takes it.")
        return OK
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    record_acceptance(
        settings.data,
        Acceptance(authority, delivery_id, content.iloc[0], name.strip(), reason.strip(), now),
    )
    print_line(
        f"{delivery} is accepted as it is; `cf-pipeline run` takes it. If its files change it is held again."
    )
    return OK


def _held_deliveries(settings: Settings, authority: str) -> pd.DataFrame:
    """The deliveries that the last run held; none where there is no such table."""
    held = LakeReader(settings).find(HELD_DELIVERIES, authority) if SLUG.fullmatch(authority) else None
    return pd.DataFrame({"delivery_id": [], "content_hash": []}, dtype="str") if held is None else held
