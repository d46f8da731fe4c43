"""What was received, for consumers: one row a delivery, and counts of its issues."""

from __future__ import annotations

import pandas as pd

_COUNTS = ["rows_read", "rows_core", "rows_quarantined", "rows_superseded"]
_UNDATED = "(without a date)"


def deliveries(
    authority_code: str, manifest: pd.DataFrame, history: pd.DataFrame, row_ledger: pd.DataFrame
) -> pd.DataFrame:
    """The rows of `delivery`, one for every folder received, refused ones included.

    Args:
        authority_code: GSS code.
        manifest: what was found in `raw/`.
        history: the deliveries that were merged, with the first day each covers.
        row_ledger: rows read, loaded, quarantined and superseded of every file and list.
    """
    found = manifest.assign(delivery_id=manifest["delivery_id"].fillna(_UNDATED))
    groups = found.groupby("delivery_id")
    received = pd.DataFrame(
        {
            "as_at": groups["as_at"].max(),
            "covers_from": groups["covers_from"].max(),
            "files": found[found["status"] != "ignored"].groupby("delivery_id")["file"].nunique(),
            "lists": groups["list"].agg(_joined),
            "is_refused": groups["is_delivery_refused"].agg(lambda flags: bool(flags.fillna(False).any())),
            "reason": found[found["status"] == "refused"].groupby("delivery_id")["reason"].agg(_sentences),
        }
    )
    computed = history.drop_duplicates("delivery_id").set_index("delivery_id")["covers_from"]
    received["covers_from"] = received["covers_from"].fillna(computed.reindex(received.index))
    counts = row_ledger.groupby("delivery_id")[_COUNTS].sum().reindex(received.index)
    received = received.join(counts.astype("Int64").fillna(0)).reset_index(names="delivery_id")
    refused = received["is_refused"].astype(bool)
    return received.assign(
        authority_code=authority_code,
        files=received["files"].fillna(0).astype("Int64"),
        status=refused.map({True: "refused", False: "read"}).astype("str"),
        reason=received["reason"].astype("str"),
    ).drop(columns="is_refused")


def data_quality(authority_code: str, issues: pd.DataFrame, manifest: pd.DataFrame) -> pd.DataFrame:
    """The rows of `data_quality`: issues counted by delivery, list, rule and severity.

    `trend` is the change against the authority's delivery before (null for the first);
    `suggestion` is the one most of the issues carry.
    """
    by_file = ["delivery_id", "list", "rule", "severity"]
    counted = issues.assign(
        delivery_id=issues["delivery_id"].fillna(""),
        list=issues["list"].fillna(""),
        suggestion=issues["suggestion"].fillna(""),
    )
    by_words = counted.groupby([*by_file, "suggestion"]).size().reset_index(name="issues")
    most = by_words.sort_values(["issues", "suggestion"], ascending=[False, True]).drop_duplicates(by_file)
    totals = by_words.groupby(by_file)["issues"].sum().reset_index()
    rows = totals.merge(most[[*by_file, "suggestion"]], on=by_file)
    rows["suggestion"] = rows["suggestion"].replace("", None).astype("str")
    rows["trend"] = _trend(rows, _before(manifest))
    return rows.assign(authority_code=authority_code)


def _before(manifest: pd.DataFrame) -> dict[str, str]:
    """The delivery before each delivery, among those that were read."""
    read = manifest[~manifest["is_delivery_refused"].fillna(False).astype(bool)]
    dated = read.dropna(subset=["delivery_id", "as_at"]).drop_duplicates("delivery_id")
    order = dated.sort_values(["as_at", "delivery_id"])["delivery_id"].tolist()
    return dict(zip(order[1:], order[:-1], strict=True))


def _trend(rows: pd.DataFrame, before: dict[str, str]) -> pd.Series:
    keys = ["delivery_id", "list", "rule", "severity"]
    earlier = rows[[*keys, "issues"]].rename(columns={"delivery_id": "before", "issues": "issues_before"})
    named = rows[keys].assign(before=rows["delivery_id"].map(before).astype("str"))
    counts = named.merge(earlier, on=["before", *keys[1:]], how="left")["issues_before"]
    change = rows["issues"].astype("Int64") - counts.astype("Int64").fillna(0)
    return change.mask(named["before"].isna())


def _joined(names: pd.Series) -> str | None:
    return ";".join(sorted(names.dropna().unique())) or None


def _sentences(reasons: pd.Series) -> str | None:
    return " ".join(dict.fromkeys(reasons.dropna())) or None
