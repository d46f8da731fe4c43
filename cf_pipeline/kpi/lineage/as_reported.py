"""Totals as they were reported at one as-at date, and the hashes of the files and rules behind them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

import pandas as pd

from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.kpi.definitions.registry import Kpi
from cf_pipeline.kpi.measure.quarterly import measure_kpis

FIGURE = ["quarter_key", "basis", "kpi_id"]
REPORTED = table_contract("kpi/reported")
"""Totals with the hashes of the files, of the product's edition and of the KPI's definition behind them."""


@dataclass(frozen=True)
class Report:
    """The core tables as they were at one as-at date, and the totals measured on them."""

    as_at: pd.Timestamp
    tables: dict[str, pd.DataFrame]
    totals: pd.DataFrame


def kpis_with_total(registry: dict[str, Kpi]) -> dict[str, Kpi]:
    """The KPIs that have a total (distributions have none), without their breakdowns."""
    return {name: replace(kpi, breakdowns=()) for name, kpi in registry.items() if kpi.band is None}


def report_totals(tables: dict[str, pd.DataFrame], registry: dict[str, Kpi], authority_code: str) -> Report:
    """Measure the totals of some core tables; `registry` as `kpis_with_total` gives it.

    A year's total is the year to date of its fourth quarter, so it is not measured a second time.
    """
    found = measure_kpis(tables, registry, authority_code, bases=("quarter", "ytd"))
    is_year = found["basis"].eq("ytd") & found["quarter_key"].str.endswith("Q4")
    years = found[is_year].assign(basis="year")
    totals = pd.concat([found, years], ignore_index=True)
    return Report(tables["deliveries"]["as_at"].max(), tables, totals[[*FIGURE, "value"]])


def files_hash(manifest: pd.DataFrame, until: pd.Timestamp) -> str:
    """A short hash of every file of the deliveries up to a day."""
    rows = manifest.loc[manifest["as_at"] <= until, ["delivery_id", "file", "sha256", "status"]]
    return _short_hash(rows.drop_duplicates().sort_values(["delivery_id", "file"]).to_csv(index=False))


def definition_hash(kpi: Kpi) -> str:
    """A short hash of everything in a record that decides what is counted; its texts are left out."""
    return _short_hash(
        repr(replace(kpi, title="", numerator_text="", denominator_text="", legal_source="", breakdowns=()))
    )


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
