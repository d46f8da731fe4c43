"""What the rows of an authority are published from: its tables in the lake, and the hash of them.

Belongs here: which tables those are. Does not belong here: what becomes of them (`warehouse/assemble.py`).
"""

from __future__ import annotations

import hashlib

import pandas as pd

from cf_pipeline.contracts.authorities import authority
from cf_pipeline.errors import PlainError
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.project import lake_layout
from cf_pipeline.project.input_hash import FIGURES, product_hash
from cf_pipeline.project.lake_layout import TableKey
from cf_pipeline.project.lake_reader import LakeReader
from cf_pipeline.project.lake_tables import lake_table
from cf_pipeline.project.unfinished_runs import (
    OF_THE_FIGURES,
    OF_THE_HISTORY,
    RUN_ID,
    SINCE_LATER,
    is_run_finished,
)
from cf_pipeline.warehouse.assemble import AuthorityFigures, authority_records, authority_tables
from cf_pipeline.warehouse.load import AuthorityRows

_FIGURES = {
    "kpi_quarterly": lake_layout.QUARTERLY,
    "kpi_monthly": lake_layout.MONTHLY,
    "kpi_by_team": lake_layout.BY_TEAM,
    "kpi_forecast": lake_layout.FORECAST,
    "forecast_record": lake_layout.FORECAST_RECORD,
    "control_limits": lake_layout.CONTROL_LIMITS,
    "kpi_comparison": lake_layout.COMPARISON,
    "headlines": lake_layout.HEADLINES,
    "kpi_revision": lake_layout.REVISIONS,
}
_RECEIVED = {
    "deliveries": lake_layout.CORE_DELIVERIES,
    "manifest": lake_layout.CLEAN_DELIVERIES,
    "row_ledger": lake_layout.ROW_LEDGER,
}
_ISSUES = (lake_layout.CLEAN_ISSUES, lake_layout.CORE_ISSUES)
_TODAY = {
    "worklist": lake_layout.WORKLISTS,
    "worklist_item": lake_layout.WORKLIST_ITEMS,
    "child_timeline": lake_layout.TIMELINE,
    "change_since": lake_layout.CHANGES,
}
"""Tables that a run of an older version of the product did not make: they are empty until the next run."""
_RECORDS = {"kpi_member": lake_layout.MEMBERS} | _TODAY
SOURCES: tuple[TableKey, ...] = (
    *(*_FIGURES.values(), *_RECEIVED.values(), *_ISSUES),
    *(*_RECORDS.values(), lake_layout.PERSON),
)
"""Every table of an authority that its rows are made from."""


class ChangedTablesError(PlainError):
    """A run wrote tables of an authority while they were published."""

    may_pass = True

    def __init__(self, slug: str) -> None:
        super().__init__(
            f"{slug}: a run changed its tables while they were published; nothing was published; "
            "run `cf-pipeline run` again."
        )


class PublishedSources:
    """The tables of every authority in the lake that its rows are published from."""

    def __init__(self, reader: LakeReader, run_id: str) -> None:
        """`run_id` stands for the run of figures that name none."""
        self._reader, self._run_id = reader, run_id

    def has_figures(self, slug: str) -> bool:
        """Whether the authority has figures, be they of an earlier run."""
        return self._reader.has(lake_layout.HEADLINES, slug)

    def is_finished(self, slug: str) -> bool:
        """Whether the tables of the authority's figures belong together."""
        return is_run_finished(
            {key: self._attributes(key, slug) for key in (*OF_THE_HISTORY, *SINCE_LATER, *OF_THE_FIGURES)}
        )

    def hash(self, slug: str) -> str:
        """SHA-256 (hex) over what decides an authority's rows: its tables, and how rows are made of them."""
        product = product_hash(*FIGURES, "warehouse")
        return hashlib.sha256(f"{product}{self._reader.hash_files(SOURCES, slug)}".encode()).hexdigest()

    def rows(self, slug: str, sources_hash: str) -> AuthorityRows:
        """The authority's rows of `published_v1`.

        Raises:
            ChangedTablesError: its tables do not have this hash any more.
        """
        known = authority(slug)
        tables = {name: self._read(key, slug) for name, key in _FIGURES.items()}
        tables |= {name: self._reader.read(key, slug) for name, key in _RECEIVED.items()}
        measured_by = tables["kpi_quarterly"].attrs.get(RUN_ID, self._run_id)
        issues = pd.concat([self._reader.read(key, slug) for key in _ISSUES], ignore_index=True)
        self._check(slug, sources_hash)
        for frame in (issues, *tables.values()):
            frame.attrs.clear()  # pandas copies them at every step
        figures = AuthorityFigures(
            known.authority_code, slug, known.name, str(measured_by), issues=issues, **tables
        )
        return AuthorityRows(known.authority_code, authority_tables(figures, load_registry()), sources_hash)

    def records(self, slug: str, sources_hash: str) -> AuthorityRows:
        """The authority's rows of `restricted`; errors as of `rows`."""
        code = authority(slug).authority_code
        people = self._reader.read_categories(lake_layout.PERSON, slug)
        records = {name: self._read(key, slug) for name, key in _RECORDS.items()}
        self._check(slug, sources_hash)
        return AuthorityRows(code, authority_records(code, people, records), sources_hash)

    def _read(self, key: TableKey, slug: str) -> pd.DataFrame:
        """A table; without rows where it is one that an older version of the product did not make."""
        if key in (*SINCE_LATER, *_TODAY.values()) and not self._reader.has(key, slug):
            return lake_table(*key).empty()
        return self._reader.read_categories(key, slug)

    def _check(self, slug: str, sources_hash: str) -> None:
        if self.hash(slug) != sources_hash:
            raise ChangedTablesError(slug)

    def _attributes(self, key: TableKey, slug: str) -> pd.DataFrame | None:
        """A table's attributes on a frame without rows."""
        if not self._reader.has(key, slug):
            return None
        frame = pd.DataFrame()
        frame.attrs.update(self._reader.read_attributes(key, slug))
        return frame
