"""Rules that compare the lists, files and deliveries of one authority."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from cf_pipeline.clean.rules.counters import COUNTER_DIFFERS
from cf_pipeline.clean.rules.dates import is_after_as_at
from cf_pipeline.clean.rules.rule import AuthorityLists, FlaggedPlaces, ListRule
from cf_pipeline.clean.sources import SOURCE, without_row
from cf_pipeline.contracts.dates.months import months_before
from cf_pipeline.contracts.list_contract import CHILD_ID
from cf_pipeline.contracts.lists import list_contracts

DOUBTFUL_SHARE, DOUBTFUL_ROWS = 0.05, 2
"""An as-at date is doubtful when over this share of the file's rows, and at least this many, are later."""
CHANGE_SHARE, CHANGE_ROWS = 0.5, 10
"""A list changed much when it has over this share, and over this many, rows more or fewer than before."""


def _near_collisions(authority: AuthorityLists) -> Iterator[FlaggedPlaces]:
    lists = {name: rows for name, rows in authority.lists.items() if CHILD_ID in rows.columns and len(rows)}
    if not any(rows[CHILD_ID].str.startswith("0").any() for rows in lists.values()):
        return  # without any leading zero no two ids can differ in leading zeros alone
    ids = pd.concat([rows[CHILD_ID].drop_duplicates() for rows in lists.values()]).drop_duplicates()
    numbers = ids[ids.str.fullmatch(r"\d+").fillna(False).astype(bool)]
    colliding = numbers[numbers.str.lstrip("0").duplicated(keep=False)]
    for name, rows in lists.items() if len(colliding) else ():
        yield FlaggedPlaces(name, CHILD_ID, rows[rows[CHILD_ID].isin(colliding)])


def _as_at_doubtful(authority: AuthorityLists) -> Iterator[FlaggedPlaces]:
    """The sources with rows after the as-at date, of files in which such rows are too many."""
    is_late = {
        name: is_after_as_at(authority.lists[name], contract.key_date)
        for name, contract in list_contracts().items()
        if contract.key_date is not None and len(authority.lists[name])
    }
    if not any(late_rows.any() for late_rows in is_late.values()):
        return
    parts = []
    for name, late_rows in is_late.items():
        by_source = late_rows.groupby([authority.lists[name][column] for column in SOURCE], dropna=False)
        parts.append(by_source.agg(late="sum", rows="size").reset_index().assign(list=name))
    sources = pd.concat(parts, ignore_index=True)
    file = sources.groupby(["delivery_id", "file"])
    late, rows = file["late"].transform("sum"), file["rows"].transform("sum")
    is_doubtful = (late > DOUBTFUL_SHARE * rows) & (late >= DOUBTFUL_ROWS) & (sources["late"] > 0)
    for list_name, doubtful in sources[is_doubtful].groupby("list"):
        key_date = list_contracts()[str(list_name)].key_date or ""
        yield FlaggedPlaces(str(list_name), key_date, without_row(doubtful), doubtful["late"])


def _list_emptied(authority: AuthorityLists) -> Iterator[FlaggedPlaces]:
    """The empty lists of which the previous delivery has a record within the days that are covered now."""
    received = authority.received_lists
    is_emptied = received["rows_read"].eq(0) & received["rows_before"].gt(0)
    for name, emptied in received[is_emptied].groupby("list"):
        contract = list_contracts()[str(name)]
        window_starts = months_before(emptied["as_at"], contract.window_months)
        starts = emptied.assign(
            emptied=emptied["delivery_id"], start=emptied["covers_from"].fillna(window_starts)
        )
        starts = starts[["emptied", "delivery_before", "start"]]
        expected = authority.lists[contract.name].merge(
            starts, left_on="delivery_id", right_on="delivery_before"
        )
        if contract.key_date is not None:
            last_day = expected[contract.key_date]
            if contract.end_date is not None and contract.kind == "period":
                last_day = expected[contract.end_date].fillna(expected["as_at"])
            expected = expected[last_day >= expected["start"]]
        places = without_row(emptied[emptied["delivery_id"].isin(expected["emptied"])])
        yield FlaggedPlaces(contract.name, "", places)


def _row_count_changed(authority: AuthorityLists) -> Iterator[FlaggedPlaces]:
    received = authority.received_lists
    rows, before = received["rows_read"], received["rows_before"]
    change = (rows - before).abs()
    # a delivery with a stated period covers other days than the list's window
    is_comparable = received["covers_from"].isna() == received["covers_before"].isna()
    is_much = (change > CHANGE_SHARE * before) & (change > CHANGE_ROWS) & rows.gt(0) & is_comparable
    for name, changed in received[is_much.fillna(False).astype(bool)].groupby("list"):
        yield FlaggedPlaces(str(name), "", without_row(changed))


LIST_RULES = (
    ListRule(
        "id_near_collision",
        "warning",
        "'{column}' differs from another identifier in leading zeros only; they count as two children",
        "export identifiers in one form; or fill them up by zero_pad under [ids] of the council's mapping",
        columns=(CHILD_ID,),
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
"""Rules between the lists, files and deliveries of one authority."""
