"""What was reported at one as-at date, and the hashes of the files and rules behind it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.history.derived.reviews import REVIEW_DUTIES
from cf_pipeline.history.text_categories import text_columns
from cf_pipeline.kpi.definitions.registry import Kpi
from cf_pipeline.kpi.definitions.sides import AT_END, PERSON
from cf_pipeline.kpi.lineage.affected_kpis import sides_of
from cf_pipeline.kpi.lineage.records_behind import records_behind_counted
from cf_pipeline.kpi.measure.count_records import RecordCounter
from cf_pipeline.kpi.measure.quarterly import measure_counted, prepare_counter

FIGURE = ["quarter_key", "basis", "kpi_id"]
RECORD = ["list", "record_key"]
COUNTED = [*FIGURE, "role", *RECORD]
REPORTED = table_contract("kpi/reported")
"""Totals with the hashes of the files, of the product's edition and of the KPI's definition behind them."""
NEWEST_REPORT = table_contract("kpi/newest_report")
"""The records of the newest report: those known (without a figure), those that each total counts."""
STATE = ["delivery_id", "file", "list", "sheet", "status", "rows_read", "columns_supplied", "columns_unread"]
"""The columns of the manifest that say what of a delivery counts."""


@dataclass(frozen=True)
class Report:
    """The totals of some core tables as they were at one as-at date, and the records behind them."""

    as_at: pd.Timestamp
    totals: pd.DataFrame
    counter: RecordCounter

    def counted_records(self, kpi_ids: Collection[str]) -> pd.DataFrame:
        """The records behind the totals of some KPIs, once each: the columns COUNTED."""
        return records_behind_counted(self.counter, kpi_ids)[COUNTED].drop_duplicates()

    @cached_property
    def statuses(self) -> pd.DataFrame:
        """`status` and `rekeyed_to` of every record, by list and record_key.

        The status of a record with a new key is missing: a date that was corrected is no withdrawal.
        """
        parts = [
            rows.assign(list=name)[[*RECORD, "status", "rekeyed_to"]]
            for name, rows in self.counter.tables.items()
            if {"record_key", "status", "rekeyed_to"} <= set(rows.columns)
        ]
        records = pd.concat(parts).drop_duplicates(RECORD).set_index(RECORD)
        return records.assign(status=records["status"].where(records["rekeyed_to"].isna()))

    @property
    def known_records(self) -> pd.MultiIndex:
        """List and record_key of every record."""
        index = self.statuses.index
        assert isinstance(index, pd.MultiIndex)  # noqa: S101 - it is set from two columns
        return index


@dataclass(frozen=True)
class KeptReport:
    """A report of an earlier run, from what was kept of it (`rows`: NEWEST_REPORT)."""

    as_at: pd.Timestamp
    totals: pd.DataFrame
    rows: pd.DataFrame

    def counted_records(self, kpi_ids: Collection[str]) -> pd.DataFrame:
        """The records behind the totals of some KPIs, once each: the columns COUNTED."""
        return self.rows.loc[self.rows["kpi_id"].isin(kpi_ids), COUNTED]

    @property
    def known_records(self) -> pd.MultiIndex:
        """List and record_key of every record."""
        return pd.MultiIndex.from_frame(self.rows.loc[self.rows["kpi_id"].isna(), RECORD])


def kpis_with_total(registry: Mapping[str, Kpi]) -> dict[str, Kpi]:
    """The KPIs that have a total (distributions have none), without their breakdowns."""
    return {name: replace(kpi, breakdowns=()) for name, kpi in registry.items() if kpi.band is None}


def delivered_columns_read(registry: Mapping[str, Kpi]) -> dict[str, frozenset[str]]:
    """List -> the delivered columns that counting the totals of its KPIs may read.

    Lists in which no total is counted are left out. A list of reviews has all of its columns, every other
    list those whose rare texts are hidden, too.
    """
    found = {duty.reviews: {*list_contracts()[duty.reviews].column_names} for duty in REVIEW_DUTIES.values()}
    for kpi in registry.values():
        for side in sides_of(kpi, registry):
            columns = {name.removeprefix(AT_END).removeprefix(PERSON) for name in side.columns}
            for part in side.parts:
                contract = list_contracts().get(part.table)
                if contract is not None:
                    found.setdefault(part.table, {*text_columns(contract)}).update(columns)
    return {name: frozenset(columns) for name, columns in found.items()}


def report_totals(tables: dict[str, pd.DataFrame], registry: dict[str, Kpi], authority_code: str) -> Report:
    """Measure the totals of some core tables; `registry` as `kpis_with_total` gives it."""
    counter = prepare_counter(tables, registry)
    return report_of_figures(measure_counted(counter, authority_code), counter)


def report_of_figures(figures: pd.DataFrame, counter: RecordCounter) -> Report:
    """The report whose figures were measured already; `figures` and `counter` of `measure_counted`."""
    totals = figures.loc[figures["breakdown"].eq("total"), [*FIGURE, "value"]]
    is_year = totals["basis"].eq("year")
    ordered = pd.concat([totals[~is_year], totals[is_year]], ignore_index=True)
    return Report(counter.tables["deliveries"]["as_at"].max(), ordered, counter)


def keep_report(report: Report, kpi_ids: Collection[str], stamps: dict[str, Any]) -> pd.DataFrame:
    """What the comparison with the next report needs of a report: the columns of NEWEST_REPORT.

    Args:
        report: the newest report.
        kpi_ids: the KPIs that have a total.
        stamps: as_at, and the hashes of the files and of the rules behind the report.
    """
    known = report.known_records.to_frame(index=False)
    rows = pd.concat([known, report.counted_records(kpi_ids)], ignore_index=True)
    return NEWEST_REPORT.cast(rows.assign(**stamps))


def files_hash(manifest: pd.DataFrame, until: pd.Timestamp) -> str:
    """A short hash of every file of the deliveries up to a day."""
    rows = manifest.loc[manifest["as_at"] <= until, ["delivery_id", "file", "sha256", "status"]]
    return short_hash(rows.drop_duplicates().sort_values(["delivery_id", "file"]).to_csv(index=False))


def state_hash(manifest: pd.DataFrame, until: pd.Timestamp) -> str:
    """A short hash of what of the deliveries up to a day counts: lists that are held, columns, rows."""
    known = [name for name in STATE if name in manifest.columns]
    rows = manifest.loc[manifest["as_at"] <= until, known].sort_values(known)
    return short_hash(rows.to_csv(index=False))


def definition_hash(kpi: Kpi) -> str:
    """A short hash of everything in a record that decides what is counted; its texts are left out."""
    return short_hash(
        repr(replace(kpi, title="", numerator_text="", denominator_text="", legal_source="", breakdowns=()))
    )


def short_hash(text: str) -> str:
    """The first 16 hexadecimal digits of a text's SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
