"""Clean the ingested lists: type and code cells, find broken rules, quarantine rows that are no record."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cf_pipeline.clean.codes.split_two_facts import split_two_facts
from cf_pipeline.clean.codes.unmatched_codes import TO_DECIDE, list_unmatched_codes
from cf_pipeline.clean.columns import parse_column
from cf_pipeline.clean.issues import ISSUES, QUARANTINE, IssueCollector
from cf_pipeline.clean.quarantine import find_quarantine_rules, quarantine_rows
from cf_pipeline.clean.rules.catalogue import RULES
from cf_pipeline.clean.rules.missing_columns import (
    add_duplicate_list_issues,
    add_missing_column_issues,
    list_sources,
    rows_lacking_column,
)
from cf_pipeline.clean.rules.rule import AuthorityLists, ListRows
from cf_pipeline.clean.rules.run_checks import check_lists, check_rows
from cf_pipeline.clean.unread_dates import END_UNREAD, is_unread, unread_dates
from cf_pipeline.clean.values.dates import UNREADABLE
from cf_pipeline.clean.values.month_first import find_month_first_sources
from cf_pipeline.contracts.list_contract import PROVENANCE, UNREAD_DATES, ListContract
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.mapping import NO_MAPPING, CouncilMapping
from cf_pipeline.contracts.violations import violations
from cf_pipeline.errors import PlainError


class ContractError(PlainError):
    """A cleaned list does not meet its contract: a fault of this program, not of the file."""


@dataclass(frozen=True)
class CleanedLists:
    """The cleaned lists of one authority. Rows read = rows in `lists` + rows in `quarantine`.

    `lists`: list name -> rows with the contract's columns and dtypes, and the provenance. `issues` and
    `quarantine`: columns of `issues.ISSUES` and `issues.QUARANTINE`. `unmatched_codes`: wordings that fit no
    code, columns of `unmatched_codes.TO_DECIDE`.
    """

    lists: dict[str, pd.DataFrame]
    issues: pd.DataFrame
    quarantine: pd.DataFrame
    unmatched_codes: pd.DataFrame


@dataclass(frozen=True)
class CleanedList:
    """One cleaned list; its fields are those of `CleanedLists`."""

    rows: pd.DataFrame
    issues: pd.DataFrame
    quarantine: pd.DataFrame
    unmatched_codes: pd.DataFrame


def clean_lists(
    lists: dict[str, pd.DataFrame],
    manifest: pd.DataFrame,
    findings: pd.DataFrame | None = None,
    mapping: CouncilMapping = NO_MAPPING,
) -> CleanedLists:
    """Type, code and validate every list. An unreadable cell becomes null with an issue; its row stays.

    Args:
        lists: list name -> ingested text with provenance; a list left out is an empty one.
        manifest: what was received (`ingest.manifest.MANIFEST`).
        findings: what reading the files found (`ingest.findings.FINDINGS`); each becomes an issue.
        mapping: the council's own words.

    Raises:
        ContractError: a cleaned list does not meet its contract.
    """
    contracts = list_contracts()
    rows_by_list = {name: contract.empty() for name, contract in contracts.items()}
    issues, quarantine, unmatched_codes = [], [], []
    received = set(manifest["list"].dropna()) | {name for name, rows in lists.items() if len(rows)}
    for name in [name for name in contracts if name in received]:
        contract = contracts[name]
        text = lists[name] if name in lists else contract.empty_text()
        cleaned = clean_list(contract, text, manifest, mapping, findings)
        rows_by_list[name] = cleaned.rows
        issues += [cleaned.issues, _issues_of_findings(contract, findings)]
        quarantine.append(cleaned.quarantine)
        unmatched_codes.append(cleaned.unmatched_codes)
    issues.append(check_lists(AuthorityLists(rows_by_list, manifest)))
    return CleanedLists(
        rows_by_list,
        ISSUES.concat(issues),
        QUARANTINE.concat(quarantine),
        TO_DECIDE.concat(unmatched_codes),
    )


def clean_list(
    contract: ListContract,
    text: pd.DataFrame,
    manifest: pd.DataFrame,
    mapping: CouncilMapping = NO_MAPPING,
    findings: pd.DataFrame | None = None,
) -> CleanedList:
    """Clean one list; arguments and errors as for `clean_lists`."""
    issues = IssueCollector(contract)
    sources = list_sources(contract, manifest)
    add_missing_column_issues(contract, sources, issues)
    if text.empty:
        nothing = QUARANTINE.empty(), TO_DECIDE.empty()
        return CleanedList(contract.empty(), issues.frame(), *nothing)
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
    found = issues.frame()
    return CleanedList(rows, found, quarantine, list_unmatched_codes(contract, text, found, mapping))


def _issues_of_findings(contract: ListContract, findings: pd.DataFrame | None) -> pd.DataFrame:
    """What reading the files found in a list, as issues; the rows it quarantines have theirs already."""
    issues = IssueCollector(contract)
    own = None if findings is None or findings.empty else findings[findings["list"].eq(contract.name)]
    if own is not None and len(own):
        for (rule, column), rows in own.groupby(["rule", "column"]):
            if not RULES[str(rule)].is_quarantine:
                issues.add(str(rule), rows, np.ones(len(rows), dtype=bool), str(column))
    return issues.frame()


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
    unreadable = {}
    for column in contract.columns:
        is_month_first = not mapping.month_first.isdisjoint({contract.name, f"{contract.name}.{column.name}"})
        parsed = parse_column(column, text[column.name], text["as_at"], mapping, is_month_first)
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
        for rule, is_broken in parsed.broken.items():
            issues.add(rule, text, np.asarray(is_broken), column.name)
    marks = unread_dates(contract, text, unreadable, findings)
    for end in contract.ends:
        issues.add(END_UNREAD, text, is_unread(marks, (end,)), end)
    return pd.DataFrame(columns | {UNREAD_DATES: marks})


def _check_contract(contract: ListContract, rows: pd.DataFrame) -> None:
    """Raise ContractError with counts, never values, when the rows do not meet the contract."""
    failed = violations(contract.name, rows)
    if failed:
        raise ContractError(f"list {contract.name} does not meet its contract: {'; '.join(failed)}")
