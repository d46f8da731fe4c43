"""What changed in figures that had been reported, and why.

A report is compared with the one before it, record by record. A figure that changed although its
deliveries did not has another definition (or the product reads them otherwise).
"""

from __future__ import annotations

import pandas as pd

from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.history.merge.status import ENDED_UNKNOWN, WITHDRAWN
from cf_pipeline.kpi.definitions.registry import Kpi
from cf_pipeline.kpi.lineage.as_reported import FIGURE, Reported
from cf_pipeline.kpi.lineage.records_behind import members_of

Tables = dict[str, pd.DataFrame]
RECORD = ["list", "record_key"]
REVISIONS = table_contract("kpi/revisions")
LATE, CORRECTED, WITHDREW, VANISHED = "late entry", "correction", "withdrawal", "vanished while open"
REDEFINED, REREAD = "definition change", "change of product or settings"


def revised(before: Reported, after: Reported, registry: dict[str, Kpi]) -> pd.DataFrame:
    """Figures of the earlier report that the later one gives another value, in the columns of REVISIONS.

    A figure that was absent before was not reported, so its first value is no revision. `reason` counts the
    records: those new to the history (late entry), known before but counted otherwise (correction), missing
    from a delivery that should hold them (withdrawal), or missing while open.
    """
    both = before.totals.merge(after.totals, on=FIGURE, suffixes=("_before", "_after"))
    same = both["value_before"].eq(both["value_after"]).fillna(False)
    changed = both[both["value_before"].notna() & ~same].reset_index(drop=True)
    reasons = _reasons(before.tables, after.tables, changed, registry)
    found = changed.assign(
        from_value=changed["value_before"],
        to_value=changed["value_after"],
        from_as_at=before.as_at,
        to_as_at=after.as_at,
        reason=reasons.reindex(pd.MultiIndex.from_frame(changed[FIGURE])).fillna(CORRECTED).to_numpy(),
    )
    return REVISIONS.cast(found)


def redefined(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Figures that the same deliveries give another value than an earlier run, in the columns of REVISIONS.

    Args:
        before: totals of an earlier run (`reported.REPORTED`).
        after: totals of this run.
    """
    both = before.merge(after, on=[*FIGURE, "as_at", "deliveries"], suffixes=("_before", "_after"))
    same = both["value_before"].eq(both["value_after"]).fillna(False)
    changed = both[both["value_before"].notna() & ~same]
    why = changed["definition_before"].eq(changed["definition_after"]).map({True: REREAD, False: REDEFINED})
    found = changed.assign(
        from_value=changed["value_before"],
        to_value=changed["value_after"],
        from_as_at=changed["as_at"],
        to_as_at=changed["as_at"],
        reason=why,
    )
    return REVISIONS.cast(found)


def once(changes: pd.DataFrame) -> pd.DataFrame:
    """Changes of one figure between the same dates told once: from the first value to the last, unless equal.

    Args:
        changes: revisions, the earlier runs' first.
    """
    key = [*FIGURE, "from_as_at", "to_as_at"]
    last = changes.drop_duplicates(key, keep="last")
    first = changes.drop_duplicates(key)[[*key, "from_value"]]
    told = last.drop(columns="from_value").merge(first, on=key, how="left")[REVISIONS.column_names]
    return told[~told["from_value"].eq(told["to_value"]).fillna(False)].reset_index(drop=True)


def _reasons(before: Tables, after: Tables, changed: pd.DataFrame, registry: dict[str, Kpi]) -> pd.Series:
    """For each changed figure the words for the records that moved it; a figure none moved is left out."""
    counted = [_counted(tables, registry, changed) for tables in (before, after)]
    moved = counted[0].merge(counted[1], how="outer", indicator="side")
    moved = moved[moved["side"].ne("both")].drop_duplicates([*FIGURE, *RECORD])
    was, now = _fates(before), _fates(after)
    records = pd.MultiIndex.from_frame(moved[RECORD])
    is_new = moved["side"].eq("right_only").to_numpy()
    fate = pd.Series(now["fate"].reindex(records).to_numpy(), index=moved.index)
    gone = fate.map({WITHDRAWN: WITHDREW, ENDED_UNKNOWN: VANISHED}).fillna(CORRECTED)
    redated = now.reset_index()[["list", "rekeyed_to"]].dropna()
    is_known = records.isin(was.index) | records.isin(pd.MultiIndex.from_frame(redated))
    came = pd.Series(is_known, index=moved.index).map({True: CORRECTED, False: LATE})
    moved = moved.assign(reason=gone.where(~is_new, came))
    counts = moved.groupby([*FIGURE, "reason"]).size().reset_index(name="records")
    words = counts["reason"] + ": " + counts["records"].astype("str")
    return words.groupby([counts[name] for name in FIGURE]).agg("; ".join)


def _counted(tables: Tables, registry: dict[str, Kpi], changed: pd.DataFrame) -> pd.DataFrame:
    columns = [*FIGURE, "role", *RECORD]
    members = members_of(tables, registry, set(changed["kpi_id"]))[columns]
    return members.merge(changed[FIGURE]).drop_duplicates()


def _fates(tables: Tables) -> pd.DataFrame:
    """`fate` (its status; one whose date alone moved is no withdrawal) and `rekeyed_to` of every record."""
    parts = [
        rows.assign(list=name)[[*RECORD, "status", "rekeyed_to"]]
        for name, rows in tables.items()
        if {"record_key", "status", "rekeyed_to"} <= set(rows.columns)
    ]
    every = pd.concat(parts).drop_duplicates(RECORD).set_index(RECORD)
    return every.assign(fate=every["status"].where(every["rekeyed_to"].isna()))
