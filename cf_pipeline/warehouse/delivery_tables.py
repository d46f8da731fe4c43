"""The tables of what was received: one row a delivery, and counts of its issues."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd

from cf_pipeline.contracts.tables.delivery_status import HELD, IGNORED, READ, REFUSED
from cf_pipeline.quality.rule_texts import rule_texts
from cf_pipeline.quality.trend import counts_by_delivery

_COUNTS = ["rows_read", "rows_core", "rows_quarantined", "rows_superseded"]
_UNDATED = "(without a date)"


def deliveries(
    authority_code: str, manifest: pd.DataFrame, history: pd.DataFrame, row_ledger: pd.DataFrame
) -> pd.DataFrame:
    """The rows of `delivery`, one for every folder received, refused ones included.

    Args:
        authority_code: GSS code.
        manifest: the table `clean/deliveries`.
        history: the table `core/deliveries`: the deliveries that were merged.
        row_ledger: rows read, loaded, quarantined and superseded of every file and list.
    """
    rows = manifest.assign(delivery_id=manifest["delivery_id"].fillna(_UNDATED))
    if "accepted" not in rows.columns:
        rows = rows.assign(accepted=None)
    rows = rows.assign(
        is_refused=rows["is_delivery_refused"].fillna(False).astype(bool),
        is_held=rows["status"].eq(HELD),
        is_read=rows["status"].eq(READ),
    )
    groups = rows.groupby("delivery_id")
    dates, flags = groups[["as_at", "covers_from"]].max(), groups[["is_refused", "is_held", "is_read"]].any()
    texts = {
        "lists": _join_by_delivery(rows, "list", _join_names),
        "lists_held": _join_by_delivery(rows[rows["is_held"]], "list", _join_names),
        "accepted": _join_by_delivery(rows, "accepted", _join_reasons),
        "reason": _join_by_delivery(rows[rows["status"].isin([REFUSED, HELD])], "reason", _join_reasons),
    }
    files = rows[rows["status"] != IGNORED].groupby("delivery_id")["file"].nunique()
    received = dates.join(flags).assign(files=files, **texts)
    # The first day covered is the one the folder states, else the one inferred from a long extract.
    inferred = history.drop_duplicates("delivery_id").set_index("delivery_id")["covers_from"]
    received["covers_from"] = received["covers_from"].fillna(inferred.reindex(received.index))
    counts = row_ledger.groupby("delivery_id")[_COUNTS].sum().reindex(received.index)
    received = received.join(counts.astype("Int64").fillna(0)).reset_index(names="delivery_id")
    # A delivery of which some lists are held is read; the lists are named.
    is_held = received["is_held"] & ~received["is_read"]
    return received.assign(
        authority_code=authority_code,
        files=received["files"].fillna(0).astype("Int64"),
        status=received["is_refused"].map({True: REFUSED, False: READ}).mask(is_held, HELD).astype("str"),
    ).drop(columns=["is_refused", "is_held", "is_read"])


def data_quality(authority_code: str, issues: pd.DataFrame, manifest: pd.DataFrame) -> pd.DataFrame:
    """The rows of `data_quality`: issues counted by delivery, list, rule and severity.

    `trend` is the change since the delivery before that has the list: null for the first; a rule that is no
    longer broken has a row with 0 issues. `message`, `suggestion` and `kpis` are the rule's in the list.
    """
    counts = counts_by_delivery(issues, manifest)
    by_list = ["list", "rule", "severity"]
    rows = counts.merge(rule_texts(issues, by_list), on=by_list, how="left")
    texts = {name: rows[name].replace("", None).astype("str") for name in ("message", "suggestion", "kpis")}
    return rows.assign(authority_code=authority_code, trend=rows["issues"] - rows["issues_before"], **texts)


def _join_by_delivery(rows: pd.DataFrame, column: str, join: Callable[[Iterable[str]], str]) -> pd.Series:
    """Delivery -> its texts of a column as one; a delivery without a text is left out."""
    texts: dict[str, list[str]] = {}
    stated = rows[["delivery_id", column]].dropna().astype(object)
    for delivery_id, text in stated.itertuples(index=False, name=None):
        if text:
            texts.setdefault(delivery_id, []).append(text)
    return pd.Series({delivery_id: join(each) for delivery_id, each in texts.items()}, dtype="str")


def _join_names(names: Iterable[str]) -> str:
    return ";".join(sorted(set(names)))


def _join_reasons(reasons: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(reasons))
