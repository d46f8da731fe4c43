"""Which deliveries are held, and what is left when they are: as if they had not arrived.

A held delivery goes the way of a refused one (ruling 19) until someone accepts exactly its content: a
decision on other files says nothing about these.
"""

from __future__ import annotations

import hashlib
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import pandas as pd

from cf_pipeline.clean import CleanedLists, clean_lists
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.mapping import CouncilMapping
from cf_pipeline.history.coverage import coverage, deliveries
from cf_pipeline.history.holds.plausibility import Known, Shown, doubts, take

HELD: dict[str, str] = {
    "delivery_id": "str",
    "as_at": "datetime64[us]",
    "reason": "str",
    "content_hash": "str",
}
"""Columns of the held deliveries and their dtypes; `reason` is said without place or advice."""
STATUS = "held"
Accepted = AbstractSet[tuple[str, str]]
"""delivery_id and content hash of what someone accepted."""


@dataclass(frozen=True)
class Taken:
    """Every list cleaned of the deliveries that are taken; the manifest with held ones marked; the held."""

    cleaned: CleanedLists
    manifest: pd.DataFrame
    held: pd.DataFrame


def taken(
    lists: dict[str, pd.DataFrame],
    manifest: pd.DataFrame,
    findings: pd.DataFrame,
    mapping: CouncilMapping,
    accepted: Accepted,
) -> Taken:
    """What `clean` gives for the deliveries that are not held.

    Args:
        lists: list name -> ingested text.
        manifest: what was received.
        findings: what reading noticed.
        mapping: the council's own words.
        accepted: what someone confirmed.

    Returns:
        Taken; the manifest's rows of a held delivery have status 'held' and the reason.
    """
    cleaned = clean_lists(lists, manifest, findings, mapping)
    found = held(cleaned.lists, manifest, accepted)
    if found.empty:
        return Taken(cleaned, manifest, found)
    marked = with_holds(manifest, found)
    others = {name: _without(rows, found) for name, rows in lists.items()}
    return Taken(clean_lists(others, marked, _without(findings, found), mapping), marked, found)


def held(lists: dict[str, pd.DataFrame], manifest: pd.DataFrame, accepted: Accepted) -> pd.DataFrame:
    """The deliveries that a guard holds and nobody has accepted as they are, oldest first; columns of `HELD`.

    Args:
        lists: cleaned rows by list.
        manifest: what was received.
        accepted: what someone confirmed.
    """
    delivered = deliveries(manifest, lists)
    covers = coverage(manifest, delivered)
    rows_of = {name: dict(tuple(lists[name].groupby("delivery_id"))) for name in list_contracts()}
    known, found = Known(), []
    for delivery_id, as_at in zip(delivered["delivery_id"], delivered["as_at"], strict=True):
        own = covers[covers["delivery_id"].eq(delivery_id)]
        spans = zip(own["covers_from"], own["covers_to"], strict=True)
        days = dict(zip(own["list"], spans, strict=True))
        rows = {name: rows_of[name].get(delivery_id, lists[name].iloc[:0]) for name in days}
        shown = Shown(as_at, days, rows)
        reasons = doubts(known, shown)
        content = content_hash(manifest, delivery_id) if reasons else ""
        if reasons and (delivery_id, content) not in accepted:
            found.append((delivery_id, as_at, "; ".join(reasons), content))
        else:
            take(known, shown)
    return pd.DataFrame(found, columns=[*HELD]).astype(HELD)


def content_hash(manifest: pd.DataFrame, delivery_id: str) -> str:
    """SHA-256 over the contents of a delivery's files, whatever their names and however often each."""
    contents = manifest.loc[manifest["delivery_id"].eq(delivery_id), "sha256"].dropna().unique()
    return hashlib.sha256("\n".join(sorted(contents)).encode()).hexdigest()


def with_holds(manifest: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """The manifest in which what was read of a held delivery has status 'held' and the reason."""
    reasons = manifest["delivery_id"].map(found.set_index("delivery_id")["reason"])
    is_held = reasons.notna() & manifest["status"].eq("read")
    return manifest.assign(
        status=manifest["status"].mask(is_held, STATUS), reason=manifest["reason"].mask(is_held, reasons)
    )


def sentences(authority: str, found: pd.DataFrame) -> list[str]:
    """One plain sentence for each held delivery: where, what is wrong, what to do."""
    return [
        f"{authority}/{row.delivery_id}: {row.reason}; check the as-at date, the filters and the ids of the "
        f"export and deliver it again, or confirm it with `cf-pipeline accept {authority}/{row.delivery_id} "
        "--by NAME --because TEXT`; the whole delivery is held until then, as if it had not arrived."
        for row in found.itertuples()
    ]


def _without(rows: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    return rows[~rows["delivery_id"].isin(found["delivery_id"])].reset_index(drop=True)
