"""The state of a project that the doctor and the alerts read: warehouse, lake, drop zone, Dagster's records.

Belongs here: facts, and what could not be read. Does not belong here: whether a fact is good or bad.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import pandas as pd

from cf_pipeline import warehouse
from cf_pipeline.errors import PlainError
from cf_pipeline.history.holds.find import IS_HELD
from cf_pipeline.ingest.files.listing import walk_folder
from cf_pipeline.ingest.receive import find_authorities, refusals_in_drop_zone
from cf_pipeline.operations.graph_state import GraphState
from cf_pipeline.project import lake_layout
from cf_pipeline.project.lake_reader import LakeReader
from cf_pipeline.project.runs.good_run import REFUSALS
from cf_pipeline.project.settings import Settings

T = TypeVar("T")
RAW, LAKE, WAREHOUSE, RECORDS = "the drop zone", "the lake", "the warehouse", "Dagster's records"
"""The sources of the state, as they are called in a sentence."""


@dataclass(frozen=True)
class Publication:
    """What is published now: its number, when it was (UTC), and by which version of the product."""

    version: int
    published_at: dt.datetime
    product_version: str


@dataclass(frozen=True)
class Hold:
    """A delivery, or one list of it, that waits for a decision; `list` is '' for the whole delivery."""

    authority: str
    delivery_id: str
    list: str

    @property
    def place(self) -> str:
        """As `cf-pipeline accept` takes it."""
        return "/".join(filter(None, (self.authority, self.delivery_id, self.list)))


@dataclass(frozen=True)
class Refusal:
    """What was refused, in the sentence of the run; `authority` is '' for a folder that is no authority's."""

    authority: str
    sentence: str


@dataclass(frozen=True)
class ProjectState:
    """What is known of a project.

    Attributes:
        now: when the state was read (UTC).
        authorities: those with a folder in the drop zone, or a manifest in the lake.
        publication: None when nothing is published.
        is_pair: whether the figures and the records behind them are of one publication.
        holds: what waits for a decision.
        refusals: what was refused by the newest runs.
        newest_files: authority -> when its newest file reached the drop zone (UTC).
        graph: None when Dagster has no records yet, or they could not be read.
        unread: source -> why it could not be read, one sentence.
    """

    now: dt.datetime
    authorities: tuple[str, ...] = ()
    publication: Publication | None = None
    is_pair: bool = True
    holds: tuple[Hold, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    newest_files: Mapping[str, dt.datetime] = field(default_factory=dict)
    graph: GraphState | None = None
    unread: Mapping[str, str] = field(default_factory=dict)


GraphReader = Callable[[Iterable[str]], "GraphState | None"]
"""Reads Dagster's records of some authorities; None where it has none yet."""


def read_project_state(settings: Settings, read_graph: GraphReader, now: dt.datetime) -> ProjectState:
    """The state of a project; a source that cannot be read is named in it, and no error is raised.

    Args:
        settings: the project's.
        read_graph: reads Dagster's records.
        now: the time, with its zone.
    """
    unread: dict[str, str] = {}

    def attempt(source: str, read: Callable[[], T], otherwise: T) -> T:
        try:
            return read()
        except PlainError as error:
            unread[source] = str(error)
        except Exception as error:  # its text may quote a cell: only its kind is told
            unread[source] = f"{source[0].upper()}{source[1:]} cannot be read ({type(error).__name__})."
        return otherwise

    in_raw = attempt(RAW, lambda: _authorities_in_raw(settings), tuple[str, ...]())
    in_lake = attempt(LAKE, lambda: _authorities_in_lake(settings), tuple[str, ...]())
    authorities = tuple(sorted({*in_raw, *in_lake}))
    nothing_published: tuple[Publication | None, bool] = (None, True)
    publication, is_pair = attempt(WAREHOUSE, lambda: _read_publication(settings), nothing_published)
    return ProjectState(
        now=now,
        authorities=authorities,
        publication=publication,
        is_pair=is_pair,
        holds=attempt(LAKE, lambda: _read_holds(settings, authorities), tuple[Hold, ...]()),
        refusals=attempt(LAKE, lambda: _read_refusals(settings, authorities), tuple[Refusal, ...]()),
        newest_files=attempt(RAW, lambda: _newest_files(settings, in_raw), dict[str, dt.datetime]()),
        graph=attempt(RECORDS, lambda: read_graph(authorities), None),
        unread=unread,
    )


def _authorities_in_raw(settings: Settings) -> tuple[str, ...]:
    """The authorities in the drop zone; one without any may be a share that is not mounted."""
    found = tuple(find_authorities(settings.raw))
    if not found:
        raise PlainError(f"{settings.raw} holds no authority's folder; check that it is there and mounted.")
    return found


def _authorities_in_lake(settings: Settings) -> tuple[str, ...]:
    return tuple(LakeReader(settings).authorities_with(lake_layout.RAW_DELIVERIES))


def _read_publication(settings: Settings) -> tuple[Publication | None, bool]:
    table = warehouse.read_table(settings.warehouse_url, "publication")
    if table.empty:
        return None, True
    row = table.iloc[-1]
    published_at = pd.Timestamp(row["published_at"]).to_pydatetime().replace(tzinfo=dt.UTC)
    publication = Publication(int(row["version"]), published_at, str(row["product_version"]))
    return publication, warehouse.is_pair(settings.warehouse_url)


def _read_holds(settings: Settings, authorities: Iterable[str]) -> tuple[Hold, ...]:
    reader, holds = LakeReader(settings), list[Hold]()
    for name in authorities:
        doubts = reader.find(lake_layout.HELD_DELIVERIES, name)
        if doubts is None:
            continue
        held = doubts[doubts["status"].eq(IS_HELD)]
        lists = held["list"].fillna("").mask(held["is_delivery_held"].astype(bool), "")
        places = held.assign(list=lists)[["delivery_id", "list"]].drop_duplicates()
        holds += [Hold(name, str(delivery), str(each)) for delivery, each in places.itertuples(index=False)]
    return tuple(holds)


def _read_refusals(settings: Settings, authorities: Iterable[str]) -> tuple[Refusal, ...]:
    reader = LakeReader(settings)
    refusals = [Refusal("", sentence) for sentence in refusals_in_drop_zone(settings.raw)]
    for name in authorities:
        if reader.has(lake_layout.RAW_DELIVERIES, name):
            attributes = reader.read_attributes(lake_layout.RAW_DELIVERIES, name)
            refusals += [Refusal(name, str(sentence)) for sentence in attributes.get(REFUSALS, [])]
    return tuple(refusals)


def _newest_files(settings: Settings, authorities: Iterable[str]) -> dict[str, dt.datetime]:
    """When the newest file of each authority reached this machine: a copy keeps the other time of a file."""
    newest: dict[str, dt.datetime] = {}
    for name in authorities:
        entries = walk_folder(settings.raw / name)
        times = [entry.status.st_ctime for entry in entries if entry.kind == "file" and entry.status]
        if times:
            newest[name] = dt.datetime.fromtimestamp(max(times), dt.UTC)
    return newest
