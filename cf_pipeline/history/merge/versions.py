"""One list of several deliveries: every version of every record, and which of them is the latest known.

Rules: reference on merging rolling deliveries. For each record the complete group of rows of the newest
delivery that covers its day counts, so that two contacts of a day stay two and a corrected two becomes one;
rows identical in every column are one. The order of deliveries is that of their as-at dates and names, never
of their arrival.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.lookup import lookup
from cf_pipeline.history.merge.keys import NUMBERED, record_group, spans

NEVER = -1
FIRST = "#0"
"""How the record_key of a group's first row ends."""


@dataclass(frozen=True)
class Versions:
    """`rows`: every distinct row, oldest delivery first; `duplicates`: the exact copies."""

    rows: pd.DataFrame
    duplicates: pd.DataFrame


def versions(contract: ListContract, rows: pd.DataFrame, ranks: pd.Series) -> Versions:
    """All delivered rows of a list, keyed and ranked.

    Args:
        contract: the list's contract.
        rows: cleaned rows of every delivery, with person_ref.
        ranks: order of each delivery_id, oldest 0.

    Returns:
        Versions whose rows carry record_group, record_key, rank and first_rank (of the first delivery that
        holds the record) besides their columns.
    """
    if rows.empty:
        texts, numbers = pd.Series(dtype="str"), pd.Series(dtype="int64")
        keyed = rows.assign(rank=numbers, record_group=texts, record_key=texts, first_rank=numbers)
        return Versions(keyed, rows)
    rows = rows.assign(rank=rows["delivery_id"].map(ranks).astype("int64"))
    content = [column.name for column in contract.columns]
    rows = rows.sort_values(["rank", *content, "file", "sheet", "excel_row"], ignore_index=True)
    copies = rows.duplicated(["rank", *content])
    kept = rows[~copies].reset_index(drop=True)
    group = record_group(contract, kept, kept["person_ref"])
    sequence = kept.groupby([group, "rank"]).cumcount().astype(str)
    key = group + "#" + sequence
    first = kept["rank"].groupby(key).transform("min")
    return Versions(kept.assign(record_group=group, record_key=key, first_rank=first), rows[copies])


def groups_of_several(rows: pd.DataFrame) -> pd.Series[str]:
    """The record groups of which some delivery holds more than one row, a name perhaps more than once.

    Args:
        rows: all versions of a list.
    """
    several: pd.Series[str] = rows.loc[~rows["record_key"].str.endswith(FIRST), "record_group"]
    return several


def is_latest(
    contract: ListContract, rows: pd.DataFrame, covers: pd.DataFrame, ranks: pd.Series
) -> pd.Series:
    """Which versions of a list are of the delivery whose group counts.

    A state is replaced by another delivery of the same day as a whole. A row of an event older than what its
    delivery covers may be one of several, so it does not replace the group of a delivery that covers the day;
    a period's row says of itself when it ended, and a numbered record is known by its number.
    """
    rank = rows["rank"]
    if contract.kind == "state":
        newest = covers.assign(rank=covers["delivery_id"].map(ranks)).groupby("as_at")["rank"].max()
        return rank.eq(lookup(rows["as_at"], newest))
    newest = rank.groupby(rows["record_group"]).transform("max")
    if contract.kind != "event":
        return rank.eq(newest)
    days = covers.set_index("delivery_id")
    day = spans(contract, rows)["start"]
    is_covered = day.between(
        lookup(rows["delivery_id"], days["covers_from"]), lookup(rows["delivery_id"], days["covers_to"])
    )
    counts = is_covered | rows["record_group"].str.startswith(NUMBERED)
    covering = rank.where(counts, NEVER).groupby(rows["record_group"]).transform("max")
    return rank.eq(covering.mask(covering.eq(NEVER), newest))
