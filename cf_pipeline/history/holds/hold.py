"""Leave out the lists and deliveries that are held, and clean the others as if those had not arrived.

What is held is treated like a refused delivery (docs/rulings.md#19) until a person accepts the doubts about
it. See docs/history.md, "What is held".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from cf_pipeline.clean import CleanedLists
from cf_pipeline.clean.deliveries import NO_KEYS, clean_deliveries, compare_lists, leave_out
from cf_pipeline.clean.issues import ISSUES
from cf_pipeline.clean.sources import usable_rows
from cf_pipeline.contracts.english import sentence
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.mapping import CouncilMapping
from cf_pipeline.contracts.tables import delivery_status
from cf_pipeline.history.holds.doubt import Acceptance
from cf_pipeline.history.holds.doubt_issues import (
    find_doubt_issues,
    find_far_dates,
    find_unread_column_issues,
)
from cf_pipeline.history.holds.find import IS_ACCEPTED, IS_HELD, find_doubts
from cf_pipeline.history.holds.unread import find_unread_columns
from cf_pipeline.results import NO_STORE, ResultStore

WHAT_IS_HELD = ["delivery_id", "list"]


@dataclass(frozen=True)
class AcceptedDeliveries:
    """The cleaned lists that are not held.

    `manifest`: rows of what is held have status 'held' and the reason; `accepted` names what someone
    accepted. `held`: every doubt, columns of `find.HELD`.
    """

    cleaned: CleanedLists
    manifest: pd.DataFrame
    held: pd.DataFrame


def clean_accepted(
    lists: dict[str, pd.DataFrame],
    manifest: pd.DataFrame,
    findings: pd.DataFrame,
    mapping: CouncilMapping,
    acceptances: Sequence[Acceptance] = (),
    keys: Mapping[str, str] = NO_KEYS,
    store: ResultStore = NO_STORE,
) -> AcceptedDeliveries:
    """Clean every list of every delivery that is plausible, or whose doubts are accepted.

    The issues of what is held stay, so that what is wrong in it can be found and put right.

    Args:
        lists: list name -> ingested text.
        manifest: what was received.
        findings: what reading the files found.
        mapping: the council's own words.
        acceptances: what people accepted, oldest first.
        keys: delivery -> the key of its ingested rows and findings; one without a key is not kept.
        store: the deliveries that were cleaned before.

    Raises:
        ContractError: a cleaned list does not meet its contract.
        MachineError: a result cannot be written.
    """
    each = clean_deliveries(lists, manifest, findings, mapping, keys, store)
    cleaned = compare_lists(each, manifest)
    doubts = find_doubts(cleaned, manifest, acceptances, mapping)
    told = find_doubt_issues(doubts, manifest)
    reasons = hold_reasons(doubts, manifest)
    manifest = mark_accepted(manifest, doubts)
    unread = find_unread_columns(cleaned)
    manifest = mark_unread_columns(manifest, unread)
    told = ISSUES.concat([told, find_unread_column_issues(unread, manifest)])
    if reasons.empty:
        issues = ISSUES.concat([cleaned.issues, told, find_far_dates(cleaned.lists, manifest)])
        return AcceptedDeliveries(replace(cleaned, issues=issues), manifest, doubts)
    marked = mark_held(manifest, reasons)
    counting = compare_lists(leave_out(each, reasons), marked)
    of_held = cleaned.issues[_is_held(cleaned.issues, reasons)]
    far_dates = find_far_dates(counting.lists, marked)
    issues = ISSUES.concat([counting.issues, of_held, told, far_dates])
    return AcceptedDeliveries(replace(counting, issues=issues), marked, doubts)


def hold_reasons(doubts: pd.DataFrame, manifest: pd.DataFrame) -> pd.DataFrame:
    """What is held, one row a delivery and list: delivery_id, list, reason (clauses joined by '; ').

    Args:
        doubts: columns of `find.HELD`.
        manifest: what was received; a delivery that is held as a whole is all of its lists.
    """
    held = doubts[doubts["status"].eq(IS_HELD)]
    received = usable_rows(manifest)[WHAT_IS_HELD].dropna().drop_duplicates()
    rows = []
    for delivery_id, own in held.groupby("delivery_id"):
        if own["is_delivery_held"].any():
            names = received.loc[received["delivery_id"].eq(delivery_id), "list"]
            rows += [(delivery_id, name, "; ".join(own["reason"])) for name in names]
        else:
            rows += [
                (delivery_id, name, "; ".join(clauses)) for name, clauses in own.groupby("list")["reason"]
            ]
    return pd.DataFrame(rows, columns=[*WHAT_IS_HELD, "reason"], dtype="str")


def mark_held(manifest: pd.DataFrame, reasons: pd.DataFrame) -> pd.DataFrame:
    """The manifest with status 'held' and the reason for what was read of what is held."""
    reason = manifest[WHAT_IS_HELD].merge(reasons, on=WHAT_IS_HELD, how="left")["reason"]
    reason = reason.set_axis(manifest.index)
    is_held = reason.notna() & manifest["status"].eq(delivery_status.READ)
    return manifest.assign(
        status=manifest["status"].mask(is_held, delivery_status.HELD),
        reason=manifest["reason"].mask(is_held, reason),
    )


def mark_accepted(manifest: pd.DataFrame, doubts: pd.DataFrame) -> pd.DataFrame:
    """The manifest with `accepted`: which doubts about the rows' list someone accepted, who, when and why."""
    is_accepted = doubts["status"].eq(IS_ACCEPTED) & ~doubts["is_delivery_held"]
    marks = pd.Series(None, index=manifest.index, dtype="str")
    for (delivery_id, name), own in doubts[is_accepted].groupby(WHAT_IS_HELD):
        is_own = manifest["delivery_id"].eq(str(delivery_id))
        if name:
            is_own &= manifest["list"].eq(str(name))
        text = " ".join(_acceptance_texts(own))
        marks = marks.mask(is_own, (marks + " ").fillna("") + text)
    return manifest.assign(accepted=marks)


