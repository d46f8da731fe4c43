"""Recompute every KPI total as at each delivery date, and list what each delivery revised.

A total as at a date depends on the deliveries up to that date alone, so a later run reuses the results of an
earlier one while neither those files nor the product's edition changed. The report of the next delivery is
compared with the records that the newest report knows and counts: then no earlier date is merged again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.clean.sources import usable_rows
from cf_pipeline.history.merge.core import merge_columns_read
from cf_pipeline.history.merge.delivered_rows import DeliveredRows, key_delivered_rows
from cf_pipeline.history.pseudonym import pseudonymise
from cf_pipeline.kpi.definitions.registry import Kpi
from cf_pipeline.kpi.lineage.as_reported import (
    FIGURE,
    NEWEST_REPORT,
    REPORTED,
    KeptReport,
    Report,
    definition_hash,
    delivered_columns_read,
    file_hashes,
    keep_report,
    kpis_with_total,
    report_totals,
    short_hash,
    state_hashes,
)
from cf_pipeline.kpi.lineage.erased_amounts import AMOUNTS, amounts_at
from cf_pipeline.kpi.lineage.records_behind import MEMBERS
from cf_pipeline.kpi.lineage.revisions import (
    REVISIONS,
    definition_revisions,
    delivery_revisions,
    keep_reasons,
    merge_revisions,
)

Tables = dict[str, pd.DataFrame]
LEDGER_COLUMNS = ["delivery_id", "as_at", "file", "list", "rows_read", "rows_quarantined"]
"""Columns of the row ledger that no later delivery changes."""


@dataclass(frozen=True)
class Replay:
    """`reports`: the totals at each as-at date (REPORTED); `revisions`: what changed in them (REVISIONS).

    `newest`: the records that the newest report knows (NEWEST_REPORT); `members`: those it counts (MEMBERS).
    """

    reports: pd.DataFrame = field(default_factory=REPORTED.empty)
    revisions: pd.DataFrame = field(default_factory=REVISIONS.empty)
    newest: pd.DataFrame = field(default_factory=NEWEST_REPORT.empty)
    members: pd.DataFrame = field(default_factory=MEMBERS.empty)


@dataclass(frozen=True)
class ReplayInput:
    """What one authority delivered, and the core tables merged from all of it.

    Attributes:
        clean: cleaned rows by list.
        quarantine: quarantined rows.
        manifest: the files received.
        core: the core tables of every delivery, which serve for the newest as-at date.
        reference: tables measured beside the core tables (the population).
        authority_code: GSS code, part of every pseudonym.
        id_key: the key of the pseudonyms.
        amounts: what erased records contributed (AMOUNTS).
    """

    clean: Tables
    quarantine: pd.DataFrame
    manifest: pd.DataFrame
    core: Tables
    reference: Tables
    authority_code: str
    id_key: bytes
    amounts: pd.DataFrame = field(default_factory=AMOUNTS.empty)


@dataclass
class _Reports:
    """The reports of one authority, each made when it is first read."""

    replay_input: ReplayInput
    registry: dict[str, Kpi]
    newest: Report | None = None
    _by_day: dict[pd.Timestamp, Report] = field(default_factory=dict)

    @cached_property
    def delivered_rows(self) -> DeliveredRows:
        """The input of every earlier merge; made once, and not at all when only the newest date is read."""
        delivered = self.replay_input
        return key_delivered_rows(
            delivered.clean,
            delivered.quarantine,
            delivered.manifest,
            delivered.authority_code,
            delivered.id_key,
        )

    def at(self, day: pd.Timestamp) -> Report:
        """The report as at a day."""
        if self.newest is not None and day == self.newest.as_at:
            return self.newest
        if day not in self._by_day:
            tables = self.tables_at(day)
            amounts = amounts_at(self.replay_input.amounts, day, self.registry)
            self._by_day[day] = report_totals(
                tables | self.replay_input.reference, self.registry, self.replay_input.authority_code, amounts
            )
        return self._by_day[day]

    def tables_at(self, day: pd.Timestamp) -> Tables:
        """The core tables as they were at a day, as far as totals are counted in them."""
        core = self.replay_input.core
        return core if day == core["deliveries"]["as_at"].max() else self._merge_until(day)

    def _merge_until(self, day: pd.Timestamp) -> Tables:
        """The core tables of the deliveries up to a day, as far as totals are counted in them."""
        tables = merge_columns_read(self.delivered_rows.as_reported(day), self._columns_read)
        ledger = self.replay_input.core["row_ledger"]
        return tables | {"row_ledger": ledger.loc[ledger["as_at"] <= day, LEDGER_COLUMNS]}

    @cached_property
    def _columns_read(self) -> dict[str, frozenset[str]]:
        return delivered_columns_read(self.registry)

    def discard(self, day: pd.Timestamp) -> None:
        """Free the memory of a report that is not read again."""
        self._by_day.pop(day, None)


def tables_at_each_date(
    replay_input: ReplayInput, registry: dict[str, Kpi]
) -> Iterator[tuple[pd.Timestamp, Tables]]:
    """The core tables as they were at each as-at date, oldest first, as far as totals are counted in them."""
    reports = _Reports(replay_input, kpis_with_total(registry))
    files = usable_rows(replay_input.manifest).dropna(subset=["list"])
    for day in sorted(files["as_at"].dropna().unique()):
        yield day, reports.tables_at(day)


def replay_deliveries(
    replay_input: ReplayInput,
    registry: dict[str, Kpi],
    edition: str,
    earlier: Replay,
    newest: Report | None = None,
) -> Replay:
    """Compute the totals at every as-at date, and their revisions from each date to the next.

    Args:
        replay_input: what the authority delivered.
        registry: the KPIs.
        edition: short hash of the product and of the settings that move figures; results of another edition
            are computed again.
        earlier: the result of an earlier run, empty for the first.
        newest: the report of `replay_input.core`, when it was made already.
    """
    kpis = kpis_with_total(registry)
    definitions = {name: definition_hash(kpi) for name, kpi in kpis.items()}
    reports = _Reports(replay_input, kpis, newest)
    rules = _rules_hash(replay_input, definitions, edition)
    # A delivery that is held or refused is not in the history.
    files = usable_rows(replay_input.manifest).dropna(subset=["list"])
    days = sorted(files["as_at"].dropna().unique())
    stamps = _stamps(replay_input.manifest, files, days, rules)
    reused = _reusable_reports(earlier.reports, stamps)
    is_reused = np.isin(np.array(days, dtype="datetime64[us]"), reused["as_at"].to_numpy())
    totals: dict[pd.Timestamp, pd.DataFrame] = {}
    revisions = [_reusable_revisions(earlier.revisions, days, is_reused)]
    for position, day in enumerate(days):
        if not is_reused[position]:
            totals[day] = _stamp_totals(reports.at(day), stamps[position], definitions)
        if position and not is_reused[position - 1 : position + 1].all():
            previous_day = days[position - 1]
            known = (
                reused[reused["as_at"].eq(previous_day)] if is_reused[position - 1] else totals[previous_day]
            )
            before = _kept_report(earlier, stamps[position - 1], known) or reports.at(previous_day)
            revisions.append(delivery_revisions(before, reports.at(day)))
            reports.discard(previous_day)
    counted = REPORTED.concat(totals.values())
    all_totals = _in_order_of(REPORTED.concat([reused, counted]), "as_at")
    ordered = _in_order_of(REVISIONS.concat(revisions), "to_as_at")
    if len(replay_input.amounts):
        ordered = keep_reasons(ordered, earlier.revisions)
    all_revisions = REVISIONS.concat([ordered, _all_definition_revisions(earlier, counted, kpis)])
    replay = Replay(all_totals, all_revisions, earlier.newest, earlier.members)
    return _keep_newest(replay, reports, stamps[-1]) if days else Replay(replay.reports, replay.revisions)


def _keep_newest(replay: Replay, reports: _Reports, stamps: dict[str, Any]) -> Replay:
    """The replay with the records of the report that has these stamps; those it has stay when they are."""
    rows = _reusable_rows(replay.newest, stamps)
    if not rows.empty:
        return replace(replay, newest=rows)
    newest = reports.at(stamps["as_at"])
    return replace(replay, newest=keep_report(newest, stamps), members=newest.members(set(reports.registry)))


def _rules_hash(replay_input: ReplayInput, definitions: Mapping[str, str], edition: str) -> str:
    """A short hash of the edition, of the KPIs' definitions and of what the pseudonyms are made with."""
    code, key = replay_input.authority_code, replay_input.id_key
    pseudonym = pseudonymise(pd.Series(["rules"], dtype="str"), code, key).iloc[0]
    return short_hash(repr([edition, pseudonym, *definitions.items()]))


