"""The issues that tell of doubts: what is held, what someone accepted, what is only noted."""

from __future__ import annotations

import pandas as pd

from cf_pipeline.clean.issues import ISSUES, IssueCollector
from cf_pipeline.clean.sources import SOURCE, usable_rows, without_row
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.coverage import usable_list_rows
from cf_pipeline.history.holds.find import IS_ACCEPTED, IS_HELD
from cf_pipeline.history.long_extract import (
    EVENT_LISTS,
    NO_EVENTS,
    day_of_rows_far_before,
    event_dates_by_delivery,
)

ACCEPTED_RULE, MANY_LISTS_RULE, FAR_RULE = "doubt_accepted", "many_lists_held", "date_far_before"


def find_doubt_issues(doubts: pd.DataFrame, manifest: pd.DataFrame) -> pd.DataFrame:
    """An issue for each doubt and file of the list in doubt; columns of `ISSUES`.

    A doubt about a delivery as a whole is told at each of its lists.

    Args:
        doubts: columns of `find.HELD`.
        manifest: what was received.
    """
    if doubts.empty:
        return ISSUES.empty()
    sources = usable_rows(manifest).dropna(subset=["list"])[[*SOURCE, "list"]]
    collectors = {name: IssueCollector(contract) for name, contract in list_contracts().items()}
    for doubt in doubts.to_dict("records"):
        own = sources[sources["delivery_id"].eq(doubt["delivery_id"])]
        if doubt["list"]:
            own = own[own["list"].eq(doubt["list"])]
        rule = ACCEPTED_RULE if doubt["status"] == IS_ACCEPTED else doubt["rule"]
        for name, places in own.groupby("list"):
            collectors[str(name)].add_places(rule, without_row(places), doubt["column"])
    held = doubts[doubts["status"].eq(IS_HELD) & doubts["is_delivery_held"]]
    for delivery_id, own in held.groupby("delivery_id"):
        if (own["list"] != "").all():
            for name, places in sources[sources["delivery_id"].eq(delivery_id)].groupby("list"):
                collectors[str(name)].add_places(MANY_LISTS_RULE, without_row(places))
    return ISSUES.concat([collector.frame() for collector in collectors.values()])


def find_far_dates(lists: dict[str, pd.DataFrame], manifest: pd.DataFrame) -> pd.DataFrame:
    """An issue for each event of a long extract before a silence too long to be true; columns of `ISSUES`.

    Args:
        lists: cleaned rows by list.
        manifest: what was received; what a delivery's folder states is not doubted.
    """
    stated = set(manifest.loc[manifest["covers_from"].notna(), "delivery_id"])
    issues = []
    dates = event_dates_by_delivery(lists)
    received = usable_list_rows(manifest).drop_duplicates(["as_at", "delivery_id"])
    for delivery_id, as_at in zip(received["delivery_id"], received["as_at"], strict=True):
        first = None
        if delivery_id not in stated:
            first = day_of_rows_far_before(dates.get(delivery_id, NO_EVENTS), as_at)
        for name in EVENT_LISTS if first is not None else ():
            contract, collector = list_contracts()[name], IssueCollector(list_contracts()[name])
            rows, key_date = lists[name], str(contract.key_date)
            is_far = rows["delivery_id"].eq(delivery_id) & rows[key_date].lt(first)
            collector.add(FAR_RULE, rows, is_far.fillna(False), key_date)
            issues.append(collector.frame())
    return ISSUES.concat(issues)


def find_unread_column_issues(unread: pd.DataFrame, manifest: pd.DataFrame) -> pd.DataFrame:
    """An issue for each dated or coded column that counts as not delivered, and file; columns of `ISSUES`.

    Args:
        unread: delivery_id, list and column, as `unread.find_unread_columns` returns them.
        manifest: what was received.
    """
    sources = usable_rows(manifest).dropna(subset=["list"])
    issues = []
    for delivery_id, name, column in unread.itertuples(index=False):
        own = sources[sources["delivery_id"].eq(delivery_id) & sources["list"].eq(name)]
        collector = IssueCollector(list_contracts()[name])
        is_code = list_contracts()[name].column(column).type == "code"
        collector.add_places("codes_unread" if is_code else "column_unread", without_row(own), column)
        issues.append(collector.frame())
    return ISSUES.concat(issues)
