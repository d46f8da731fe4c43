"""The cases of an authority that ended longer ago than the retention of a list, as they are loaded now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd

from cf_pipeline.contracts.list_contract import AS_AT, ListContract
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.case_days import PERSON, count_records, last_days, read_case_days
from cf_pipeline.history.erased_people import Purge
from cf_pipeline.operations.privacy.child_rows import authority_mapping
from cf_pipeline.project.lake_layout import RAW_DELIVERIES, ingested_list
from cf_pipeline.project.lake_reader import LakeReader
from cf_pipeline.project.privacy.retention_settings import RetentionSettings
from cf_pipeline.project.settings import Settings


@dataclass(frozen=True)
class EndedCases:
    """What of an authority is past its retention.

    `ids_by_list`: list -> the people whose rows of it go. `purges`: list -> from when on rows are kept.
    `records`: list -> how many records go. `children`: the ids of children of whom nothing is left.
    """

    ids_by_list: Mapping[str, list[str]] = field(default_factory=dict)
    purges: Mapping[str, Purge] = field(default_factory=dict)
    records: Mapping[str, int] = field(default_factory=dict)
    children: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.ids_by_list)


def find_ended_cases(settings: Settings, slug: str, today: dt.date) -> EndedCases:
    """The cases of an authority, as it is loaded now, that ended longer ago than each list is kept."""
    mapping, reader = authority_mapping(settings, slug), LakeReader(settings)
    manifest = reader.read(RAW_DELIVERIES, slug)[["list", AS_AT]].dropna()
    days_by_list = {}
    for name, contract in list_contracts().items():
        rows = reader.find(ingested_list(name), slug)
        if rows is not None and len(rows):
            days_by_list[name] = read_case_days(contract, rows, mapping)
    return choose_ended_cases(days_by_list, manifest, settings.retention, today)


def choose_ended_cases(
    days_by_list: Mapping[str, pd.DataFrame],
    manifest: pd.DataFrame,
    retention: RetentionSettings,
    today: dt.date,
) -> EndedCases:
    """Which cases ended longer ago than each list is kept.

    Args:
        days_by_list: list -> its `read_case_days`.
        manifest: list and as_at of each list received.
        retention: how long each list is kept.
        today: the day from which the years are counted back.
    """
    newest = manifest.groupby(manifest["list"].astype("str"))[AS_AT].max()
    newest_by_list = {str(name): day for name, day in newest.items()}
    ids_by_list, purges, records = dict[str, list[str]](), dict[str, Purge](), dict[str, int]()
    for own in _lists_by_person(days_by_list):
        ends = last_days(own, newest_by_list)
        for name, days in own.items():
            cut_off = retention.list_cut_off(name, today)
            if cut_off is None:
                continue
            going = days[days[PERSON].isin(ends.index[ends < cut_off])]
            if len(going):
                ids_by_list[name] = sorted(set(going[PERSON]))
                purges[name] = Purge(cut_off, manifest[AS_AT].max())
                records[name] = count_records(going)
    return EndedCases(ids_by_list, purges, records, _children_without_rows(days_by_list, ids_by_list))


def _lists_by_person(days_by_list: Mapping[str, pd.DataFrame]) -> Iterator[dict[str, pd.DataFrame]]:
    """The lists of each kind of people: a case is a child's over all lists of children."""
    kinds = {_contract(name).person for name in days_by_list}
    for kind in sorted(kinds):
        yield {name: days for name, days in days_by_list.items() if _contract(name).person == kind}


def _children_without_rows(
    days_by_list: Mapping[str, pd.DataFrame], ids_by_list: Mapping[str, list[str]]
) -> list[str]:
    """The children all of whose rows go."""
    going, staying = set[str](), set[str]()
    for name, days in days_by_list.items():
        if _contract(name).is_about_children:
            own = set(ids_by_list.get(name, ()))
            going |= own
            staying |= set(days[PERSON].dropna()) - own
    return sorted(going - staying)


def _contract(name: str) -> ListContract:
    return list_contracts()[name]
