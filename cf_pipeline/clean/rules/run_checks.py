"""Looks for every rule that holds a check: in the rows of a list, and between the lists of an authority."""

from __future__ import annotations

import pandas as pd

from cf_pipeline.clean.issues import ISSUES, IssueCollector
from cf_pipeline.clean.rules.between_lists import LIST_RULES
from cf_pipeline.clean.rules.catalogue import ROW_RULES
from cf_pipeline.clean.rules.rule import Delivered, ListRows
from cf_pipeline.contracts.lists import list_contracts


def check_rows(of: ListRows, issues: IssueCollector) -> None:
    """Adds an issue for every row of a cleaned list that breaks a rule between its own cells or dates."""
    for rule in ROW_RULES:
        if rule.lists is None or of.contract.name in rule.lists:
            for column, broken in rule.check(of):
                issues.add(rule.code, of.rows, broken, column)


def check_lists(of: Delivered) -> pd.DataFrame:
    """The issues between lists, files and deliveries, columns of `issues.ISSUES`."""
    found = []
    for rule in LIST_RULES:
        for flagged in rule.check(of):
            issues = IssueCollector(list_contracts()[flagged.list])
            issues.add_places(rule.code, flagged.where, flagged.column, flagged.counts)
            found.append(issues.frame())
    return ISSUES.concat(found)
