"""One list of several deliveries: which row is the latest known, and which rows it supersedes.

Rules: reference on merging rolling deliveries. For each record the complete group of rows of the
newest delivery that holds it counts; rows identical in every column are one; a record that a newer
delivery should hold and does not is withdrawn, or ended_unknown when it was open.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cf_pipeline.contracts.lists import ListContract
from cf_pipeline.contracts.lookup import lookup

CURRENT, WITHDRAWN, ENDED_UNKNOWN = "current", "withdrawn", "ended_unknown"


@dataclass(frozen=True)
class Versions:
    """`rows`: every distinct row with record_key, rank and is_latest; `duplicates`: the exact copies."""

    rows: pd.DataFrame
    duplicates: pd.DataFrame


def versions(contract: ListContract, rows: pd.DataFrame, ranks: pd.Series) -> Versions:
    """All delivered rows of a list, keyed and ranked.

    Args:
        contract: the list's contract.
        rows: cleaned rows of every delivery.
        ranks: order of each delivery_id, oldest 0.

    Returns:
        Versions whose rows carry record_group, record_key, rank and is_latest besides their columns.
    """
    if rows.empty:
        texts = pd.Series(dtype="str")
        keyed = rows.assign(rank=pd.Series(dtype="int64"), record_group=texts, record_key=texts)
        return Versions(keyed.assign(is_latest=pd.Series(dtype="bool")), rows)
    rows = rows.assign(rank=rows["delivery_id"].map(ranks).astype("int64"))
    content = [column.name for column in contract.columns]
    rows = rows.sort_values(["rank", *content, "file", "sheet", "excel_row"], ignore_index=True)
    copies = rows.duplicated(["rank", *content])
    kept = rows[~copies].reset_index(drop=True)
    group = record_group(contract, kept)
    sequence = kept.groupby([group, "rank"]).cumcount().astype(str)
    newest = kept.groupby(group)["rank"].transform("max")
    kept = kept.assign(
        record_group=group, record_key=group + "#" + sequence, is_latest=kept["rank"].eq(newest)
    )
    return Versions(kept, rows[copies])


def record_group(contract: ListContract, rows: pd.DataFrame) -> pd.Series:
    """The text that identifies a record across deliveries: its source id, else its natural key."""
    parts = []
    for name in contract.natural_key:
        values = rows[name]
        if name == contract.key_date and contract.slot_date is not None:
            values = rows[contract.slot_date].fillna(values)
        if isinstance(values.dtype, pd.StringDtype):
            parts.append(values.fillna(""))
        else:
            parts.append(values.dt.strftime("%Y-%m-%dT%H:%M").fillna("undated"))
    if contract.kind == "state":
        parts.append(rows["as_at"].dt.strftime("%Y-%m-%d"))
    key = parts[0]
    for part in parts[1:]:
        key = key + "|" + part
    if contract.source_id is None:
        return key.astype("str")
    source = rows[contract.source_id]
    return ("id:" + source).where(source.notna(), key).astype("str")


def carry_unsupplied(
    latest: pd.DataFrame, older: pd.DataFrame, supplied: dict[str, set[str]]
) -> pd.DataFrame:
    """Latest rows with the columns their delivery did not supply filled from the record before.

    A column that is not in a delivery says nothing; only an empty cell withdraws a value.

    Args:
        latest: latest known rows, with record_key and delivery_id.
        older: superseded rows, oldest delivery first.
        supplied: delivery_id to the columns that it supplies.
    """
    latest = latest.copy()
    every_column = set().union(*supplied.values()) & set(latest.columns)
    for delivery_id, columns in supplied.items():
        of_delivery = latest["delivery_id"].eq(delivery_id)
        for name in sorted(every_column - columns):
            holders = [other for other, others_columns in supplied.items() if name in others_columns]
            before = older[older["delivery_id"].isin(holders)].groupby("record_key")[name].last()
            latest.loc[of_delivery, name] = lookup(latest.loc[of_delivery, "record_key"], before)
    return latest


def vanished(
    contract: ListContract, latest: pd.DataFrame, every: pd.DataFrame, covers: pd.DataFrame, ranks: pd.Series
) -> pd.DataFrame:
    """What became of records that a newer delivery should hold and does not.

    Args:
        contract: the list's contract.
        latest: latest known rows.
        every: all distinct rows of the list (to see a newer spell of the same child).
        covers: coverage rows of this list.
        ranks: order of each delivery_id.

    Returns:
        status and vanished_date (the day after the last delivery that shows an open record, or the
        start of the newer spell that hides it) on the index of `latest`.
    """
    out = pd.DataFrame({"status": CURRENT, "vanished_date": pd.NaT}, index=latest.index)
    out["vanished_date"] = out["vanished_date"].astype("datetime64[us]")
    if contract.kind not in ("event", "period") or latest.empty or contract.key_date is None:
        return out
    start = latest[contract.key_date]
    if contract.slot_date is not None:
        start = latest[contract.slot_date].fillna(start)
    is_period = contract.kind == "period" and contract.end_date is not None
    end = latest[contract.end_date] if is_period else start
    undecided = pd.Series(True, index=latest.index)
    for cover in covers.to_dict("records"):
        newer = latest["rank"] < ranks[cover["delivery_id"]]
        in_window = (start <= cover["covers_to"]) & (end.isna() | (end >= cover["covers_from"]))
        missing = undecided & newer & in_window & start.notna()
        if not missing.any():
            continue
        if contract.one_row_a_child:
            of_delivery = every[every["delivery_id"].eq(cover["delivery_id"])]
            next_start = lookup(
                latest[contract.person], of_delivery.groupby(contract.person)[contract.key_date].max()
            )
            hidden = missing & (next_start > start)
            out.loc[hidden & end.isna(), "vanished_date"] = next_start[hidden & end.isna()]
            undecided &= ~hidden
            missing &= ~hidden
        gone_open = missing & end.isna() if is_period else missing & False
        out.loc[gone_open, "status"] = ENDED_UNKNOWN
        out.loc[gone_open, "vanished_date"] = latest.loc[gone_open, "as_at"] + pd.Timedelta(days=1)
        out.loc[missing & ~gone_open, "status"] = WITHDRAWN
        undecided &= ~missing
    return out
