"""Find the lists and deliveries that are in doubt, and who accepted which doubt.

Deliveries are judged oldest first, each beside the ones before it that are not held. What is held, and when
the whole of a delivery is: docs/rulings.md#25.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pandas as pd

from cf_pipeline.clean import CleanedLists
from cf_pipeline.contracts.mapping import NO_MAPPING, CouncilMapping
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.history.coverage import coverage, list_deliveries
from cf_pipeline.history.holds.delivered_lists import no_list, number_lists
from cf_pipeline.history.holds.doubt import Acceptance, Doubt, find_acceptance
from cf_pipeline.history.holds.event_gap import PERHAPS_LATE_RULE, find_gap_doubts
from cf_pipeline.history.holds.overlapping_sheets import find_sheet_doubts
from cf_pipeline.history.holds.plausibility import (
    DeliveryComparison,
    DeliveryContent,
    EarlierDeliveries,
    find_doubts_beside_earlier,
    remember,
)
from cf_pipeline.history.holds.unread import find_unread_doubts
from cf_pipeline.history.long_extract import NO_EVENTS, event_dates_by_delivery

HELD = table_contract("clean/held")
"""One row a doubt; `reason` names neither the place nor what to do."""
IS_HELD, IS_ACCEPTED, IS_NOTED = "held", "accepted", "noted"
MANY_LISTS, MANY_SHARE = 3, 1 / 3
"""A delivery is held when at least so many, and over this share, of its lists are."""


def find_doubts(
    content: CleanedLists,
    manifest: pd.DataFrame,
    acceptances: Sequence[Acceptance] = (),
    mapping: CouncilMapping = NO_MAPPING,
) -> pd.DataFrame:
    """Every doubt about the deliveries, oldest first; columns of `HELD`.

    Args:
        content: the lists of all deliveries, with their issues and quarantined rows.
        manifest: what was received.
        acceptances: what people accepted, oldest first.
        mapping: the council's own words.
    """
    lists = content.lists
    deliveries = list_deliveries(manifest, lists)
    covers = coverage(manifest, deliveries)
    people, delivered = number_lists(lists)
    unread, sheets = find_unread_doubts(content), find_sheet_doubts(lists, manifest, mapping)
    events = event_dates_by_delivery(lists)
    earlier, found = EarlierDeliveries(people), [HELD.empty()]
    days_covered: dict[str, dict[str, tuple[pd.Timestamp, pd.Timestamp]]] = {}
    columns = [covers[name] for name in ("delivery_id", "list", "covers_from", "covers_to")]
    for delivery_id, name, first, last in zip(*columns, strict=True):
        days_covered.setdefault(delivery_id, {})[name] = first, last
    for delivery_id, as_at in zip(deliveries["delivery_id"], deliveries["as_at"], strict=True):
        days = days_covered.get(delivery_id, {})
        own = {name: delivered[name].get(delivery_id) or no_list() for name in days}
        delivery = DeliveryContent(people, days, own)
        comparison = DeliveryComparison(earlier, delivery)
        doubts = [
            *find_doubts_beside_earlier(comparison),
            *find_gap_doubts(as_at, days, events.get(delivery_id, NO_EVENTS)),
            *(doubt for name in days for doubt in unread.get((delivery_id, name), ())),
            *(doubt for name in days for doubt in sheets.get((delivery_id, name), ())),
        ]
        if not doubts:
            remember(comparison)
            continue
        files = content_hash(manifest, delivery_id)
        judged = judge_doubts(doubts, delivery_id, as_at, files, acceptances, len(days))
        found.append(judged)
        if not judged["is_delivery_held"].any():
            held_lists = set(judged.loc[judged["status"].eq(IS_HELD), "list"])
            counting = DeliveryComparison(earlier, delivery.without_lists(held_lists))
            remember(counting if held_lists else comparison)
    return HELD.concat(found)


def judge_doubts(
    doubts: Sequence[Doubt],
    delivery_id: str,
    as_at: pd.Timestamp,
    content: str,
    acceptances: Sequence[Acceptance],
    lists: int,
) -> pd.DataFrame:
    """The doubts about one delivery with what becomes of each; columns of `HELD`.

    Args:
        doubts: the doubts about it.
        delivery_id: the delivery.
        as_at: its as-at date.
        content: hash of its files.
        acceptances: what people accepted, oldest first.
        lists: the number of its lists.
    """
    records, held_lists, is_delivery_held = [], set(), False
    for doubt in doubts:
        entry = find_acceptance(acceptances, delivery_id, doubt, content)
        status = IS_HELD if entry is None else IS_ACCEPTED
        if doubt.rule == PERHAPS_LATE_RULE:
            status, entry = IS_NOTED, None
        if status == IS_HELD and doubt.is_about_delivery:
            is_delivery_held = True
        elif status == IS_HELD:
            held_lists.add(doubt.list)
        who = ("", "", "") if entry is None else (entry.by, entry.because, entry.at)
        records.append((doubt, status, who))
    if len(held_lists) >= MANY_LISTS and len(held_lists) > MANY_SHARE * lists:
        is_delivery_held = True
    return HELD.frame(
        (
            delivery_id,
            as_at,
            doubt.list,
            doubt.rule,
            doubt.column,
            doubt.size,
            doubt.words,
            status,
            is_delivery_held,
            content,
            *who,
        )
        for doubt, status, who in records
    )


def content_hash(manifest: pd.DataFrame, delivery_id: str) -> str:
    """SHA-256 over the distinct contents of a delivery's files; their names do not matter."""
    contents = manifest.loc[manifest["delivery_id"].eq(delivery_id), "sha256"].dropna().unique()
    return hashlib.sha256("\n".join(sorted(contents)).encode()).hexdigest()
