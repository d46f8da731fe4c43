"""Ingested text to cleaned lists: typed, coded and validated rows, issues, and rows set aside."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cf_pipeline.clean.codes.split_two_facts import split_two_facts
from cf_pipeline.clean.codes.unmatched_codes import TO_DECIDE, to_decide
from cf_pipeline.clean.columns import parse_column
from cf_pipeline.clean.issues import ISSUES, QUARANTINE, Issues, joined
from cf_pipeline.clean.quarantine import quarantine_rule, set_aside
from cf_pipeline.clean.rules.catalogue import RULES
from cf_pipeline.clean.rules.missing_columns import (
    add_missing_columns,
    add_supplied_twice,
    rows_without,
    sources_of,
)
from cf_pipeline.clean.rules.rule import Delivered, ListRows
from cf_pipeline.clean.rules.run_checks import check_lists, check_rows
from cf_pipeline.clean.values.dates import UNREADABLE
from cf_pipeline.clean.values.month_first import find_month_first_sources
from cf_pipeline.contracts.list_contract import PROVENANCE, ListContract
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.mapping import NO_MAPPING, CouncilMapping
from cf_pipeline.contracts.violations import violations
from cf_pipeline.errors import PlainError


class ContractError(PlainError):
    """A cleaned list does not meet its contract: a fault of this program, not of the file."""


@dataclass(frozen=True)
class Cleaned:
    """Every list typed, what is wrong with it, the rows set aside, and the wordings nobody has decided.

    `lists` have their contract's columns and dtypes and the provenance; `issues` and `quarantine` the columns
    of `issues.ISSUES` and `issues.QUARANTINE`, `to_decide` those of `to_decide.TO_DECIDE`. Rows read =
    rows in `lists` + rows in `quarantine`.
    """

    lists: dict[str, pd.DataFrame]
    issues: pd.DataFrame
    quarantine: pd.DataFrame
    to_decide: pd.DataFrame


def clean(
    lists: dict[str, pd.DataFrame],
    manifest: pd.DataFrame,
    findings: pd.DataFrame | None = None,
    mapping: CouncilMapping = NO_MAPPING,
) -> Cleaned:
    """Types, codes and validates every list; a bad cell becomes null with an issue and its row stays.

    Args:
        lists: list name -> ingested text with provenance; a list left out is an empty one.
        manifest: what was received (`ingest.manifest.MANIFEST`).
        findings: what reading noticed (`ingest.findings.FINDINGS`); each becomes an issue.
        mapping: the council's own words.

    Raises:
        ContractError: a cleaned list does not meet its contract.
    """
    cleaned = {name: contract.empty() for name, contract in list_contracts().items()}
    issues, quarantine, undecided = [], [], []
    received = set(manifest["list"].dropna()) | {name for name, rows in lists.items() if len(rows)}
    for name, contract in list_contracts().items():
        if name not in received:
            continue  # most of the lists, most of the time
        text = lists[name] if name in lists else contract.empty_text()
        typed, found, aside, wordings = clean_list(contract, text, manifest, mapping, findings)
        cleaned[name] = typed
        issues += [found, _noticed(contract, findings)]
        quarantine.append(aside)
        undecided.append(wordings)
    issues.append(check_lists(Delivered(cleaned, manifest)))
    return Cleaned(
        cleaned, joined(issues, ISSUES), joined(quarantine, QUARANTINE), joined(undecided, TO_DECIDE)
    )


def clean_list(
    contract: ListContract,
    text: pd.DataFrame,
    manifest: pd.DataFrame,
    mapping: CouncilMapping = NO_MAPPING,
    findings: pd.DataFrame | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """One list cleaned: (typed rows, issues, quarantine, wordings to decide); see `clean`."""
    issues = Issues(contract)
    sources = sources_of(contract, manifest)
    add_missing_columns(contract, sources, issues)
    if text.empty:
        return contract.empty(), issues.frame(), joined([], QUARANTINE), joined([], TO_DECIDE)
    text = text.reset_index(drop=True)
    rules = quarantine_rule(contract, text, findings)
    aside = set_aside(contract, text, rules, {code: rule.message for code, rule in RULES.items()})
    for rule in sorted(set(aside["rule"])):
        issues.add(rule, aside, aside["rule"] == rule, contract.person)
    if len(aside):
        text = text[pd.isna(rules)].reset_index(drop=True)
    typed = _typed(contract, text, sources, mapping, issues)
    typed = split_two_facts(contract, text, typed, issues, mapping)
    add_supplied_twice(contract, sources, typed, issues)
    blank = pd.Series(False, index=typed.index)
    if contract.key_date is not None:
        blank = typed[contract.key_date].isna() & text[contract.key_date].isna()
    check_rows(ListRows(contract, typed, manifest, blank), issues)
    _hold_to_contract(contract, typed)
    found = issues.frame()
    return typed, found, aside, to_decide(contract, text, found, mapping)


def _noticed(contract: ListContract, findings: pd.DataFrame | None) -> pd.DataFrame:
    """What reading noticed in a list, as issues."""
    issues = Issues(contract)
    of_list = None if findings is None else findings[findings["list"].eq(contract.name)]
    if of_list is not None and len(of_list):
        for (rule, column), rows in of_list.groupby(["rule", "column"]):
            if RULES[str(rule)].is_quarantine:
                continue  # its rows are set aside, and said by that
            issues.add(str(rule), rows, np.ones(len(rows), dtype=bool), str(column))
    return issues.frame()


def _typed(
    contract: ListContract,
    text: pd.DataFrame,
    sources: pd.DataFrame,
    mapping: CouncilMapping,
    issues: Issues,
) -> pd.DataFrame:
    columns: dict[str, object] = {name: text[name] for name in PROVENANCE}
    for column in contract.columns:
        is_month_first = not mapping.month_first.isdisjoint({contract.name, f"{contract.name}.{column.name}"})
        resolved = parse_column(column, text[column.name], text["as_at"], mapping, is_month_first)
        if UNREADABLE in resolved.broken:
            places = find_month_first_sources(text, column.name, resolved.broken[UNREADABLE])
            issues.add_places("dates_month_first", places, column.name)
        values = pd.Series(resolved.values, dtype=column.dtype)
        if column.type == "presence":
            values = values.fillna(False)
            for rows in rows_without(column.name, sources, text):
                values = values.mask(rows)
        columns[column.name] = values
        for rule, broken in resolved.broken.items():
            issues.add(rule, text, np.asarray(broken), column.name)
    return pd.DataFrame(columns)


def _hold_to_contract(contract: ListContract, typed: pd.DataFrame) -> None:
    """What a list breaks is told in counts, never in values."""
    failed = violations(contract.name, typed)
    if failed:
        raise ContractError(f"list {contract.name} does not meet its contract: {'; '.join(failed)}")