def acceptance_sentences(authority: str, doubts: pd.DataFrame) -> list[str]:
    """One sentence for each delivery or list that counts because someone accepted it."""
    is_accepted = doubts["status"].eq(IS_ACCEPTED) & ~doubts["is_delivery_held"]
    return [
        f"{authority}/{delivery_id}{f'/{name}' if name else ''}: {text}"
        for (delivery_id, name), own in doubts[is_accepted].groupby(WHAT_IS_HELD)
        for text in _acceptance_texts(own)
    ]


def _acceptance_texts(doubts: pd.DataFrame) -> list[str]:
    """Which doubts count by whose decision, one text a decision."""
    decisions = doubts.groupby(["accepted_by", "accepted_at", "accepted_because"], sort=False)
    return [
        f"{'; '.join(own['reason'])}; it counts because {name} accepted it on {str(time)[:10]}:"
        f" {sentence(str(because))}"
        for (name, time, because), own in decisions
    ]


def mark_unread_columns(manifest: pd.DataFrame, unread: pd.DataFrame) -> pd.DataFrame:
    """The manifest with `columns_unread`: columns of dates or codes that count as not delivered."""
    names = unread.groupby(WHAT_IS_HELD)["column"].agg(";".join).rename("columns_unread").reset_index()
    found = manifest[WHAT_IS_HELD].merge(names, on=WHAT_IS_HELD, how="left")["columns_unread"]
    return manifest.assign(columns_unread=found.set_axis(manifest.index).astype("str"))


def hold_sentences(authority: str, doubts: pd.DataFrame) -> list[str]:
    """One sentence for each held delivery or list: which it is, what is wrong, what to do."""
    sentences = []
    held = doubts[doubts["status"].eq(IS_HELD)]
    for delivery_id, own in held.groupby("delivery_id", sort=False):
        place = f"{authority}/{delivery_id}"
        if own["is_delivery_held"].any():
            sentences.append(
                f"{place}: {'; '.join(own['reason'])}; check the as-at date, the filters and the ids of the "
                f"export and deliver it again, or confirm it with `cf-pipeline accept {place} "
                "--by NAME --because TEXT`; the whole delivery is held until then, as if it had not arrived."
            )
            continue
        sentences += [
            f"{place}: {'; '.join(clauses)}; check the export and deliver it again, or confirm it with "
            f"`cf-pipeline accept {place}/{name} --by NAME --because TEXT`; the list "
            f"{list_contracts()[str(name)].title} of this delivery is held until then, as if it had not been "
            "delivered; the rest of the delivery counts."
            for name, clauses in own.groupby("list", sort=False)["reason"]
        ]
    return sentences


def holds_what_was_accepted(doubts: pd.DataFrame, acceptances: Sequence[Acceptance]) -> bool:
    """Whether a delivery is held of which someone accepted earlier doubts: its files changed since.

    The figures that rest on it stay published until someone decides again (docs/rulings.md#25).
    """
    held = set(doubts.loc[doubts["status"].eq(IS_HELD), "delivery_id"])
    return any(entry.delivery_id in held for entry in acceptances)


def _is_held(rows: pd.DataFrame, reasons: pd.DataFrame) -> pd.Series[bool]:
    keys = pd.MultiIndex.from_frame(rows[WHAT_IS_HELD].astype("str"))
    held = keys.isin(pd.MultiIndex.from_frame(reasons[WHAT_IS_HELD]))
    return pd.Series(held, index=rows.index, dtype=bool)
