"""Checks that Dagster shows: each list against its contract, each file's rows against the ledger."""

from __future__ import annotations

import dagster as dg
import pandas as pd

from cf_pipeline.compare.reconciliation import reconcile_with_published
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.violations import violations
from cf_pipeline.kpi.lineage.missing_figures import MissingFigures
from cf_pipeline.project import lake_layout
from resources.lake import asset_key

ROWS_CONSERVED = dg.AssetCheckSpec(
    "every_row_is_accounted_for",
    asset=asset_key(lake_layout.ROW_LEDGER),
    blocking=True,
    description="Per file: rows read = rows in core + quarantined + superseded. Otherwise nothing goes on.",
)
NEAR_PUBLISHED = dg.AssetCheckSpec(
    "near_the_published_figures",
    asset=asset_key(lake_layout.COMPARISON),
    description="How far whole years are from what was published for the authority itself; a warning.",
)


NONE_HELD = dg.AssetCheckSpec(
    "no_delivery_is_held",
    asset=asset_key(lake_layout.CLEAN_DELIVERIES),
    description="Fails and names the deliveries and lists that wait to be accepted; others go on.",
)


def sentences_result(
    check: dg.AssetCheckSpec,
    sentences: list[str],
    metadata_name: str,
    none: str,
    severity: dg.AssetCheckSeverity = dg.AssetCheckSeverity.ERROR,
) -> dg.AssetCheckResult:
    """A check that fails with its sentences, one a thing that is wrong, and passes with the words of `none`.

    The number of sentences stands in its metadata under `metadata_name`. Whether it blocks is the check's.
    """
    return dg.AssetCheckResult(
        asset_key=check.asset_key,
        check_name=check.name,
        passed=not sentences,
        severity=severity,
        description=" ".join(sentences) or none,
        metadata={metadata_name: len(sentences)},
    )


def held_result(sentences: list[str]) -> dg.AssetCheckResult:
    """A failed check that names what is held; it blocks nothing."""
    return sentences_result(NONE_HELD, sentences, "held", "Nothing is held.")


HEADERS_RECOGNISED = dg.AssetCheckSpec(
    "headers_are_recognised",
    asset=asset_key(lake_layout.CLEAN_DELIVERIES),
    description="Which figures are missing because a sheet lacks a column or its header fits none; warns.",
)


NONE_ACCEPTED = dg.AssetCheckSpec(
    "nothing_counts_against_a_doubt",
    asset=asset_key(lake_layout.CLEAN_DELIVERIES),
    description="Warns of lists and deliveries that count because someone accepted them: who, and why.",
)


def accepted_result(sentences: list[str]) -> dg.AssetCheckResult:
    """A warning that names what counts because someone accepted it; it blocks nothing."""
    none = "Nothing counts because someone accepted a doubt."
    return sentences_result(NONE_ACCEPTED, sentences, "accepted", none, dg.AssetCheckSeverity.WARN)


def headers_result(missing: MissingFigures) -> dg.AssetCheckResult:
    """What missing columns and headers cost, with the KPIs by id; it blocks nothing."""
    lines = [
        f"| {figure.kpi_id} | {figure.title} | {figure.list} | {figure.header} |"
        for figure in missing.figures
    ]
    head = ["| KPI | title | list | column |", "|---|---|---|---|"]
    return dg.AssetCheckResult(
        asset_key=asset_key(lake_layout.CLEAN_DELIVERIES),
        check_name=HEADERS_RECOGNISED.name,
        passed=not missing.figures,
        severity=dg.AssetCheckSeverity.WARN,
        description=missing.sentence or "Every column that a figure needs has a header that is recognised.",
        metadata={
            "headers_not_recognised": missing.headers,
            "figures": missing.kpis,
            "figures_missing": len(missing.figures),
            "which": dg.MetadataValue.md("\n".join([*head, *lines])),
        },
    )


BEATS_PRO_RATA = dg.AssetCheckSpec(
    "chosen_method_holds_up",
    asset=asset_key(lake_layout.FORECAST_RECORD),
    description="On the authority's own past years the method shown forecasts no worse than pro rata.",
)


def contract_checks() -> list[dg.AssetCheckSpec]:
    """One blocking check a list: its cleaned rows satisfy its contract."""
    return [
        dg.AssetCheckSpec(
            "contract",
            asset=asset_key(lake_layout.clean_list(name)),
            blocking=True,
            description=f"{contract.title}: columns, types, codes and keys as the contract says.",
        )
        for name, contract in list_contracts().items()
    ]


def contract_result(name: str, frame: pd.DataFrame) -> dg.AssetCheckResult:
    """The outcome of a list's contract check, in counts by column and rule."""
    broken = violations(name, frame)
    return dg.AssetCheckResult(
        asset_key=asset_key(lake_layout.clean_list(name)),
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
        asset_key=asset_key(lake_layout.ROW_LEDGER),
        check_name=ROWS_CONSERVED.name,
        passed=off.empty,
        severity=dg.AssetCheckSeverity.ERROR,
        description=f"Rows are unaccounted for in {', '.join(where)}."
        if where
        else "Every row is accounted for.",
        metadata={"rows_read": int(row_ledger["rows_read"].sum()), "files_off": len(off)},
    )


def near_published_result(comparison: pd.DataFrame) -> dg.AssetCheckResult:
    """The distance of every whole year from the authority's own published figure; it blocks nothing."""
    rows = reconcile_with_published(comparison)
    beyond = rows[~rows["is_within_rounding"]]
    return dg.AssetCheckResult(
        asset_key=asset_key(lake_layout.COMPARISON),
        check_name=NEAR_PUBLISHED.name,
        passed=beyond.empty,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"{len(beyond)} of {len(rows)} figures are further from the authority's own published "
        "figures than rounding explains.",
        metadata={
            "compared": len(rows),
            "within_rounding": len(rows) - len(beyond),
            "differences": dg.MetadataValue.md(_differences(rows)),
        },
    )


def _differences(rows: pd.DataFrame) -> str:
    lines = [
        f"| {row.kpi_id} | {row.year_ending} | {row.difference:+.1f} | "
        f"{'yes' if row.is_within_rounding else 'no'} |"
        for row in rows.itertuples()
    ]
    head = ["| KPI | year to | ours minus published | within rounding |", "|---|---|---|---|"]
    return "\n".join([*head, *lines])


def method_result(losing_methods: pd.DataFrame) -> dg.AssetCheckResult:
    """The outcome of the check, naming the KPIs that pro rata forecast better."""
    named = [
        f"{row.kpi_id} ({row.error:.0f}% beside {row.pro_rata_error:.0f}%)"
        for row in losing_methods.itertuples(index=False)
    ]
    return dg.AssetCheckResult(
        asset_key=asset_key(lake_layout.FORECAST_RECORD),
        check_name=BEATS_PRO_RATA.name,
        passed=losing_methods.empty,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"Pro rata did better on the authority's own record for {', '.join(named)}."
        if named
        else "Nowhere did pro rata do better on the authority's own record.",
        metadata={"kpis_lost": len(losing_methods)},
    )
