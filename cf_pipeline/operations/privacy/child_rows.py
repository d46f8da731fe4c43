"""The rows of children as they were read: found by the case system's id, in any way it is written."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cf_pipeline.clean.values.ids import parse_id
from cf_pipeline.contracts.authorities import authority
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.mapping import CouncilMapping, load_mapping
from cf_pipeline.errors import PlainError
from cf_pipeline.history.case_days import read_ids
from cf_pipeline.history.erased_people import ErasedPeople
from cf_pipeline.project.lake_layout import check_slug, ingested_list
from cf_pipeline.project.lake_reader import LakeReader
from cf_pipeline.project.settings import Settings

ANY_KEY = bytes(32)
"""Of hashes that leave the memory of this process in no way."""


class ChildError(PlainError):
    """The authority or the child is not known; the message names no child."""


def read_child_ids(settings: Settings, slug: str, child_ids: Sequence[str]) -> list[str]:
    """The ids as cleaning gives them, with the zeros of the council's mapping.

    Raises:
        ChildError: the authority has no deliveries loaded, or a text is no id.
    """
    mapping = authority_mapping(settings, slug)
    found = []
    for number, text in enumerate(child_ids, 1):
        child_id, _ = parse_id(text)
        if child_id is None:
            raise ChildError(f"Id {number} of {len(child_ids)} is no child's identifier; nothing was done.")
        found.append(child_id.zfill(mapping.id_zero_pad) if child_id.isdigit() else child_id)
    return list(dict.fromkeys(found))


def authority_mapping(settings: Settings, slug: str) -> CouncilMapping:
    """The mapping of an authority that has deliveries loaded.

    Raises:
        ChildError: it has none.
    """
    if slug not in LakeReader(settings).authorities_with(("raw", "deliveries")):
        raise ChildError(
            f"{slug!r} has no deliveries loaded: name an authority by its folder in {settings.raw}."
        )
    return load_mapping(settings.raw / check_slug(slug))


def children_lists() -> list[str]:
    """The names of the lists whose rows are about children."""
    return [name for name, contract in list_contracts().items() if contract.is_about_children]


def people_of(slug: str, child_ids: Sequence[str]) -> ErasedPeople:
    """Some children as people to be found by `find_withheld_rows`."""
    people = ErasedPeople(authority(slug).authority_code, keys=(ANY_KEY,))
    for child_id in child_ids:
        people = people.with_child(child_id)
    return people


def ingested_rows(
    settings: Settings, slug: str, child_ids: Sequence[str]
) -> tuple[dict[str, pd.DataFrame], set[str]]:
    """List -> the rows of some children as they were read, of every list that has any; and whose they are."""
    reader, mapping = LakeReader(settings), authority_mapping(settings, slug)
    found, held = dict[str, pd.DataFrame](), set[str]()
    for name, contract in list_contracts().items():
        rows = reader.find(ingested_list(name), slug)
        if rows is None or not contract.is_about_children:
            continue
        ids = read_ids(contract, rows, mapping)
        is_own = ids.isin(list(child_ids)).to_numpy(dtype=bool)
        if is_own.any():
            found[name] = rows[is_own].reset_index(drop=True)
            held |= set(ids[is_own])
    return found, held
