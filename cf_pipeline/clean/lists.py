"""Clean one list: type and code cells, find broken rules, quarantine rows that are no record."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cf_pipeline.clean.codes.split_two_facts import split_two_facts
from cf_pipeline.clean.codes.unmatched_codes import WORDINGS, count_unmatched
from cf_pipeline.clean.columns import parse_column
from cf_pipeline.clean.issues import QUARANTINE, IssueCollector
from cf_pipeline.clean.quarantine import find_quarantine_rules, quarantine_rows
from cf_pipeline.clean.rules.catalogue import RULES
from cf_pipeline.clean.rules.missing_columns import (
    add_duplicate_list_issues,
    add_missing_column_issues,
    list_sources,
    rows_lacking_column,
)
from cf_pipeline.clean.rules.rule import ListRows
from cf_pipeline.clean.rules.run_checks import check_rows
from cf_pipeline.clean.unread_dates import END_UNREAD, is_unread, unread_dates
from cf_pipeline.clean.values.dates import UNREADABLE
from cf_pipeline.clean.values.month_first import find_month_first_sources
from cf_pipeline.contracts.list_contract import PROVENANCE, UNREAD_DATES, ListContract
from cf_pipeline.contracts.mapping import NO_MAPPING, CouncilMapping
from cf_pipeline.contracts.violations import violations
from cf_pipeline.errors import PlainError

RULE_ORDER = {code: position for position, code in enumerate(RULES)}


class ContractError(PlainError):
    """A cleaned list does not meet its contract: a fault of this program, not of the file."""


@dataclass(frozen=True)
class CleanedList:
    """One list of some deliveries, cleaned.

    `rows`: the columns and dtypes of the contract. `issues`, `quarantine` and `wordings`: columns
    of `issues.ISSUES`, `issues.QUARANTINE` and `unmatched_codes.WORDINGS`.
    """

    rows: pd.DataFrame
    issues: pd.DataFrame
    quarantine: pd.DataFrame
    wordings: pd.DataFrame


def clean_list(
    contract: ListContract,
    text: pd.DataFrame,
    manifest: pd.DataFrame,
    mapping: CouncilMapping = NO_MAPPING,
    findings: pd.DataFrame | None = None,
    sources: pd.DataFrame | None = None,
) -> CleanedList:
    """Clean one list of some deliveries. What comes of a row depends on the rows of its own delivery alone.

    Args:
        contract: the list's contract.
        text: its ingested text with provenance.
        manifest: what was received.
        mapping: the council's own words.
        findings: what reading the files found.
        sources: the list's rows of the manifest, as `list_sources` gives them, where they are known.

    Raises:
        ContractError: the cleaned list does not meet its contract.
    """
    issues = IssueCollector(contract)
    sources = list_sources(contract, manifest) if sources is None else sources
    add_missing_column_issues(contract, sources, issues)
    if text.empty:
        _add_issues_of_findings(contract, findings, issues)
        return CleanedList(contract.empty(), issues.frame(), QUARANTINE.empty(), WORDINGS.empty())
    text = text.reset_index(drop=True)
    rules = find_quarantine_rules(contract, text, findings)
    quarantine = quarantine_rows(contract, text, rules)
    for rule in sorted(set(quarantine["rule"])):
        issues.add(rule, quarantine, quarantine["rule"] == rule, contract.person)
    if len(quarantine):
        text = text[pd.isna(rules)].reset_index(drop=True)
    rows = _parse_columns(contract, text, sources, mapping, issues, findings)
    rows = split_two_facts(contract, text, rows, issues, mapping)
    add_duplicate_list_issues(contract, sources, rows, issues)
    is_blank = np.zeros(len(rows), dtype=bool)
    if contract.key_date is not None:
        is_blank = (rows[contract.key_date].isna() & text[contract.key_date].isna()).to_numpy()
    check_rows(ListRows(contract, rows, manifest, is_blank), issues)
    _check_contract(contract, rows)
    _add_issues_of_findings(contract, findings, issues)
    found = issues.frame()
    return CleanedList(rows, found, quarantine, count_unmatched(contract, text, found, mapping))


def _add_issues_of_findings(
    contract: ListContract, findings: pd.DataFrame | None, issues: IssueCollector
) -> None:
    """Add what reading the files found in a list; the rows that it quarantines have their issues already."""
    own = None if findings is None or findings.empty else findings[findings["list"].eq(contract.name)]
    if own is not None and len(own):
        for (rule, column), rows in own.groupby(["rule", "column"]):
            if not RULES[str(rule)].is_quarantine:
                issues.add(str(rule), rows, np.ones(len(rows), dtype=bool), str(column))


def _parse_columns(
    contract: ListContract,
    text: pd.DataFrame,
    sources: pd.DataFrame,
    mapping: CouncilMapping,
    issues: IssueCollector,
    findings: pd.DataFrame | None,
) -> pd.DataFrame:
    """The rows with typed columns; an issue for every cell that breaks a rule."""
    columns: dict[str, object] = {name: text[name] for name in PROVENANCE}
    as_at, unreadable = text["as_at"], {}
    for column in contract.columns:
        is_month_first = not mapping.month_first.isdisjoint({contract.name, f"{contract.name}.{column.name}"})
        parsed = parse_column(column, text[column.name], as_at, mapping, is_month_first)
        if UNREADABLE in parsed.broken:
            places = find_month_first_sources(text, column.name, parsed.broken[UNREADABLE])
            issues.add_places("dates_month_first", places, column.name)
            unreadable[column.name] = np.asarray(parsed.broken[UNREADABLE])
        columns[column.name] = parsed.values  # noqa: PD011 - not a Series
        if column.type == "presence":  # an empty cell means no one, a missing column means not known
            is_named = pd.Series(parsed.values, dtype=column.dtype).fillna(False)
            for is_lacking in rows_lacking_column(column.name, sources, text):
                is_named = is_named.mask(is_lacking)
            columns[column.name] = is_named
        for rule in sorted(parsed.broken, key=RULE_ORDER.__getitem__):  # no other delivery changes the order
            issues.add(rule, text, np.asarray(parsed.broken[rule]), column.name)
    marks = unread_dates(contract, text, unreadable, findings)
    for end in contract.ends:
        issues.add(END_UNREAD, text, is_unread(marks, (end,)), end)
    return pd.DataFrame(columns | {UNREAD_DATES: marks}, copy=False)


def _check_contract(contract: ListContract, rows: pd.DataFrame) -> None:
    """Raise ContractError with counts, never values, when the rows do not meet the contract."""
    failed = violations(contract.name, rows)
    if failed:
        raise ContractError(f"list {contract.name} does not meet its contract: {'; '.join(failed)}")
