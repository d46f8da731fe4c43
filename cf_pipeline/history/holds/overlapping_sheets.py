"""Doubts about two sheets of a file that became one list with overlapping dates (docs/rulings.md#33).

One of them is often another list under similar headers. A sheet a month is no doubt, nor are sheets that the
council's mapping names.
"""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from cf_pipeline.clean.sources import usable_rows
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.mapping import CouncilMapping
from cf_pipeline.contracts.words.headers import squash
from cf_pipeline.history.holds.doubt import Doubt
from cf_pipeline.history.holds.unread import DoubtsByList


def find_sheet_doubts(
    lists: dict[str, pd.DataFrame], manifest: pd.DataFrame, mapping: CouncilMapping
) -> DoubtsByList:
    """The lists of deliveries that come from several sheets of one file, with overlapping key dates.

    Args:
        lists: cleaned rows by list.
        manifest: what was received.
        mapping: the council's own words; sheets that it names are what it says.
    """
    named = {squash(sheet) for sheet in mapping.sheets}
    sources = usable_rows(manifest).dropna(subset=["list", "sheet"])
    sources = sources.drop_duplicates(["delivery_id", "file", "list", "sheet"])
    sources = sources[sources.duplicated(["delivery_id", "file", "list"], keep=False)]
    found: DoubtsByList = {}
    for key, group in sources.groupby(["delivery_id", "file", "list"]):
        delivery_id, file, name = map(str, key)
        key_date = list_contracts()[name].key_date
        is_unnamed = ~group["sheet"].map(lambda sheet: squash(sheet) in named)
        if key_date is None or not is_unnamed.any():
            continue
        rows = lists[name]
        own = rows[rows["delivery_id"].eq(delivery_id) & rows["file"].eq(file)]
        dates = own.groupby("sheet")[key_date].agg(["min", "max"]).dropna().sort_values("min")
        spans = list(zip(dates["min"], dates["max"], strict=True))
        if any(later[0] <= earlier[1] for earlier, later in pairwise(spans)):
            title = list_contracts()[name].title
            words = f"{title}: {len(group)} sheets of {file} became this list, with overlapping dates"
            doubts = found.setdefault((delivery_id, name), [])
            doubts.append(Doubt("sheets_overlap", name, "", len(group), words))
    return found
