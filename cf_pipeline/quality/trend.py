"""Issues counted by delivery, each count with that of the delivery before.

A delivery need not hold every list, so a list is compared with the delivery before in which it was. The order
is that of the as-at dates, not of arrival.
"""

from __future__ import annotations

import pandas as pd

from cf_pipeline.clean.sources import usable_rows

COUNTED_BY = ["delivery_id", "list", "rule", "severity"]
_READ = ["delivery_id", "as_at", "list", "status", "is_delivery_refused"]
"""The columns of the manifest that are read."""
ALL_LISTS = ""
"""The list of an issue that concerns a file or several lists."""


def row_counts(issues: pd.DataFrame) -> pd.Series[int]:
    """The number of spreadsheet rows that each issue counts for: its `rows`, or one."""
    if "rows" in issues.columns:
        return issues["rows"].astype("Int64").fillna(1)
    return pd.Series(1, index=issues.index, dtype="Int64")


def deliveries_by_list(manifest: pd.DataFrame) -> pd.DataFrame:
    """The deliveries that hold each list: delivery_id, list, before, is_newest; oldest first.

    `before` is the delivery before that held the list (null for the first). Refused deliveries are left out.
    Each delivery also has a row for `ALL_LISTS`.
    """
    rows = usable_rows(manifest[_READ]).dropna(subset=["delivery_id", "as_at"])
    both = pd.concat([rows, rows.assign(list=ALL_LISTS)]).sort_values(["as_at", "delivery_id", "list"])
    deliveries = both.drop_duplicates(["delivery_id", "list"])[["delivery_id", "list"]].reset_index(drop=True)
    return deliveries.assign(
        before=deliveries.groupby("list")["delivery_id"].shift().astype("str"),
        is_newest=~deliveries.duplicated("list", keep="last"),
    )


def is_newest(issues: pd.DataFrame, manifest: pd.DataFrame) -> pd.Series[bool]:
    """Whether an issue was found in the newest delivery of its list, or concerns no one delivery."""
    deliveries = deliveries_by_list(manifest)
    newest = deliveries.loc[deliveries["is_newest"], ["delivery_id", "list"]]
    newest_keys = set(newest.itertuples(index=False, name=None))
    keys = issues[["delivery_id", "list"]].fillna("").itertuples(index=False, name=None)
    values = [key in newest_keys or not key[0] for key in keys]
    return pd.Series(values, index=issues.index, dtype=bool)


def counts_by_delivery(issues: pd.DataFrame, manifest: pd.DataFrame) -> pd.DataFrame:
    """Issues by delivery, list, rule and severity: `COUNTED_BY`, issues, issues_before, is_newest.

    `issues_before` is null where no earlier delivery held the list. A rule that the delivery before broke and
    this one does not has a row with 0 issues, so that its end is seen.
    """
    filled = issues.assign(
        delivery_id=issues["delivery_id"].fillna("").astype("str"),
        list=issues["list"].fillna(ALL_LISTS).astype("str"),
        issues=row_counts(issues),
    )
    now = filled.groupby(COUNTED_BY)["issues"].sum().reset_index()
    deliveries = deliveries_by_list(manifest)
    before = now.rename(columns={"delivery_id": "before", "issues": "issues_before"})
    before = before.merge(deliveries[["delivery_id", "list", "before"]], on=["before", "list"])
    counts = now.merge(before[[*COUNTED_BY, "issues_before"]], on=COUNTED_BY, how="outer")
    counts = counts.merge(deliveries, on=["delivery_id", "list"], how="left")
    earlier = counts["issues_before"].astype("Int64").fillna(0).mask(counts["before"].isna())
    return counts.assign(
        issues=counts["issues"].astype("Int64").fillna(0),
        issues_before=earlier,
        is_newest=counts["is_newest"].eq(True) | counts["delivery_id"].eq(""),
    )[[*COUNTED_BY, "issues", "issues_before", "is_newest"]]
