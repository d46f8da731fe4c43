"""Rules that compare the facts of a record, or the records of one child in one list and delivery."""

from __future__ import annotations

import pandas as pd

from cf_pipeline.clean.rules.rule import BrokenRows, ListRows, RowRule, check_column, lists_with
from cf_pipeline.contracts.dates.birthdays import birthday
from cf_pipeline.contracts.lists import list_contracts

YES, NEW_EPISODE = "Y", "X1"
YOUNGEST_LEAVER, OLDEST_LEAVER = 16, 25
LISTS_WITH_CLOSED_CODES = lists_with(condition=lambda contract: bool(contract.closed_codes))
_CONTRACTS = [list_contracts()[name] for name in LISTS_WITH_CLOSED_CODES]
STATUSES = tuple(dict.fromkeys(status for contract in _CONTRACTS for status in contract.closed_codes))
END_DATES = tuple(dict.fromkeys(contract.end_date or "" for contract in _CONTRACTS))
"""The columns of a status that can be closed, and the end dates of their lists."""


def _key_collision(list_rows: ListRows) -> BrokenRows:
    contract, rows = list_rows.contract, list_rows.rows
    key = ["delivery_id", *contract.natural_key]
    if contract.kind == "state":
        return  # a person has one state; which of the rows counts is decided in merging
    if contract.source_id is not None:  # a number of the case system tells records apart
        has_none = list_rows.is_missing(contract.source_id)
        if not has_none.any():
            return
        rows = rows[has_none]
    is_same = rows.duplicated(key, keep=False)
    if not is_same.any():
        return
    same_key = rows[is_same]
    content = contract.column_names
    if contract.one_row_a_child and contract.end_date is not None:  # rows with one start and one end are one
        content = [*contract.natural_key, contract.end_date]
    distinct = same_key.drop_duplicates(["delivery_id", *content])
    differing = distinct.index[distinct.duplicated(key, keep=False)]
    is_differing = list_rows.rows.index.isin(differing)
    yield contract.key_date or contract.person, pd.Series(is_differing, index=list_rows.rows.index)


def _open_twice(list_rows: ListRows) -> BrokenRows:
    contract, rows = list_rows.contract, list_rows.rows
    start, end = contract.key_date, contract.end_date
    if start is not None and end is not None:
        key = ["delivery_id", contract.person]
        is_open = list_rows.is_missing(end) & ~list_rows.is_missing(start)
        open_spells = rows.loc[is_open, [*key, start]]
        open_spells = open_spells[open_spells.duplicated(key, keep=False)].drop_duplicates()
        concurrent = open_spells.index[open_spells.duplicated(key, keep=False)]
        if len(concurrent):
            yield end, pd.Series(rows.index.isin(concurrent), index=rows.index)


def _is_outside_leaver_age(rows: pd.DataFrame) -> pd.Series[bool]:
    born, as_at = rows["date_of_birth"], rows["as_at"]
    is_too_young = birthday(born, YOUNGEST_LEAVER) > as_at
    return is_too_young | (birthday(born, OLDEST_LEAVER + 1) <= as_at)


def _closed_without_date(list_rows: ListRows) -> BrokenRows:
    contract, rows = list_rows.contract, list_rows.rows
    if contract.end_date is not None:
        for status, codes in contract.closed_codes.items():
            yield contract.end_date, rows[status].isin(codes) & rows[contract.end_date].isna()


def _closure_date_without_status(list_rows: ListRows) -> BrokenRows:
    contract, rows = list_rows.contract, list_rows.rows
    if contract.end_date is not None:
        for status, codes in contract.closed_codes.items():
            has_ended = rows[contract.end_date] <= rows["as_at"]
            yield status, rows[status].notna() & ~rows[status].isin(codes) & has_ended


def _short_break_status(list_rows: ListRows) -> BrokenRows:
    short_break_codes = list_rows.contract.not_counted["legal_status"]
    yield "legal_status", list_rows.rows["legal_status"].isin(short_break_codes)


