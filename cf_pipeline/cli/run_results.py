"""The row of each authority in the table at the end of a run, from the lake and from what is published."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from cf_pipeline import warehouse
from cf_pipeline.clean.sources import usable_rows
from cf_pipeline.history.holds.hold import acceptance_sentences
from cf_pipeline.ingest.tables.unmatched_headers import UNMATCHED
from cf_pipeline.kpi.lineage.missing_figures import find_missing_figures
from cf_pipeline.project import lake_layout
from cf_pipeline.project.lake_reader import LakeReader
from cf_pipeline.project.runs.good_run import NOTES, REFUSALS
from cf_pipeline.project.runs.last_run import AuthorityResult
from cf_pipeline.project.settings import Settings


@dataclass(frozen=True)
class PublishedFigures:
    """What is published: authority's folder -> as-at date (ISO), and -> the number of KPIs with a value."""

    as_at: Mapping[str, str]
    kpis: Mapping[str, int]


def published_figures(settings: Settings) -> PublishedFigures:
    """What the warehouse holds of each authority; nothing when nothing is published."""
    authorities = _published_authorities(settings)
    counts = warehouse.count_kpis(settings.warehouse_url)
    kpis = [counts.get(code, 0) for code in authorities["authority_code"]]
    return PublishedFigures(_as_at(authorities), dict(zip(authorities["slug"], kpis, strict=True)))


def published_as_at(settings: Settings) -> dict[str, str]:
    """Authority's folder -> the as-at date of what is published of it (ISO)."""
    return _as_at(_published_authorities(settings))


def _published_authorities(settings: Settings) -> pd.DataFrame:
    return warehouse.read_readable_table(settings.warehouse_url, "dim_authority")


def _as_at(authorities: pd.DataFrame) -> dict[str, str]:
    dates = authorities["latest_as_at"].map("{:%Y-%m-%d}".format)
    return dict(zip(authorities["slug"], dates, strict=True))


def authority_results(
    reader: LakeReader,
    authorities: Collection[str],
    before: Mapping[str, str],
    figures: PublishedFigures,
    without_new_figures: Collection[str],
) -> tuple[AuthorityResult, ...]:
    """One row an authority.

    Args:
        reader: the lake.
        authorities: their folders.
        before: authority's folder -> the as-at date published before this run (ISO).
        figures: what is published now.
        without_new_figures: those whose run was refused or failed.
    """
    return tuple(
        _mark_withdrawn(
            _result(reader, name, figures, has_new_figures=name not in without_new_figures),
            before.get(name, ""),
        )
        for name in authorities
    )


def refusals_of(reader: LakeReader, key: lake_layout.TableKey, authority: str | None) -> list[str]:
    """The refusals in the attributes of a table of the lake, one sentence each."""
    attributes = reader.read_attributes(key, authority) if reader.has(key, authority) else {}
    return [str(sentence) for sentence in attributes.get(REFUSALS, [])]


def notes_of(reader: LakeReader, key: lake_layout.TableKey) -> tuple[str, ...]:
    """The notes in the attributes of a table of all authorities, one sentence each."""
    return tuple(map(str, reader.read_attributes(key).get(NOTES, []))) if reader.has(key) else ()


def _mark_withdrawn(result: AuthorityResult, as_at_before: str) -> AuthorityResult:
    """The result; with the as-at date published before, where that was later (ISO dates, '' for none)."""
    is_withdrawn = result.as_at and as_at_before > result.as_at
    return replace(result, withdrawn_as_at=as_at_before) if is_withdrawn else result


def _result(
    reader: LakeReader, name: str, figures: PublishedFigures, *, has_new_figures: bool
) -> AuthorityResult:
    as_at, kpis = figures.as_at.get(name, ""), figures.kpis.get(name, 0)
    manifest = reader.find(lake_layout.CLEAN_DELIVERIES, name) if has_new_figures else None
    ledger = reader.find(lake_layout.ROW_LEDGER, name) if has_new_figures else None
    if manifest is None or ledger is None:
        return AuthorityResult(name, kpis_published=kpis, as_at=as_at)
    files = usable_rows(manifest)[["delivery_id", "file"]].drop_duplicates()
    headers = reader.find(lake_layout.UNMATCHED_HEADERS, name)
    doubts = reader.read(lake_layout.HELD_DELIVERIES, name)
    missing = find_missing_figures(manifest, UNMATCHED.empty() if headers is None else headers)
    return AuthorityResult(
        name,
        files_read=len(files),
        rows_read=int(ledger["rows_read"].sum()),
        rows_loaded=int(ledger["rows_core"].sum()),
        rows_quarantined=int(ledger["rows_quarantined"].sum()),
        rows_superseded=int(ledger["rows_superseded"].sum()),
        kpis_published=kpis,
        as_at=as_at,
        kpis_missing=len(missing.figures),
        missing_sentence=missing.sentence,
        accepted_sentence=" ".join(acceptance_sentences(name, doubts)),
    )
