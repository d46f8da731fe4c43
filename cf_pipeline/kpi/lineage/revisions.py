"""Revisions: figures that changed after they had been reported, and why.

Each report is compared with the one before it, record by record. A figure that changed although its
deliveries did not has another definition, or the product or its settings changed.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.history.merge.status import ENDED_UNKNOWN, WITHDRAWN
from cf_pipeline.kpi.definitions.registry import Kpi
from cf_pipeline.kpi.lineage.as_reported import COUNTED, FIGURE, RECORD, KeptReport, Report

REVISIONS = table_contract("kpi/revisions")
LATE, CORRECTED, WITHDREW, VANISHED = "late entry", "correction", "withdrawal", "vanished while open"
REDEFINED, REREAD = "definition change", "change of product or settings"
RE_ESTIMATED = "newer estimate of the population, or change of product or settings"


def delivery_revisions(before: Report | KeptReport, after: Report) -> pd.DataFrame:
    """Figures of the earlier report that have another value in the later one, in the columns of REVISIONS.

    A figure that was absent before was not reported, so its first value is no revision. `reason` counts the
    records: new to the history (late entry), known before but counted differently (correction), missing
    from a delivery that covers them (withdrawal), or missing while open.
    """
    both = before.totals.merge(after.totals, on=FIGURE, suffixes=("_before", "_after"))
    same = both["value_before"].eq(both["value_after"]).fillna(False)
    changed = both[both["value_before"].notna() & ~same].reset_index(drop=True)
    if changed.empty:
        return REVISIONS.empty()
    reasons = _reasons(before, after, changed)
    found = changed.assign(
        from_value=changed["value_before"],
        to_value=changed["value_after"],
        from_as_at=before.as_at,
        to_as_at=after.as_at,
        reason=reasons.reindex(pd.MultiIndex.from_frame(changed[FIGURE])).fillna(CORRECTED).to_numpy(),
    )
    return REVISIONS.cast(found)


def definition_revisions(before: pd.DataFrame, after: pd.DataFrame, registry: dict[str, Kpi]) -> pd.DataFrame:
    """Figures that changed although their deliveries did not, in the columns of REVISIONS.

    Args:
        before: totals of an earlier run (`as_reported.REPORTED`).
        after: totals of this run.
        registry: the KPIs; those that divide by the population change with a newer estimate of it.
    """
    after = after[after["as_at"].isin(before["as_at"].unique())]
    both = before.merge(after, on=[*FIGURE, "as_at", "deliveries"], suffixes=("_before", "_after"))
    same = both["value_before"].eq(both["value_after"]).fillna(False)
    changed = both[both["value_before"].notna() & ~same]
    is_same_definition = changed["definition_before"].eq(changed["definition_after"])
    unchanged = {name: RE_ESTIMATED if kpi.needs_population else REREAD for name, kpi in registry.items()}
    found = changed.assign(
        from_value=changed["value_before"],
        to_value=changed["value_after"],
        from_as_at=changed["as_at"],
        to_as_at=changed["as_at"],
        reason=changed["kpi_id"].map(unchanged).where(is_same_definition, REDEFINED),
    )
    return REVISIONS.cast(found)


def merge_revisions(revisions: pd.DataFrame) -> pd.DataFrame:
    """Merge successive revisions of one figure between the same dates; drop those back at the first value.

    Args:
        revisions: the rows of REVISIONS, those of earlier runs first.
    """
    key = [*FIGURE, "from_as_at", "to_as_at"]
    last = revisions.drop_duplicates(key, keep="last")
    first = revisions.drop_duplicates(key)[[*key, "from_value"]]
    merged = last.drop(columns="from_value").merge(first, on=key, how="left")[REVISIONS.column_names]
    return merged[~merged["from_value"].eq(merged["to_value"]).fillna(False)].reset_index(drop=True)


def keep_reasons(revisions: pd.DataFrame, earlier: pd.DataFrame) -> pd.DataFrame:
    """Revisions with the reasons that an earlier run gave for the same change of the same figure.

    Records that went since (erased, or past their retention) are counted in those reasons and in no others.
    """
    key, values = [*FIGURE, "from_as_at", "to_as_at"], ["from_value", "to_value"]
    known = revisions[key].merge(earlier.drop_duplicates(key), on=key, how="left").set_axis(revisions.index)
    now, then = (rows[values].to_numpy(dtype="float64", na_value=np.nan) for rows in (revisions, known))
    is_same = np.isclose(now, then, equal_nan=True).all(axis=1)
    return REVISIONS.cast(revisions.assign(reason=known["reason"].where(is_same).fillna(revisions["reason"])))


def _reasons(before: Report | KeptReport, after: Report, figures: pd.DataFrame) -> pd.Series:
    """The reason of each changed figure: its records counted in one report alone, by kind of change.

    A figure of which the same records are counted in both reports is left out.
    """
    kpi_ids = set(figures["kpi_id"])
    counted = [_records_once(report.members(kpi_ids), figures) for report in (before, after)]
    both = pd.concat([counted[0].assign(is_added=False), counted[1].assign(is_added=True)])
    moved = both[~both.duplicated(COUNTED, keep=False)].sort_values(COUNTED, ignore_index=True)
    moved = moved.drop_duplicates([*FIGURE, *RECORD])
    # Only records that moved are looked up: an index of all that are known takes longer than everything else.
    known, status_after = (
        rows[rows["record_key"].isin(moved["record_key"])] for rows in (before.records, after.statuses)
    )
    records = pd.MultiIndex.from_frame(moved[RECORD])
    status_after = status_after.set_index(RECORD)
    is_added = moved["is_added"].to_numpy()
    status = pd.Series(status_after["status"].reindex(records).to_numpy(), index=moved.index)
    removal = status.map({WITHDRAWN: WITHDREW, ENDED_UNKNOWN: VANISHED}).fillna(CORRECTED)
    rekeyed = after.statuses.loc[
        after.statuses["rekeyed_to"].isin(moved["record_key"]), ["list", "rekeyed_to"]
    ]
    is_known = records.isin(pd.MultiIndex.from_frame(known[RECORD].astype("str"))) | records.isin(
        pd.MultiIndex.from_frame(rekeyed.dropna())
    )
    addition = pd.Series(is_known, index=moved.index).map({True: CORRECTED, False: LATE})
    moved = moved.assign(reason=removal.where(~is_added, addition))
    counts = moved.groupby([*FIGURE, "reason"]).size().reset_index(name="records")
    texts = counts["reason"] + ": " + counts["records"].astype("str")
    return texts.groupby([counts[name] for name in FIGURE]).agg("; ".join)


def _records_once(members: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """The records behind some figures: the columns COUNTED as text, one that a figure counts twice once.

    Args:
        members: the rows of MEMBERS, with these and other figures.
        figures: the columns of FIGURE.
    """
    found, wanted = np.zeros(len(members), dtype="int64"), np.zeros(len(figures), dtype="int64")
    for name in FIGURE:  # texts are compared once each, not row by row
        texts = members[name].cat.categories
        found = found * (len(texts) + 1) + members[name].cat.codes.to_numpy() + 1
        wanted = wanted * (len(texts) + 1) + texts.get_indexer(pd.Index(figures[name])) + 1
    is_wanted = np.isin(found, wanted) & members["person_ref"].notna().to_numpy()  # erased ones never move
    return members.loc[is_wanted, COUNTED].astype("str").drop_duplicates()
