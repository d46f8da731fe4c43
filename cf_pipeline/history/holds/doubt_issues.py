"""The issues that tell of doubts: what is held, what someone accepted, what is only noted."""

from __future__ import annotations

import pandas as pd

from cf_pipeline.clean.issues import ISSUES, IssueCollector
from cf_pipeline.clean.sources import SOURCE, usable_rows, without_row
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.holds.find import IS_ACCEPTED, IS_HELD

ACCEPTED_RULE, MANY_LISTS_RULE = "doubt_accepted", "many_lists_held"


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
