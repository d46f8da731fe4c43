"""What merging finds: vanished records, conflicts between lists, adults still recorded in care.

Each rule is one declared object; its findings name file, sheet and row, never a value.
"""

from __future__ import annotations

import pandas as pd

from cf_pipeline.clean.issues import ISSUES, joined
from cf_pipeline.clean.rules import Rule
from cf_pipeline.contracts.lists import PROVENANCE, list_contracts
from cf_pipeline.contracts.months import add_months
from cf_pipeline.history.person import ATTRIBUTES, conflicts
from cf_pipeline.history.versions import ENDED_UNKNOWN, WITHDRAWN, Versions

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
PERSON_CONFLICT = Rule(
    "person_conflict",
    "warning",
    "lists disagree about a child's date of birth, gender, ethnicity or disability",
    "correct the record in the case system; the newest delivery counts, then the list that ranks first",
    columns=tuple(ATTRIBUTES),
)
ADULT_IN_CARE = Rule(
    "adult_in_care",
    "error",
    "a child is recorded as in care after the 18th birthday",
    "enter the date the child ceased to be looked after;"
    " the child is not counted in care from the birthday on",
    lists=("children_in_care",),
    columns=("cla_end_date",),
)
RULES = (EXACT_DUPLICATE, VANISHED_OPEN, WITHDRAWN_ROW, END_UNKNOWN, PERSON_CONFLICT, ADULT_IN_CARE)


def found(tables: dict[str, pd.DataFrame], versioned: dict[str, Versions]) -> pd.DataFrame:
    """Every finding of the merge, in the columns of the issues."""
    parts = []
    for name, contract in list_contracts().items():
        rows = tables[name]
        key, end = contract.key_date, contract.end_date
        parts.append(_issues(EXACT_DUPLICATE, name, versioned[name].duplicates, ""))
        parts.append(_issues(VANISHED_OPEN, name, rows[rows["status"].eq(ENDED_UNKNOWN)], end or ""))
        parts.append(_issues(WITHDRAWN_ROW, name, rows[rows["status"].eq(WITHDRAWN)], key or ""))
        hidden = rows["vanished_date"].notna() & rows["status"].ne(ENDED_UNKNOWN)
        parts.append(_issues(END_UNKNOWN, name, rows[hidden], end or ""))
    parts += _conflicts(tables)
    care = tables["children_in_care"]
    until = care["cla_end_date"].fillna(care["as_at"])
    adults = care[add_months(care["birth_date"], 18 * 12) < until]
    parts.append(_issues(ADULT_IN_CARE, "children_in_care", adults, "cla_end_date"))
    return joined(parts, ISSUES)


def _conflicts(tables: dict[str, pd.DataFrame]) -> list[pd.DataFrame]:
    lists = {name: tables[name] for name in list_contracts()}
    found_rows = []
    for attribute in ATTRIBUTES:
        children = set(conflicts(lists, attribute))
        for name, rows in lists.items():
            if attribute in rows.columns and children:
                in_conflict = rows[rows["person_ref"].isin(children)]
                found_rows.append(_issues(PERSON_CONFLICT, name, in_conflict, attribute))
    return found_rows


def _issues(rule: Rule, name: str, rows: pd.DataFrame, column: str) -> pd.DataFrame:
    if rows.empty:
        return rows
    return rows[list(PROVENANCE)].assign(
        list=name,
        rule=rule.code,
        severity=rule.severity,
        column=column,
        message=rule.message,
        suggestion=rule.suggestion,
        kpis="",
        rows=1,
    )
