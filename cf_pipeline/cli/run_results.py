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
from cf_pipeline.warehouse.earlier_figures import with_figures


@dataclass(frozen=True)
class PublishedFigures:
    """What the warehouse holds; nothing when nothing is published.

    `publication`: the table of that name. `slugs`: authority's code -> its folder. `as_at`: authority's
    folder -> as-at date (ISO).
    """

    publication: pd.DataFrame
    slugs: Mapping[str, str]
    as_at: Mapping[str, str]


def published_figures(settings: Settings) -> PublishedFigures:
    """What is published now."""
    tables = warehouse.read_readable_tables(settings.warehouse_url, ["publication", "dim_authority"])
    authorities = with_figures(tables["dim_authority"])
    slugs, dates = authorities["slug"], authorities["latest_as_at"].map("{:%Y-%m-%d}".format)
    return PublishedFigures(
        tables["publication"],
        dict(zip(authorities["authority_code"], slugs, strict=True)),
        dict(zip(slugs, dates, strict=True)),
    )


def authority_results(
    settings: Settings,
    authorities: Collection[str],
    before: PublishedFigures,
    now: PublishedFigures,
    without_new_figures: Collection[str],
) -> tuple[AuthorityResult, ...]:
    """One row an authority.

    Args:
        settings: the project's.
        authorities: their folders.
        before: what was published before this run.
        now: what is published now.
        without_new_figures: those whose run was refused or failed.
    """
    reader, counts = LakeReader(settings), warehouse.count_kpis(settings.warehouse_url)
    kpis = {slug: counts.get(code, 0) for code, slug in now.slugs.items()}
    results = []
    for name in authorities:
        result = AuthorityResult(name, kpis_published=kpis.get(name, 0), as_at=now.as_at.get(name, ""))
        if name not in without_new_figures:
            result = _with_rows(reader, result)
        results.append(_mark_withdrawn(result, before.as_at.get(name, "")))
    return tuple(results)


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


def _with_rows(reader: LakeReader, result: AuthorityResult) -> AuthorityResult:
    """The result with the rows of the authority's deliveries, and what is missing or was accepted in them."""
    name = result.authority
    manifest, ledger = (
        reader.find(lake_layout.CLEAN_DELIVERIES, name),
        reader.find(lake_layout.ROW_LEDGER, name),
    )
    if manifest is None or ledger is None:
        return result
    files = usable_rows(manifest)[["delivery_id", "file"]].drop_duplicates()
    headers = reader.find(lake_layout.UNMATCHED_HEADERS, name)
    doubts = reader.read(lake_layout.HELD_DELIVERIES, name)
    missing = find_missing_figures(manifest, UNMATCHED.empty() if headers is None else headers)
    return replace(
        result,
        files_read=len(files),
        rows_read=int(ledger["rows_read"].sum()),
        rows_loaded=int(ledger["rows_core"].sum()),
        rows_quarantined=int(ledger["rows_quarantined"].sum()),
        rows_superseded=int(ledger["rows_superseded"].sum()),
        kpis_missing=len(missing.figures),
        missing_sentence=missing.sentence,
        accepted_sentence=" ".join(acceptance_sentences(name, doubts)),
    )
