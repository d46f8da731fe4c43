"""Checks that Dagster shows: each list against its contract, each file's rows against the ledger."""

from __future__ import annotations

import dagster as dg
import pandas as pd

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.violations import violations

ROWS_CONSERVED = dg.AssetCheckSpec(
    "every_row_is_accounted_for",
    asset=["core", "row_ledger"],
    blocking=True,
    description="Per file: rows read = rows in core + quarantined + superseded. Otherwise nothing goes on.",
)


NONE_HELD = dg.AssetCheckSpec(
    "no_delivery_is_held",
    asset=["clean", "deliveries"],
    description="Fails and names the deliveries that wait for someone to accept them; the others go on.",
)


def held_result(sentences: list[str]) -> dg.AssetCheckResult:
    """A failed check that names what is held; it blocks nothing."""
    return dg.AssetCheckResult(
        asset_key=["clean", "deliveries"],
        check_name=NONE_HELD.name,
        passed=not sentences,
        severity=dg.AssetCheckSeverity.ERROR,
        description=" ".join(sentences) or "No delivery is held.",
        metadata={"held": len(sentences)},
    )


def contract_checks() -> list[dg.AssetCheckSpec]:
    """One blocking check a list: its cleaned rows satisfy its contract."""
    return [
        dg.AssetCheckSpec(
            "contract",
            asset=["clean", name],
            blocking=True,
            description=f"{contract.title}: columns, types, codes and keys as the contract says.",
        )
        for name, contract in list_contracts().items()
    ]


def contract_result(name: str, frame: pd.DataFrame) -> dg.AssetCheckResult:
    """The outcome of a list's contract check, in counts by column and rule."""
    broken = violations(name, frame)
    return dg.AssetCheckResult(
        asset_key=["clean", name],
        check_name="contract",
        passed=not broken,
        severity=dg.AssetCheckSeverity.ERROR,
        description="; ".join(broken) or "As the contract says.",
        metadata={"rules_broken": len(broken)},
    )


def conservation_result(row_ledger: pd.DataFrame) -> dg.AssetCheckResult:
    """The outcome of the ledger's check, naming the files whose rows do not add up."""
    accounted = row_ledger[["rows_core", "rows_quarantined", "rows_superseded"]].sum(axis=1)
    off = row_ledger[row_ledger["rows_read"].ne(accounted).fillna(True)]
    where = [f"{row.delivery_id}/{row.file} ({row.list})" for row in off.itertuples()]
    return dg.AssetCheckResult(
        asset_key=["core", "row_ledger"],
        check_name=ROWS_CONSERVED.name,
        passed=off.empty,
        severity=dg.AssetCheckSeverity.ERROR,
        description=f"Rows are unaccounted for in {', '.join(where)}."
        if where
        else "Every row is accounted for.",
        metadata={"rows_read": int(row_ledger["rows_read"].sum()), "files_off": len(off)},
    )
