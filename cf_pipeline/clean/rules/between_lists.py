"""Rules between lists, files and deliveries of one authority: each looks at all of them together."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from cf_pipeline.clean.rules.counters import COUNTER_DIFFERS
from cf_pipeline.clean.rules.dates import is_after_as_at
from cf_pipeline.clean.rules.rule import Delivered, Flagged, ListRule
from cf_pipeline.clean.sources import SOURCE, without_row
from cf_pipeline.contracts.lists import list_contracts

DOUBTFUL_SHARE, DOUBTFUL_ROWS = 0.05, 2
"""More than this share of a file's rows, and at least so many, after the as-at date make it doubtful."""
CHANGE_SHARE, CHANGE_ROWS = 0.5, 10


def _near_collisions(of: Delivered) -> Iterator[Flagged]:
    lists = {name: rows for name, rows in of.lists.items() if "child_id" in rows.columns and len(rows)}
    if not any(rows["child_id"].str.startswith("0").any() for rows in lists.values()):
        return  # two ids of digits differ in leading zeros only where one has some
    ids = pd.concat([rows["child_id"].drop_duplicates() for rows in lists.values()]).drop_duplicates()
    digits = ids[ids.str.fullmatch(r"\d+").fillna(False).astype(bool)]
    alike = digits[digits.str.lstrip("0").duplicated(keep=False)]
    for name, rows in lists.items() if len(alike) else ():
        yield Flagged(name, "child_id", rows[rows["child_id"].isin(alike)])


def _as_at_doubtful(of: Delivered) -> Iterator[Flagged]:
    counted = []
    late_rows = {
        name: is_after_as_at(of.lists[name], contract.key_date)
        for name, contract in list_contracts().items()
        if contract.key_date is not None and len(of.lists[name])
    }
    if not any(late.any() for late in late_rows.values()):
        return
    for name, late in late_rows.items():
        rows = of.lists[name]
        by_source = late.groupby([rows[column] for column in SOURCE], dropna=False)
        counted.append(by_source.agg(["sum", "size"]).reset_index().assign(list=name))
    sources = pd.concat(counted, ignore_index=True)
    file = sources.groupby(["delivery_id", "file"])
    late, rows_of_file = file["sum"].transform("sum"), file["size"].transform("sum")
    doubtful = (late > DOUBTFUL_SHARE * rows_of_file) & (late >= DOUBTFUL_ROWS) & (sources["sum"] > 0)
    for listed, part in sources[doubtful].groupby("list"):
        key = list_contracts()[str(listed)].key_date or ""
        yield Flagged(str(listed), key, without_row(part), part["sum"])


def _list_emptied(of: Delivered) -> Iterator[Flagged]:
    pairs = of.beside_the_one_before
    emptied = pairs[pairs["rows_read"].eq(0) & pairs["rows_before"].gt(0)]
    for listed, empty in emptied.groupby("list"):
        contract = list_contracts()[str(listed)]
        window = empty["as_at"] - pd.DateOffset(months=contract.window_months)
        asked = empty.assign(emptied=empty["delivery_id"], starts=empty["covers_from"].fillna(window))
        asked = asked[["emptied", "delivery_before", "starts"]]
        expected = of.lists[contract.name].merge(asked, left_on="delivery_id", right_on="delivery_before")
        if contract.key_date is not None:
            last = expected[contract.key_date]
            if contract.end_date is not None and contract.kind == "period":
                last = expected[contract.end_date].fillna(expected["as_at"])
            expected = expected[last >= expected["starts"]]
        yield Flagged(contract.name, "", without_row(empty[empty["delivery_id"].isin(expected["emptied"])]))


def _row_count_changed(of: Delivered) -> Iterator[Flagged]:
    pairs = of.beside_the_one_before
    rows, before = pairs["rows_read"], pairs["rows_before"]
    change = (rows - before).abs()
    alike = pairs["covers_from"].isna() == pairs["covers_before"].isna()  # else other windows
    much = (change > CHANGE_SHARE * before) & (change > CHANGE_ROWS) & rows.gt(0) & alike
    for listed, changed in pairs[much.fillna(False).astype(bool)].groupby("list"):
        yield Flagged(str(listed), "", without_row(changed))


LIST_RULES = (
    ListRule(
        "id_near_collision",
        "warning",
        "'{column}' differs from another identifier in leading zeros only; they count as two children",
        "export identifiers in one form; or fill them up by zero_pad under [ids] of the council's mapping",
        columns=("child_id",),
        check=_near_collisions,
    ),
    ListRule(
        "as_at_doubtful",
        "error",
        "more than one row in twenty of the file is dated after the delivery's as-at date",
        "check the as-at date of the delivery: the folder, the file's name or the title row may be wrong",
        check=_as_at_doubtful,
    ),
    ListRule(
        "list_emptied",
        "warning",
        "the list has no rows, and the delivery before held records that it should still hold",
        "check that the export ran; deliver the list again when it did not",
        check=_list_emptied,
    ),
    ListRule(
        "row_count_changed",
        "warning",
        "the list has over half as many rows more or fewer than in the delivery before",
        "check the period and the filters of the export",
        check=_row_count_changed,
    ),
    COUNTER_DIFFERS,
)
"""Held between the lists, files and deliveries of one authority."""