def _stamps(
    manifest: pd.DataFrame, files: pd.DataFrame, days: list[pd.Timestamp], rules: str
) -> list[dict[str, Any]]:
    """What the report at each day comes from: results with the same stamps are the same.

    Args:
        manifest: what was received.
        files: its files that are in the history.
        days: the as-at dates.
        rules: as `_rules_hash` gives it.
    """
    hashes = zip(days, file_hashes(files, days), state_hashes(manifest, days), strict=True)
    return [
        {"as_at": day, "deliveries": deliveries, "edition": short_hash(rules + state)}
        for day, deliveries, state in hashes
    ]


def _kept_report(earlier: Replay, stamps: dict[str, Any], totals: pd.DataFrame) -> KeptReport | None:
    """The report of an earlier run, when its records were kept and it has these stamps."""
    rows = _reusable_rows(earlier.newest, stamps)
    return (
        None if rows.empty else KeptReport(stamps["as_at"], totals[[*FIGURE, "value"]], rows, earlier.members)
    )


def _stamp_totals(report: Report, stamps: dict[str, Any], definitions: Mapping[str, str]) -> pd.DataFrame:
    """The totals of a report with the hashes of what they were measured on."""
    definition = report.totals["kpi_id"].map(pd.Series(definitions, dtype="str"))
    return report.totals.assign(**stamps, definition=definition)


