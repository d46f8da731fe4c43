"""Find the issues of a merge: vanished records, conflicts between lists, adults still recorded in care.

Each rule is one declared object. An issue names file, sheet and row, never a value. The page docs/rules.md is
generated from these rules and those of `clean`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.clean.issues import ISSUES, collapse_frequent
from cf_pipeline.clean.rules.catalogue import Rule
from cf_pipeline.contracts.dates.birthdays import birthday
from cf_pipeline.contracts.list_contract import DEMOGRAPHICS, PROVENANCE
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.merge.adoption import ADOPTION_LISTS, find_placed_children
from cf_pipeline.history.merge.carry_forward import LatestRows
from cf_pipeline.history.merge.person import find_conflicts
from cf_pipeline.history.merge.record_groups import is_number_of_case, number_rows
from cf_pipeline.history.merge.status import CURRENT, ENDED_UNKNOWN, LOCKED, WITHDRAWN
from cf_pipeline.history.merge.versions import Versions

WITH_LAST_AGE = tuple(name for name, contract in list_contracts().items() if contract.until_age)
"""Lists whose records end on a birthday at the latest."""
EXACT_DUPLICATE = Rule(
    "exact_duplicate",
    "info",
    "the row repeats another row of the delivery in every column",
    "nothing to do: one of them is kept. Many of them point to a join in the export",
)
RECORD_TWICE = Rule(
    "record_twice",
    "warning",
    "the row has the child, the dates and the number (where the list has one) of another row of the delivery:"
    " the two are one record, and the other row counts",
    "export one row a record: a join in the export doubles them. The row with most filled cells counts, then"
    " the last; of a care leaver the one with the newest contact",
)
NUMBER_OF_CASE = Rule(
    "number_of_case",
    "error",
    "'{column}' has several dates of one child under one number: each is counted as a record of its own",
    "export the record's own number, not that of the case",
)
VANISHED_OPEN = Rule(
    "vanished_open",
    "error",
    "an open record is missing from a later delivery that should hold it",
    "find out whether it was closed, merged or left out of the export;"
    " it is counted up to the last delivery that shows it",
)
WITHDRAWN_ROW = Rule(
    "withdrawn",
    "warning",
    "a record is missing from a later delivery that should hold it",
    "check that it was deleted on purpose; it is no longer counted",
)
PROBABLY_ADOPTED = Rule(
    "probably_adopted",
    "error",
    "a child placed for adoption is gone before an adoption order was seen: probably adopted",
    "deliver the adoption with the date of its order; until then none is counted, and open records count up"
    " to the last delivery that shows them",
)
LOCKED_RECORD = Rule(
    "locked",
    "info",
    "the record of an adopted child is missing from a later delivery; what was known is kept",
    "nothing: case systems close the record of an adopted child",
)
END_UNKNOWN = Rule(
    "end_date_unknown",
    "warning",
    "an open record is hidden by a newer one of the same child, so its end date is not known",
    "supply the end date; until then it ends where the newer record starts",
)
KEY_CORRECTED = Rule(
    "key_corrected",
    "info",
    "the record came back under another date with everything else unchanged: taken as a corrected date",
    "nothing, when the date was corrected on purpose",
)
VALUE_WITHDRAWN = Rule(
    "value_withdrawn",
    "warning",
    "'{column}' was filled in an earlier delivery and is empty now; it counts as taken back",
    "check that it was removed on purpose: without an end date a case is open again",
)
KNOWN_KEPT = Rule(
    "known_value_kept",
    "info",
    "'{column}' was filled in an earlier delivery and is empty now; what was known is kept",
    "enter it in the case system, or see why the export leaves it out",
)
LATE_ENTRY = Rule(
    "late_entry",
    "info",
    "an earlier delivery should have held this record, and did not: figures of that time have changed",
    "nothing, when it was recorded late; records that are often late make the newest quarter look low",
)
PERSON_CONFLICT = Rule(
    "person_conflict",
    "warning",
    "lists disagree about a child's date of birth, gender, ethnicity or disability",
    "correct the record in the case system; the newest delivery counts, then the list that ranks first",
    columns=tuple(DEMOGRAPHICS),
)
ADULT_IN_CARE = Rule(
    "adult_in_care",
    "error",
    "a child is recorded as in care after the 18th birthday",
    "enter the date the child ceased to be looked after;"
    " the child is not counted in care from the birthday on",
    lists=WITH_LAST_AGE,
    columns=tuple(list_contracts()[name].end_date or "" for name in WITH_LAST_AGE),
)
MERGE_RULES = (
    EXACT_DUPLICATE,
    RECORD_TWICE,
    NUMBER_OF_CASE,
    VANISHED_OPEN,
    WITHDRAWN_ROW,
    PROBABLY_ADOPTED,
    LOCKED_RECORD,
    END_UNKNOWN,
    KEY_CORRECTED,
    VALUE_WITHDRAWN,
    KNOWN_KEPT,
    LATE_ENTRY,
    PERSON_CONFLICT,
    ADULT_IN_CARE,
)


def find_merge_issues(
    tables: dict[str, pd.DataFrame], versions: dict[str, Versions], latest: dict[str, LatestRows]
) -> pd.DataFrame:
    """The issues of a merge, columns of `clean.issues.ISSUES`.

    Args:
        tables: the core tables.
        versions: the delivered rows of each list.
        latest: the latest rows of each list, with the values carried forward.
    """
    parts = []
    adopted = _children_probably_adopted(tables)
    for name in list_contracts():
        if len(versions[name].rows):
            parts += _issues_of_versions(name, versions[name])
            parts += _issues_of_status(name, tables[name], adopted)
            parts += _value_issues(name, latest[name])
            parts += _hidden_issues(name, tables[name])
    parts += _conflict_issues(tables)
    for name in WITH_LAST_AGE:
        contract, rows = list_contracts()[name], tables[name]
        if rows.empty:
            continue
        last_day = rows[contract.end_date].fillna(rows["as_at"])
        is_adult = birthday(rows["birth_date"], contract.until_age or 0) < last_day
        parts += _issues_of_rule(ADULT_IN_CARE, name, rows, is_adult, contract.end_date or "")
    return ISSUES.concat(parts)


def _children_probably_adopted(tables: dict[str, pd.DataFrame]) -> set[str]:
    """The children placed for adoption whose adoption vanished before an order."""
    vanished = {name: tables[name][tables[name]["status"].eq(ENDED_UNKNOWN)] for name in ADOPTION_LISTS}
    return find_placed_children(vanished)


def _issues_of_versions(name: str, versions: Versions) -> list[pd.DataFrame]:
    """The rows of a delivery that are a record together, and the numbers that are not a record's."""
    contract, parts = list_contracts()[name], []
    if len(versions.duplicates):
        parts.append(_issues_of_rows(EXACT_DUPLICATE, name, versions.duplicates, ""))
    if len(versions.repeats):
        column = contract.key_date or contract.person
        parts.append(_issues_of_rows(RECORD_TWICE, name, versions.repeats, column))
    if versions.has_shared_keys:
        person, _ = pd.factorize(versions.rows["person_ref"])
        numbers = number_rows(contract, versions.rows, versions.rows["rank"].to_numpy(), person)
        is_of_case = is_number_of_case(contract, versions.rows, numbers)
        parts += _issues_of_rule(NUMBER_OF_CASE, name, versions.rows, is_of_case, contract.source_id or "")
    return parts


