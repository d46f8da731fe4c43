"""Quarantine rows that are no record, or a record without a person's id; each with the rule that decides."""

from __future__ import annotations

from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.clean.no_records import find_no_records
from cf_pipeline.clean.rules.catalogue import RULES
from cf_pipeline.clean.values.ids import is_plain_id, parse_id, parse_plain_ids
from cf_pipeline.clean.values.parse_distinct import parse_distinct
from cf_pipeline.clean.values.repair import repair_text
from cf_pipeline.contracts.header_words import is_header_of
from cf_pipeline.contracts.list_contract import PROVENANCE, ListContract
from cf_pipeline.contracts.tables import table_contract

QUARANTINE_RULES = [code for code, rule in RULES.items() if rule.is_quarantine]


def find_quarantine_rules(
    contract: ListContract, rows: pd.DataFrame, findings: pd.DataFrame | None = None
) -> npt.NDArray[np.object_]:
    """For each ingested row of a list the rule that quarantines it; None for a record.

    `blank_row`, `total_row`, `footer_row`, `repeated_header`: not a record (docs/rulings.md#21).
    `no_child_id`, `id_digits_lost`: a record without a usable id. `findings` of reading quarantine further
    rows, such as those of another authority.
    """
    person = rows[contract.person]
    ids = parse_distinct(person, parse_id, "str", partial(_rule_of_id_text, contract), parse_plain_ids)
    values = pd.Series(ids.values, index=rows.index, dtype="str")
    rules = find_no_records(contract, rows, values)
    rules[pd.isna(rules) & values.isna().to_numpy()] = "no_child_id"
    for rule, is_broken in ids.broken.items():
        if rule in QUARANTINE_RULES:
            rules[is_broken] = rule
    _add_rules_of_findings(contract, rows, findings, rules)
    return rules


def _add_rules_of_findings(
    contract: ListContract,
    rows: pd.DataFrame,
    findings: pd.DataFrame | None,
    rules: npt.NDArray[np.object_],
) -> None:
    """Set in `rules` those by which a finding quarantines a row.

    A rule found in the row's cells comes first: a totals row of another authority is a totals row. Only
    `no_child_id` gives way.
    """
    if findings is None or set(findings["rule"]).isdisjoint(QUARANTINE_RULES):
        return
    own = findings[findings["list"].eq(contract.name) & findings["rule"].isin(QUARANTINE_RULES)]
    place = ["delivery_id", "file", "sheet", "excel_row"]
    if len(own):
        places = rows[place].fillna({"sheet": ""})
        by_place = own[[*place, "rule"]].fillna({"sheet": ""}).drop_duplicates(place)
        found = places.merge(by_place, on=place, how="left")["rule"].to_numpy(dtype=object)
        is_set = pd.notna(found) & np.isin(rules.astype(str), ["None", "no_child_id"])
        rules[is_set] = found[is_set]


def _rule_of_id_text(contract: ListContract, text: str) -> str | None:
    """The rule of a row whose cell for the id holds the header of a column of ids."""
    is_header = not is_plain_id(text) and is_header_of(contract, contract.person, repair_text(text))
    return "repeated_header" if is_header else None


def quarantine_rows(
    contract: ListContract, rows: pd.DataFrame, rules: npt.NDArray[np.object_]
) -> pd.DataFrame:
    """The rows that a rule quarantines: provenance, list, rule and reason; no cell of theirs."""
    is_quarantined = pd.notna(rules)
    if not is_quarantined.any():
        return table_contract("clean/quarantine").empty()
    codes = rules[is_quarantined]
    header = contract.column(contract.person).header
    reasons = {code: RULES[code].message.format(column=header) for code in QUARANTINE_RULES}
    columns = {name: rows[name].array[is_quarantined] for name in PROVENANCE} | {
        "list": pd.array([contract.name] * len(codes), dtype="str"),
        "rule": pd.array(codes, dtype="str"),
        "reason": pd.array([reasons[code] for code in codes], dtype="str"),
    }
    return pd.DataFrame(columns, index=rows.index[is_quarantined], copy=False)
