"""Recompute every KPI total as at each delivery date, and list what each delivery revised.

A total as at a date depends on the deliveries up to that date alone, so a later run reuses the results of an
earlier one while neither those files nor the product's edition changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from cf_pipeline.clean.sources import usable_rows
from cf_pipeline.history import DeliveredRows, key_delivered_rows, merge_delivered_rows
from cf_pipeline.kpi.definitions.registry import Kpi
from cf_pipeline.kpi.lineage.as_reported import (
    REPORTED,
    Report,
    definition_hash,
    files_hash,
    kpis_with_total,
    report_totals,
)
from cf_pipeline.kpi.lineage.revisions import (
    REVISIONS,
    definition_revisions,
    delivery_revisions,
    merge_revisions,
)

Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Replay:
    """`reports`: the totals at each as-at date (REPORTED); `revisions`: what changed in them (REVISIONS)."""

    reports: pd.DataFrame = field(default_factory=REPORTED.empty)
    revisions: pd.DataFrame = field(default_factory=REVISIONS.empty)


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
    """

    clean: Tables
    quarantine: pd.DataFrame
    manifest: pd.DataFrame
    core: Tables
    reference: Tables
    authority_code: str
    id_key: bytes


@dataclass
class _Reports:
    """The reports of one authority, each made when it is first read."""

    replay_input: ReplayInput
    registry: dict[str, Kpi]
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
        if day not in self._by_day:
            core = self.replay_input.core
            is_newest = day == core["deliveries"]["as_at"].max()
            tables = core if is_newest else merge_delivered_rows(self.delivered_rows.as_reported(day)).tables
            self._by_day[day] = report_totals(
                tables | self.replay_input.reference, self.registry, self.replay_input.authority_code
            )
        return self._by_day[day]

    def discard(self, day: pd.Timestamp) -> None:
        """Free the memory of a report that is not read again."""
        self._by_day.pop(day, None)


def replay_deliveries(
    replay_input: ReplayInput, registry: dict[str, Kpi], edition: str, earlier: Replay
) -> Replay:
    """Compute the totals at every as-at date, and their revisions from each date to the next.

    Args:
        replay_input: what the authority delivered.
        registry: the KPIs.
        edition: short hash of the product and of the settings that move figures; results of another edition
            are computed again.
        earlier: the result of an earlier run, empty for the first.
    """
    kpis = kpis_with_total(registry)
    reports = _Reports(replay_input, kpis)
    # A delivery that is held or refused is not in the history.
    files = usable_rows(replay_input.manifest).dropna(subset=["list"])
    days = sorted(files["as_at"].dropna().unique())
    totals, revisions = [], []
    is_previous_reused = True
    for position, day in enumerate(days):
        hash_of_files = files_hash(files, day)
        day_totals = _reusable_totals(earlier.reports, day, hash_of_files, edition)
        is_reused = not day_totals.empty
        if not is_reused:
            day_totals = _stamp_totals(reports.at(day), day, hash_of_files, edition, kpis)
        totals.append(day_totals)
        if position:
            previous_day = days[position - 1]
            if is_reused and is_previous_reused:
                revisions.append(_between(earlier.revisions, previous_day, day))
            else:
                revisions.append(delivery_revisions(reports.at(previous_day), reports.at(day), kpis))
                reports.discard(previous_day)
        is_previous_reused = is_reused
    all_totals = REPORTED.concat(totals)
    revisions.append(_all_definition_revisions(earlier, all_totals, kpis))
    return Replay(all_totals, REVISIONS.concat(revisions))


def _stamp_totals(
    report: Report, day: pd.Timestamp, hash_of_files: str, edition: str, kpis: dict[str, Kpi]
) -> pd.DataFrame:
    """The totals of a report with the hashes of what they were measured on."""
    definitions = pd.Series({name: definition_hash(kpi) for name, kpi in kpis.items()}, dtype="str")
    return report.totals.assign(
        as_at=day,
        deliveries=hash_of_files,
        edition=edition,
        definition=report.totals["kpi_id"].map(definitions),
    )


def _reusable_totals(
    reports: pd.DataFrame, day: pd.Timestamp, hash_of_files: str, edition: str
) -> pd.DataFrame:
    """An earlier run's totals at a day, when they come from the same files and edition; else no rows."""
    is_same = (
        reports["as_at"].eq(day) & reports["deliveries"].eq(hash_of_files) & reports["edition"].eq(edition)
    )
    return reports[is_same]


def _between(revisions: pd.DataFrame, before: pd.Timestamp, after: pd.Timestamp) -> pd.DataFrame:
    return revisions[revisions["from_as_at"].eq(before) & revisions["to_as_at"].eq(after)]


def _all_definition_revisions(earlier: Replay, totals: pd.DataFrame, kpis: dict[str, Kpi]) -> pd.DataFrame:
    """The definition revisions of earlier runs, and those from the newest earlier totals to these."""
    known = earlier.revisions[earlier.revisions["from_as_at"].eq(earlier.revisions["to_as_at"])]
    newest = earlier.reports[earlier.reports["as_at"].eq(earlier.reports["as_at"].max())]
    return merge_revisions(REVISIONS.concat([known, definition_revisions(newest, totals, kpis)]))