def _issues_of_status(name: str, rows: pd.DataFrame, children: set[str]) -> list[pd.DataFrame]:
    """The records that are missing from a later delivery, came back under another date or came late.

    Args:
        name: the list.
        rows: its core table.
        children: the children who were probably adopted.
    """
    contract, parts = list_contracts()[name], []
    key, end = contract.key_date or "", contract.end_date or ""
    is_rekeyed = rows["rekeyed_to"].notna()
    status = rows["status"].to_numpy(dtype=object)
    if (status != CURRENT).any():
        has_unknown_end = status == ENDED_UNKNOWN
        is_adopted = has_unknown_end & rows["person_ref"].isin(children)
        parts += _issues_of_rule(VANISHED_OPEN, name, rows, has_unknown_end & ~is_adopted, end)
        parts += _issues_of_rule(PROBABLY_ADOPTED, name, rows, is_adopted, end or key)
        parts += _issues_of_rule(LOCKED_RECORD, name, rows, status == LOCKED, end or key)
        parts += _issues_of_rule(WITHDRAWN_ROW, name, rows, (status == WITHDRAWN) & ~is_rekeyed, key)
    parts += _issues_of_rule(KEY_CORRECTED, name, rows, is_rekeyed, key)
    parts += _issues_of_rule(LATE_ENTRY, name, rows, rows["late_entry_days"].notna(), key)
    return parts


def _hidden_issues(name: str, rows: pd.DataFrame) -> list[pd.DataFrame]:
    """The open records that a newer one of the child hides."""
    is_hidden = rows["vanished_date"].notna()
    if is_hidden.any():
        is_hidden &= ~rows["status"].isin([ENDED_UNKNOWN, LOCKED])
    return _issues_of_rule(END_UNKNOWN, name, rows, is_hidden, list_contracts()[name].end_date or "")


def _value_issues(name: str, latest: LatestRows) -> list[pd.DataFrame]:
    """The values of earlier deliveries that are kept, and those that a newer delivery withdrew."""
    return [
        part
        for rule, columns in ((KNOWN_KEPT, latest.kept_values), (VALUE_WITHDRAWN, latest.withdrawn_values))
        for column, is_concerned in columns.items()
        for part in _issues_of_rule(rule, name, latest.rows, is_concerned, column)
    ]


def _conflict_issues(tables: dict[str, pd.DataFrame]) -> list[pd.DataFrame]:
    """The rows of children about whom lists disagree, per attribute and list."""
    lists = {name: tables[name] for name in list_contracts() if len(tables[name])}
    parts = []
    for attribute, children in find_conflicts(lists).items():
        for name, rows in lists.items() if children else ():
            if attribute in rows.columns:
                in_conflict = rows["person_ref"].isin(children)
                parts += _issues_of_rule(PERSON_CONFLICT, name, rows, in_conflict, attribute)
    return parts


def _issues_of_rule(
    rule: Rule, name: str, rows: pd.DataFrame, is_broken: pd.Series[bool] | npt.NDArray[np.bool_], column: str
) -> list[pd.DataFrame]:
    """The issues of the rows that break a rule: one frame, or none where no row does."""
    positions = np.flatnonzero(is_broken)
    if not len(positions):
        return []
    return [_issues_of_rows(rule, name, rows[list(PROVENANCE)].take(positions), column)]


def _issues_of_rows(rule: Rule, name: str, rows: pd.DataFrame, column: str) -> pd.DataFrame:
    header = list_contracts()[name].column(column).header if column else ""
    return collapse_frequent(rows[list(PROVENANCE)].assign(rows=1), rule.severity).assign(
        list=name,
        rule=rule.code,
        severity=rule.severity,
        column=column,
        message=rule.message.format(column=header),
        suggestion=rule.suggestion,
        kpis="",
    )
