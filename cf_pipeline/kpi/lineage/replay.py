"""Every delivery followed from the first: what each made known, and what it changed of what was known.

What a delivery made known depends on it and those before it alone, so a later run keeps what an earlier one
worked out as long as neither the files nor the product changed.
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
    Reported,
    definition_hash,
    files_hash,
    report,
    totals_of,
)
from cf_pipeline.kpi.lineage.revisions import REVISIONS, once, redefined, revised

Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Followed:
    """`reports`: the totals at each as-at date (REPORTED); `revisions`: what changed (REVISIONS)."""

    reports: pd.DataFrame = field(default_factory=REPORTED.empty)
    revisions: pd.DataFrame = field(default_factory=REVISIONS.empty)


@dataclass
class _Reports:
    """The reports of one authority, each worked out when it is first asked for."""

    clean: Tables
    quarantine: pd.DataFrame
    manifest: pd.DataFrame
    newest: Tables
    beside: Tables
    registry: dict[str, Kpi]
    authority_code: str
    id_key: bytes
    _found: dict[pd.Timestamp, Reported] = field(default_factory=dict)

    @cached_property
    def supplied(self) -> DeliveredRows:
        """What every history rests on: made once, and not at all when no earlier date is asked for."""
        return key_delivered_rows(
            self.clean, self.quarantine, self.manifest, self.authority_code, self.id_key
        )

    def at(self, day: pd.Timestamp) -> Reported:
        if day not in self._found:
            is_newest = day == self.newest["deliveries"]["as_at"].max()
            tables = self.newest if is_newest else merge_delivered_rows(self.supplied.as_reported(day)).tables
            self._found[day] = report(tables | self.beside, self.registry, self.authority_code)
        return self._found[day]

    def forget(self, day: pd.Timestamp) -> None:
        """Let go of a report that is not needed any more."""
        self._found.pop(day, None)


def follow(
    clean: Tables,
    quarantine: pd.DataFrame,
    manifest: pd.DataFrame,
    newest: Tables,
    beside: Tables,
    registry: dict[str, Kpi],
    authority_code: str,
    id_key: bytes,
    edition: str,
    earlier: Followed,
) -> Followed:
    """The totals at every as-at date, and their revisions from each date to the next.

    Args:
        clean: cleaned rows by list.
        quarantine: quarantined rows.
        manifest: what was received.
        newest: the core tables of every delivery: what is known at the newest date is merged already.
        beside: tables that measures need beside the history (the population).
        registry: the KPIs.
        authority_code: GSS code, part of every pseudonym.
        id_key: the key of the pseudonyms.
        edition: short hash of the product and of what steers it; another edition is worked out anew.
        earlier: what an earlier run found, empty for the first.
    """
    kpis = totals_of(registry)
    definitions = pd.Series({name: definition_hash(kpi) for name, kpi in kpis.items()}, dtype="str")
    reported = _Reports(clean, quarantine, manifest, newest, beside, kpis, authority_code, id_key)
    read = usable_rows(manifest).dropna(subset=["list"])
    days = sorted(read["as_at"].dropna().unique())
    reports, revisions = [], []
    is_kept_before = True
    for position, day in enumerate(days):
        files = files_hash(read, day)
        kept = _kept(earlier.reports, day, files, edition)
        if kept.empty:
            totals = reported.at(day).totals
            kept = totals.assign(
                as_at=day,
                deliveries=files,
                edition=edition,
                definition=totals["kpi_id"].map(definitions),
            )
            is_kept = False
        else:
            is_kept = True
        reports.append(kept)
        if position:
            if is_kept and is_kept_before:
                revisions.append(earlier.revisions[_is_between(earlier.revisions, days[position - 1], day)])
            else:
                revisions.append(revised(reported.at(days[position - 1]), reported.at(day), kpis))
                reported.forget(days[position - 1])
        is_kept_before = is_kept
    every = REPORTED.concat(reports)
    lasting = earlier.revisions[earlier.revisions["from_as_at"].eq(earlier.revisions["to_as_at"])]
    published = earlier.reports[earlier.reports["as_at"].eq(earlier.reports["as_at"].max())]
    changed = once(REVISIONS.concat([lasting, redefined(published, every)]))
    return Followed(every, REVISIONS.concat([*revisions, changed]))


def _kept(reports: pd.DataFrame, day: pd.Timestamp, files: str, edition: str) -> pd.DataFrame:
    """The rows of an earlier run for one as-at date, when they rest on the same files and edition."""
    same = reports["as_at"].eq(day) & reports["deliveries"].eq(files) & reports["edition"].eq(edition)
    return reports[same]


def _is_between(revisions: pd.DataFrame, before: pd.Timestamp, after: pd.Timestamp) -> pd.Series:
    return revisions["from_as_at"].eq(before) & revisions["to_as_at"].eq(after)
