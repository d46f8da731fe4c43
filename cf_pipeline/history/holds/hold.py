"""Find the deliveries that are implausible, and clean the lists as if those had not arrived.

A held delivery is treated like a refused one (docs/rulings.md#19) until a person accepts exactly its content;
a changed file needs a new decision. See docs/history.md, "A delivery that is held".
"""

from __future__ import annotations

import hashlib
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import pandas as pd

from cf_pipeline.clean import CleanedLists, clean_lists
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.mapping import CouncilMapping
from cf_pipeline.contracts.tables import delivery_status, table_contract
from cf_pipeline.history.coverage import coverage, list_deliveries
from cf_pipeline.history.holds.plausibility import (
    DeliveryContent,
    EarlierDeliveries,
    plausibility_problems,
    remember,
)

HELD = table_contract("clean/held")
"""`reason` names neither the place nor what to do."""
AcceptedContents = AbstractSet[tuple[str, str]]
"""delivery_id and content hash of the deliveries that a person accepted."""


@dataclass(frozen=True)
class AcceptedDeliveries:
    """The cleaned lists of the deliveries that are not held.

    `manifest`: rows of a held delivery have status 'held' and the reason. `held`: columns of `HELD`.
    """

    cleaned: CleanedLists
    manifest: pd.DataFrame
    held: pd.DataFrame


def clean_accepted(
    lists: dict[str, pd.DataFrame],
    manifest: pd.DataFrame,
    findings: pd.DataFrame,
    mapping: CouncilMapping,
    acceptances: AcceptedContents,
) -> AcceptedDeliveries:
    """Clean the lists of every delivery that is plausible or accepted.

    Args:
        lists: list name -> ingested text.
        manifest: what was received.
        findings: what reading the files found.
        mapping: the council's own words.
        acceptances: the contents that a person accepted.

    Raises:
        ContractError: a cleaned list does not meet its contract.
    """
    cleaned = clean_lists(lists, manifest, findings, mapping)
    held = find_held_deliveries(cleaned.lists, manifest, acceptances)
    if held.empty:
        return AcceptedDeliveries(cleaned, manifest, held)
    marked = mark_held(manifest, held)
    others = {name: _without_held(rows, held) for name, rows in lists.items()}
    cleaned = clean_lists(others, marked, _without_held(findings, held), mapping)
    return AcceptedDeliveries(cleaned, marked, held)


def find_held_deliveries(
    lists: dict[str, pd.DataFrame], manifest: pd.DataFrame, acceptances: AcceptedContents
) -> pd.DataFrame:
    """The implausible deliveries that nobody has accepted as they are, oldest first; columns of `HELD`.

    Each is compared with the deliveries before it that are not held.

    Args:
        lists: cleaned rows by list.
        manifest: what was received.
        acceptances: the contents that a person accepted.
    """
    deliveries = list_deliveries(manifest, lists)
    covers = coverage(manifest, deliveries)
    rows_by_delivery = {name: dict(tuple(lists[name].groupby("delivery_id"))) for name in list_contracts()}
    earlier, held = EarlierDeliveries(), []
    for delivery_id, as_at in zip(deliveries["delivery_id"], deliveries["as_at"], strict=True):
        own = covers[covers["delivery_id"].eq(delivery_id)]
        spans = zip(own["covers_from"], own["covers_to"], strict=True)
        days = dict(zip(own["list"], spans, strict=True))
        rows = {name: rows_by_delivery[name].get(delivery_id, lists[name].iloc[:0]) for name in days}
        delivery = DeliveryContent(as_at, days, rows)
        problems = plausibility_problems(earlier, delivery)
        content = content_hash(manifest, delivery_id) if problems else ""
        if problems and (delivery_id, content) not in acceptances:
            held.append((delivery_id, as_at, "; ".join(problems), content))
        else:
            remember(earlier, delivery)
    return HELD.frame(held)


def content_hash(manifest: pd.DataFrame, delivery_id: str) -> str:
    """SHA-256 over the distinct contents of a delivery's files; their names do not matter."""
    contents = manifest.loc[manifest["delivery_id"].eq(delivery_id), "sha256"].dropna().unique()
    return hashlib.sha256("\n".join(sorted(contents)).encode()).hexdigest()


def mark_held(manifest: pd.DataFrame, holds: pd.DataFrame) -> pd.DataFrame:
    """The manifest with status 'held' and the reason for what was read of the held deliveries."""
    reasons = manifest["delivery_id"].map(holds.set_index("delivery_id")["reason"])
    is_held = reasons.notna() & manifest["status"].eq("read")
    return manifest.assign(
        status=manifest["status"].mask(is_held, delivery_status.HELD),
        reason=manifest["reason"].mask(is_held, reasons),
    )


def hold_sentences(authority: str, holds: pd.DataFrame) -> list[str]:
    """One sentence for each held delivery: which it is, what is wrong, what to do."""
    return [
        f"{authority}/{row.delivery_id}: {row.reason}; check the as-at date, the filters and the ids of the "
        f"export and deliver it again, or confirm it with `cf-pipeline accept {authority}/{row.delivery_id} "
        "--by NAME --because TEXT`; the whole delivery is held until then, as if it had not arrived."
        for row in holds.itertuples()
    ]


def _without_held(rows: pd.DataFrame, holds: pd.DataFrame) -> pd.DataFrame:
    return rows[~rows["delivery_id"].isin(holds["delivery_id"])].reset_index(drop=True)