def _reusable_rows(rows: pd.DataFrame, stamps: dict[str, Any]) -> pd.DataFrame:
    """The rows of an earlier run that have these stamps."""
    is_same = np.ones(len(rows), dtype=bool)
    for name, value in stamps.items():
        is_same &= rows[name].eq(value).to_numpy(dtype=bool)
    return rows if is_same.all() else rows[is_same]


def _reusable_reports(reports: pd.DataFrame, stamps: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """The totals of an earlier run that have the stamps of their day."""
    wanted = REPORTED.without("quarter_key", "basis", "kpi_id", "value", "definition").frame(stamps)
    position = pd.Index(wanted["as_at"]).get_indexer(pd.Index(reports["as_at"]))
    is_same = position >= 0
    for name in ("deliveries", "edition"):
        is_same &= reports[name].array == wanted[name].array.take(position, allow_fill=True)
    return reports if is_same.all() else reports[is_same]


def _reusable_revisions(
    revisions: pd.DataFrame, days: Sequence[pd.Timestamp], is_reused: npt.NDArray[np.bool_]
) -> pd.DataFrame:
    """The revisions of an earlier run from one day to the next whose totals are both reused."""
    before, after = (
        pd.DatetimeIndex(list(days)).get_indexer(pd.Index(revisions[name]))
        for name in ("from_as_at", "to_as_at")
    )
    is_next = (before >= 0) & (after == before + 1)
    return revisions[is_next & is_reused.take(before) & is_reused.take(after)] if len(days) else revisions[:0]


def _in_order_of(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """The rows by a date; those of one day stay as they come."""
    if rows[column].is_monotonic_increasing:
        return rows
    return rows.sort_values(column, kind="stable", ignore_index=True)


def _all_definition_revisions(earlier: Replay, new: pd.DataFrame, kpis: dict[str, Kpi]) -> pd.DataFrame:
    """The definition revisions of earlier runs, and those from the newest earlier totals to these.

    `new` are totals that were counted now: those that are reused have the definitions of earlier runs.
    """
    known = earlier.revisions[earlier.revisions["from_as_at"].eq(earlier.revisions["to_as_at"])]
    newest = earlier.reports["as_at"].max()
    before, after = (totals[totals["as_at"].eq(newest)] for totals in (earlier.reports, new))
    if after.empty:
        return known
    return merge_revisions(REVISIONS.concat([known, definition_revisions(before, after, kpis)]))
