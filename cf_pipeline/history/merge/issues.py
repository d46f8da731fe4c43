"""What merging finds: vanished records, conflicts between lists, adults still recorded in care.

Each rule is one declared object; its findings name file, sheet and row, never a value.
"""

from __future__ import annotations

import pandas as pd

from cf_pipeline.clean.issues import ISSUES, collapse_frequent, concat_typed
from cf_pipeline.clean.rules.catalogue import Rule
from cf_pipeline.contracts.list_contract import DEMOGRAPHICS, PROVENANCE
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.months import add_months
from cf_pipeline.history.merge.carry_forward import Carried
from cf_pipeline.history.merge.person import conflicts
from cf_pipeline.history.merge.status import ENDED_UNKNOWN, WITHDRAWN
from cf_pipeline.history.merge.versions import Versions

WITH_LAST_AGE = tuple(name for name, contract in list_contracts().items() if contract.until_age)
"""Lists whose records end on a birthday at the latest."""
EXACT_DUPLICATE = Rule(
    "exact_duplicate",
    "info",
    "the row repeats another row of the delivery in every column",
    "nothing to do: one of them is kept. Many of them point to a join in the export",
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
RULES = (
    EXACT_DUPLICATE,
    VANISHED_OPEN,
    WITHDRAWN_ROW,
    END_UNKNOWN,
    KEY_CORRECTED,
    VALUE_WITHDRAWN,
    KNOWN_KEPT,
    LATE_ENTRY,
    PERSON_CONFLICT,
    ADULT_IN_CARE,
)


def found(
    tables: dict[str, pd.DataFrame], versioned: dict[str, Versions], known: dict[str, Carried]
) -> pd.DataFrame:
    """Every finding of the merge, in the columns of the issues."""
    parts = []
    for name, contract in list_contracts().items():
        rows = tables[name]
        key, end = contract.key_date, contract.end_date
        parts.append(_issues(EXACT_DUPLICATE, name, versioned[name].duplicates, ""))
        parts.append(_issues(VANISHED_OPEN, name, rows[rows["status"].eq(ENDED_UNKNOWN)], end or ""))
        withdrawn, moved = rows["status"].eq(WITHDRAWN), rows["rekeyed_to"].notna()
        parts.append(_issues(WITHDRAWN_ROW, name, rows[withdrawn & ~moved], key or ""))
        parts.append(_issues(KEY_CORRECTED, name, rows[moved], key or ""))
        parts.append(_issues(LATE_ENTRY, name, rows[rows["late_entry_days"].notna()], key or ""))
        of = known[name]
        parts += [_issues(KNOWN_KEPT, name, of.rows[where], column) for column, where in of.kept.items()]
        parts += [
            _issues(VALUE_WITHDRAWN, name, of.rows[where], column) for column, where in of.withdrawn.items()
        ]
        hidden = rows["vanished_date"].notna() & rows["status"].ne(ENDED_UNKNOWN)
        parts.append(_issues(END_UNKNOWN, name, rows[hidden], end or ""))
    parts += _conflicts(tables)
    for name in WITH_LAST_AGE:
        contract, rows = list_contracts()[name], tables[name]
        until = rows[contract.end_date].fillna(rows["as_at"])
        adults = rows[add_months(rows["birth_date"], (contract.until_age or 0) * 12) < until]
        parts.append(_issues(ADULT_IN_CARE, name, adults, contract.end_date or ""))
    return concat_typed(parts, ISSUES)


def _conflicts(tables: dict[str, pd.DataFrame]) -> list[pd.DataFrame]:
    lists = {name: tables[name] for name in list_contracts()}
    found_rows = []
    for attribute, children in conflicts(lists).items():
        for name, rows in lists.items():
            if attribute in rows.columns and children:
                in_conflict = rows[rows["person_ref"].isin(children)]
                found_rows.append(_issues(PERSON_CONFLICT, name, in_conflict, attribute))
    return found_rows


def _issues(rule: Rule, name: str, rows: pd.DataFrame, column: str) -> pd.DataFrame:
    if rows.empty:
        return rows
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
