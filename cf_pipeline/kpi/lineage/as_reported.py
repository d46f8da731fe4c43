"""What was reported at one as-at date, and the hashes of the files and rules behind it."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.history.derived.reviews import REVIEW_DUTIES
from cf_pipeline.history.text_categories import text_columns
from cf_pipeline.kpi.definitions.registry import Kpi
from cf_pipeline.kpi.definitions.sides import AT_END, PERSON
from cf_pipeline.kpi.lineage.affected_kpis import sides_of
from cf_pipeline.kpi.lineage.erased_amounts import QUARTERLY, add_amounts
from cf_pipeline.kpi.lineage.records_behind import RecordsBehind, records_behind_counted
from cf_pipeline.kpi.measure.count_records import RecordCounter
from cf_pipeline.kpi.measure.quarterly import measure_counted, prepare_counter

FIGURE = ["quarter_key", "basis", "kpi_id"]
RECORD = ["list", "record_key"]
COUNTED = [*FIGURE, "role", *RECORD]
REPORTED = table_contract("kpi/reported")
"""Totals with the hashes of the files, of the product's edition and of the KPI's definition behind them."""
NEWEST_REPORT = table_contract("kpi/newest_report")
"""The records that the newest report knows."""
STATE = ["delivery_id", "file", "list", "sheet", "status", "rows_read", "columns_supplied", "columns_unread"]
"""The columns of the manifest that say what of a delivery counts."""


@dataclass(frozen=True)
class Report:
    """The totals of some core tables as they were at one as-at date, and the records behind them.

    `behind` are the records when they were found already; they are looked for when it is None.
    """

    as_at: pd.Timestamp
    totals: pd.DataFrame
    counter: RecordCounter
    behind: RecordsBehind | None = None

    def members(self, kpi_ids: Collection[str]) -> pd.DataFrame:
        """The records behind the totals of some KPIs, and perhaps of others: MEMBERS."""
        behind = records_behind_counted(self.counter, kpi_ids) if self.behind is None else self.behind
        return behind.members

    @cached_property
    def statuses(self) -> pd.DataFrame:
        """`list`, `record_key`, `status` and `rekeyed_to` of every record.

        The status of a record with a new key is missing: a date that was corrected is no withdrawal.
        """
        names = ["record_key", "status", "rekeyed_to"]
        tables = {name: rows for name, rows in self.counter.tables.items() if set(names) <= set(rows.columns)}
        columns = {
            name: pd.concat([rows[name] for rows in tables.values()], ignore_index=True) for name in names
        }
        lists = np.repeat(list(tables), [len(rows) for rows in tables.values()])
        records = pd.DataFrame(columns).assign(list=pd.array(lists, dtype="str"))
        records = records.drop_duplicates(RECORD, ignore_index=True)
        return records.assign(status=records["status"].where(records["rekeyed_to"].isna()))

    @property
    def records(self) -> pd.DataFrame:
        """List and record_key of every record."""
        return self.statuses[RECORD]


@dataclass(frozen=True)
class KeptReport:
    """A report of an earlier run, from what was kept of it: NEWEST_REPORT, and MEMBERS of every KPI."""

    as_at: pd.Timestamp
    totals: pd.DataFrame
    records: pd.DataFrame
    counted: pd.DataFrame

    def members(self, kpi_ids: Collection[str]) -> pd.DataFrame:
        """The records behind the totals of some KPIs, and of all others: MEMBERS."""
        return self.counted


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


def report_totals(
    tables: dict[str, pd.DataFrame],
    registry: dict[str, Kpi],
    authority_code: str,
    amounts: pd.DataFrame | None = None,
) -> Report:
    """Measure the totals of some core tables; `registry` as `kpis_with_total` gives it.

    `amounts`: what erased records contributed, as `amounts_at` gives it.
    """
    counter = prepare_counter(tables, registry)
    figures = measure_counted(counter, authority_code)
    if amounts is not None and len(amounts):
        figures = add_amounts(QUARTERLY, figures, amounts, registry)
    return report_of_figures(figures[figures["breakdown"].eq("total")], counter)


def report_of_figures(
    figures: pd.DataFrame, counter: RecordCounter, behind: RecordsBehind | None = None
) -> Report:
    """The report whose figures were measured already.

    Args:
        figures: of `measure_counted`.
        counter: with which they were measured.
        behind: the records behind them, when they were found already.
    """
    totals = figures.loc[figures["breakdown"].eq("total"), [*FIGURE, "value"]]
    is_year = totals["basis"].eq("year")
    ordered = pd.concat([totals[~is_year], totals[is_year]], ignore_index=True)
    return Report(counter.tables["deliveries"]["as_at"].max(), ordered, counter, behind)


def keep_report(report: Report, stamps: dict[str, Any]) -> pd.DataFrame:
    """The records that a report knows: the columns of NEWEST_REPORT.

    Args:
        report: the newest report.
        stamps: as_at, and the hashes of the files and of the rules behind the report.
    """
    records = report.records
    one = NEWEST_REPORT.without(*RECORD).frame([stamps])
    same = np.zeros(len(records), dtype="int8")
    return NEWEST_REPORT.cast(records.assign(**{name: one[name].array.take(same) for name in stamps}))


def file_hashes(manifest: pd.DataFrame, days: Sequence[pd.Timestamp]) -> list[str]:
    """For each day a short hash of every file of the deliveries up to it.

    The hashes of earlier versions of the product are compared with these: what is hashed must stay the same.
    """
    lines = _lines_in_order(manifest, ["delivery_id", "file", "sha256", "status"], ["delivery_id", "file"])
    header = "delivery_id,file,sha256,status\n"
    return [short_hash(header + "".join(dict.fromkeys(until))) for until in _lines_until(lines, days)]


def state_hashes(manifest: pd.DataFrame, days: Sequence[pd.Timestamp]) -> list[str]:
    """For each day a short hash of what of the deliveries up to it counts: lists held, columns, rows."""
    known = [name for name in STATE if name in manifest.columns]
    lines = _lines_in_order(manifest, known, known)
    return [short_hash("".join(until)) for until in _lines_until(lines, days)]


def _lines_in_order(rows: pd.DataFrame, columns: list[str], order: list[str]) -> pd.Series:
    """Some columns of each row as a line of CSV, in the order of others and by as-at date."""
    rows = rows.sort_values(order)
    cells = rows[columns].astype(object).where(rows[columns].notna(), "")
    lines: list[str] = []
    file = SimpleNamespace(write=lines.append)  # the writer writes a line at a time
    csv.writer(file, lineterminator="\n").writerows(cells.itertuples(index=False))
    return pd.Series(lines, index=rows["as_at"], dtype=object)


def _lines_until(lines: pd.Series, days: Sequence[pd.Timestamp]) -> Iterator[list[str]]:
    """For each day the lines with an as-at date up to it."""
    as_at, texts = lines.index.to_numpy(), lines.to_numpy()
    for day in days:
        yield texts[as_at <= np.datetime64(day)].tolist()


def definition_hash(kpi: Kpi) -> str:
    """A short hash of everything in a record that decides what is counted; its texts are left out."""
    return short_hash(
        repr(replace(kpi, title="", numerator_text="", denominator_text="", legal_source="", breakdowns=()))
    )


def short_hash(text: str) -> str:
    """The first 16 hexadecimal digits of a text's SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
