"""Issues counted delivery by delivery, with what the delivery before had of the same list.

A delivery need not hold every list, so a list's count is set against the last delivery that held it, by
as-at date: a delivery that arrives late takes its place among the others.
"""

from __future__ import annotations

import pandas as pd

COUNTED_BY = ["delivery_id", "list", "rule", "severity"]
ALL_LISTS = ""
"""The list of an issue that concerns a file or several lists."""


def row_counts(issues: pd.DataFrame) -> pd.Series[int]:
    """How many rows of a spreadsheet each issue stands for: its `rows`, else one."""
    if "rows" in issues.columns:
        return issues["rows"].astype("Int64").fillna(1)
    return pd.Series(1, index=issues.index, dtype="Int64")


def deliveries_by_list(manifest: pd.DataFrame) -> pd.DataFrame:
    """Which delivery holds which list: delivery_id, list, before, is_newest, oldest first.

    `before` is the delivery before that held the list (null for the first). Deliveries that were refused
    are left out. Each delivery holds `ALL_LISTS` too.
    """
    reached = manifest["status"].eq("read") & ~manifest["is_delivery_refused"].fillna(False).astype(bool)
    read = manifest[reached].dropna(subset=["delivery_id", "as_at"])
    both = pd.concat([read, read.assign(list=ALL_LISTS)]).sort_values(["as_at", "delivery_id", "list"])
    held = both.drop_duplicates(["delivery_id", "list"])[["delivery_id", "list"]].reset_index(drop=True)
    return held.assign(
        before=held.groupby("list")["delivery_id"].shift().astype("str"),
        is_newest=~held.duplicated("list", keep="last"),
    )


def is_newest(issues: pd.DataFrame, manifest: pd.DataFrame) -> pd.Series[bool]:
    """Whether an issue was found in the newest delivery of its list, or concerns no one delivery."""
    held = deliveries_by_list(manifest)
    newest = set(held[held["is_newest"]][["delivery_id", "list"]].itertuples(index=False, name=None))
    places = issues[["delivery_id", "list"]].fillna("").itertuples(index=False, name=None)
    found = [place in newest or not place[0] for place in places]
    return pd.Series(found, index=issues.index, dtype=bool)


def counts_by_delivery(issues: pd.DataFrame, manifest: pd.DataFrame) -> pd.DataFrame:
    """Issues by delivery, list, rule and severity: `COUNTED_BY`, issues, issues_before, is_newest.

    `issues_before` is null where no earlier delivery held the list. A rule that the delivery before broke and
    this one no longer does has a row with no issues: that it is mended is news too.
    """
    named = issues.assign(
        delivery_id=issues["delivery_id"].fillna("").astype("str"),
        list=issues["list"].fillna(ALL_LISTS).astype("str"),
        issues=row_counts(issues),
    )
    now = named.groupby(COUNTED_BY)["issues"].sum().reset_index()
    held = deliveries_by_list(manifest)
    before = now.rename(columns={"delivery_id": "before", "issues": "issues_before"})
    before = before.merge(held[["delivery_id", "list", "before"]], on=["before", "list"])
    counts = now.merge(before[[*COUNTED_BY, "issues_before"]], on=COUNTED_BY, how="outer")
    counts = counts.merge(held, on=["delivery_id", "list"], how="left")
    earlier = counts["issues_before"].astype("Int64").fillna(0).mask(counts["before"].isna())
    return counts.assign(
        issues=counts["issues"].astype("Int64").fillna(0),
        issues_before=earlier,
        is_newest=counts["is_newest"].eq(True) | counts["delivery_id"].eq(""),
    )[[*COUNTED_BY, "issues", "issues_before", "is_newest"]]