RECORD_RULES = (
    RowRule(
        "key_collision",
        "info",
        "rows of the delivery share child and date and differ elsewhere; all are kept",
        "nothing, when they are separate events of one day; otherwise correct the export",
        check=_key_collision,
    ),
    RowRule(
        "open_twice",
        "error",
        "the child has another open record in this list: '{column}' is blank in both",
        "enter the end date of the earlier record",
        lists=lists_with(condition=lambda contract: contract.one_open_record),
        check=_open_twice,
    ),
    RowRule(
        "closed_without_date",
        "error",
        "the case status is 'closed' and '{column}' is blank",
        "enter the closure date, or correct the status",
        lists=LISTS_WITH_CLOSED_CODES,
        columns=(*END_DATES, *STATUSES),
        check=_closed_without_date,
    ),
    RowRule(
        "closure_date_without_status",
        "warning",
        "the case has a closure date and '{column}' is not 'closed'",
        "correct the status, or remove the closure date",
        lists=LISTS_WITH_CLOSED_CODES,
        columns=(*STATUSES, *END_DATES),
        check=_closure_date_without_status,
    ),
    RowRule(
        "interview_accepted_not_offered",
        "warning",
        "a return home interview was accepted that was not offered",
        "correct whichever of the two answers is wrong",
        lists=lists_with("rhi_accepted", "rhi_offered"),
        columns=("rhi_accepted", "rhi_offered"),
        check=check_column(
            "rhi_accepted",
            lambda rows: (
                rows["rhi_accepted"].eq(YES) & rows["rhi_offered"].notna() & rows["rhi_offered"].ne(YES)
            ),
        ),
    ),
    RowRule(
        "short_break_status",
        "info",
        "'{column}' is a short break (V1, V3, V4): the child is not counted in care",
        "nothing; list short breaks apart from children in care where the case system allows it",
        lists=lists_with("legal_status", condition=lambda contract: "legal_status" in contract.not_counted),
        columns=("legal_status",),
        check=_short_break_status,
    ),
    RowRule(
        "ceased_new_episode",
        "warning",
        "'{column}' is X1, a new episode on the same day: the child has not left care",
        "leave the end date blank while the child stays in care",
        lists=lists_with("cla_end_reason", "cla_end_date"),
        columns=("cla_end_reason", "cla_end_date"),
        check=check_column("cla_end_reason", lambda rows: rows["cla_end_reason"].eq(NEW_EPISODE)),
    ),
    RowRule(
        "care_leaver_age",
        "warning",
        "a care leaver is under 16 or over 25 on the as-at date",
        "check the date of birth, and whether the young person belongs in the list",
        lists=lists_with("date_of_birth", condition=lambda contract: contract.age_bands == "care_leavers"),
        columns=("date_of_birth",),
        check=check_column("date_of_birth", _is_outside_leaver_age),
    ),
    RowRule(
        "conference_without_enquiry",
        "error",
        "'{column}' is given without the start of an enquiry",
        "enter the date of the strategy discussion that started the enquiry",
        lists=lists_with("icpc_date", "s47_start_date"),
        columns=("icpc_date", "s47_start_date"),
        check=check_column(
            "icpc_date", lambda rows: rows["icpc_date"].notna() & rows["s47_start_date"].isna()
        ),
    ),
    RowRule(
        "conference_unnecessary_and_held",
        "warning",
        "a conference is called unnecessary and has a date",
        "correct whichever of the two answers is wrong",
        lists=lists_with("icpc_unnecessary", "icpc_date"),
        columns=("icpc_unnecessary", "icpc_date"),
        check=check_column(
            "icpc_unnecessary", lambda rows: rows["icpc_unnecessary"].eq(YES) & rows["icpc_date"].notna()
        ),
    ),
)
"""Rules about facts of one record that contradict each other, and records of one child in the same list."""
