"""Run the checks of all rules: in the rows of a list, and between the lists of an authority."""

from __future__ import annotations

import pandas as pd

from cf_pipeline.clean.issues import ISSUES, IssueCollector
from cf_pipeline.clean.rules.between_lists import LIST_RULES
from cf_pipeline.clean.rules.catalogue import ROW_RULES
from cf_pipeline.clean.rules.rule import AuthorityLists, ListRows
from cf_pipeline.contracts.lists import list_contracts


def check_rows(list_rows: ListRows, issues: IssueCollector) -> None:
    """Add to `issues` one for each row of a cleaned list that breaks a `RowRule`."""
    for rule in ROW_RULES:
        if rule.lists is None or list_rows.contract.name in rule.lists:
            for column, is_broken in rule.check(list_rows):
                issues.add(rule.code, list_rows.rows, is_broken, column)


def check_lists(authority: AuthorityLists) -> pd.DataFrame:
    """The issues of the `ListRule`s: between lists, files and deliveries. Columns of `issues.ISSUES`."""
    parts = []
    for rule in LIST_RULES:
        for flagged in rule.check(authority):
            issues = IssueCollector(list_contracts()[flagged.list])
            issues.add_places(rule.code, flagged.places, flagged.column, flagged.counts)
            parts.append(issues.frame())
    return ISSUES.concat(parts)
