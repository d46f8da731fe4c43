"""Checks that Dagster shows: each list against its contract, each file's rows against the ledger."""

from __future__ import annotations

import dagster as dg
import pandas as pd
from pandera.errors import SchemaErrors

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.schemas import clean_schema

ROWS_CONSERVED = dg.AssetCheckSpec(
    "every_row_is_accounted_for",
    asset=["core", "row_ledger"],
    blocking=True,
    description="Per file: rows read = rows in core + quarantined + superseded. Otherwise nothing goes on.",
)

HOLDS_UP = dg.AssetCheckSpec(
    "chosen_method_holds_up",
    asset=["kpi", "forecast_record"],
    description="On the authority's own past years the method shown forecasts no worse than pro rata.",
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


def violations(name: str, frame: pd.DataFrame) -> list[str]:
    """What a list's rows break in its contract: column, rule and count, never a value."""
    broken: list[str] = []
    try:
        clean_schema(name).validate(frame, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
        counts = cases.groupby([cases["column"].astype(str), cases["check"].astype(str)]).size()
        broken = [f"{column}: {rule} ({count} rows)" for (column, rule), count in counts.items()]
    return broken


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


def held_up_result(lost: pd.DataFrame) -> dg.AssetCheckResult:
    """The outcome of the check, naming the KPIs whose method loses."""
    named = [
        f"{row.kpi_id} ({row.error:.0f}% beside {row.against:.0f}%)" for row in lost.itertuples(index=False)
    ]
    return dg.AssetCheckResult(
        asset_key=["kpi", "forecast_record"],
        check_name=HOLDS_UP.name,
        passed=lost.empty,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"Pro rata did better on the authority's own record for {', '.join(named)}."
        if named
        else "Nowhere did pro rata do better on the authority's own record.",
        metadata={"kpis_lost": len(lost)},
    )
