"""What people contributed to the figures of their authority, counted with and without their rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from cf_pipeline.comparators import authority_population
from cf_pipeline.contracts.authorities import authority
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.mapping import load_mapping
from cf_pipeline.history.merge.core import merge_deliveries
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.kpi.lineage.counted_parts import count_parts
from cf_pipeline.kpi.lineage.erased_amounts import AMOUNTS, find_amounts
from cf_pipeline.kpi.lineage.replay import ReplayInput
from cf_pipeline.project import lake_layout
from cf_pipeline.project.id_key import verified_id_key
from cf_pipeline.project.lake_layout import check_slug
from cf_pipeline.project.lake_reader import LakeReader
from cf_pipeline.project.privacy.erasures import Erasures
from cf_pipeline.project.settings import Settings
from cf_pipeline.project.unfinished_runs import without_runs


@dataclass(frozen=True)
class Contributions:
    """`amounts`: AMOUNTS of all that went, these people's included. `texts`: the categories published."""

    amounts: pd.DataFrame
    texts: frozenset[str]


def find_contributions(
    settings: Settings, slug: str, ids_by_list: Mapping[str, Collection[str]], erasures: Erasures
) -> Contributions:
    """Count an authority as it is loaded, and without the rows of some people.

    Args:
        settings: the project's.
        slug: the authority's.
        ids_by_list: list -> the people whose rows of it are left out, by their ids as cleaning gives them.
        erasures: those of before.
    """
    registry = load_registry()
    before, texts = _replay_input(settings, slug, erasures.amounts, erasures.texts)
    lists, manifest = dict(before.clean), before.manifest
    for name, ids in ids_by_list.items():
        is_own = lists[name][list_contracts()[name].person].isin(list(ids))
        manifest = _without_rows(manifest, name, lists[name][is_own])
        lists[name] = lists[name][~is_own].reset_index(drop=True)
    after = _merge(replace(before, clean=lists, manifest=manifest, amounts=AMOUNTS.empty()), texts)
    return Contributions(find_amounts(count_parts(before, registry), count_parts(after, registry)), texts)


def _without_rows(manifest: pd.DataFrame, name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """The manifest as if some rows of a list had not been read."""
    source = ["delivery_id", "file", "sheet"]
    counts = rows.fillna({"sheet": ""}).groupby(source).size().rename("erased").reset_index()
    places = manifest[source].fillna({"sheet": ""}).merge(counts, on=source, how="left")
    erased = places["erased"].set_axis(manifest.index).fillna(0).astype("Int64")
    is_own = manifest["list"].eq(name).fillna(False)
    return manifest.assign(rows_read=manifest["rows_read"] - erased.where(is_own, 0))


def _replay_input(
    settings: Settings, slug: str, amounts: pd.DataFrame, texts: frozenset[str]
) -> tuple[ReplayInput, frozenset[str]]:
    """What the authority delivered, merged; and the texts that are published as categories."""
    reader, code = LakeReader(settings), authority(slug).authority_code
    mapping = load_mapping(settings.raw / check_slug(slug))
    population = authority_population(reader.read(lake_layout.POPULATION), code)
    given = ReplayInput(
        {name: without_runs(reader.read(lake_layout.clean_list(name), slug)) for name in list_contracts()},
        without_runs(reader.read(lake_layout.QUARANTINE, slug)),
        without_runs(reader.read(lake_layout.CLEAN_DELIVERIES, slug)),
        {},
        {"population": population},
        code,
        verified_id_key(settings),
        amounts,
    )
    found = _merge(given, texts | set(mapping.categories))
    categories = found.core["text_categories"]
    published = categories.loc[categories["is_published"].astype(bool), "category"]
    return found, frozenset(published.astype("str"))


def _merge(replay_input: ReplayInput, texts: Collection[str]) -> ReplayInput:
    merged = merge_deliveries(
        replay_input.clean,
        replay_input.quarantine,
        replay_input.manifest,
        replay_input.authority_code,
        replay_input.id_key,
        declared_categories=texts,
    )
    return replace(replay_input, core=merged.tables)
