"""The warehouse as the dashboard reads it: short reads, none of which a publication waits for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

import pandas as pd
import pyarrow as pa

from cf_pipeline import warehouse
from cf_pipeline.contracts.authorities import authorities
from cf_pipeline.dashboard.access.users import User
from cf_pipeline.dashboard.source import Publication, Rows, SourceError
from cf_pipeline.warehouse import WarehouseError
from cf_pipeline.warehouse.access import Share
from cf_pipeline.warehouse.dialects import server_of

T = TypeVar("T")
SECONDS_BETWEEN_QUERIES = 1.0
"""How often a server is asked which publication is shown."""


class WarehouseSource:
    """Reads figures and records for pages.

    DuckDB gives a second connection of a process the file that the first one opened, though another lies
    there by now; so the reads of an embedded warehouse come one after the other, unlike a server's.
    """

    def __init__(self, url: str) -> None:
        """`url`: the warehouse.

        Raises:
            WarehouseError: it is not one.
        """
        self._url = url
        is_embedded = server_of(url) is None
        self._reading: AbstractContextManager[object] = threading.Lock() if is_embedded else nullcontext()
        self._asking = threading.Lock()
        self._state: object = None
        self._asked_at = -SECONDS_BETWEEN_QUERIES
        self._publication: Publication | None = None

    def publication(self) -> Publication | None:
        """The publication that is shown now; None before the first.

        A file is looked into when it is another one than before, a server asked at most once a second.

        Raises:
            SourceError: the warehouse is away or damaged.
        """
        with self._asking:
            state = _with_source_errors(lambda: warehouse.file_state(self._url))
            is_known = state is not None and state == self._state
            is_recent = state is None and time.monotonic() - self._asked_at < SECONDS_BETWEEN_QUERIES
            if not is_known and not (is_recent and self._publication is not None):
                self._state = None  # until it was read
                self._publication = self._read(self._find_publication)
                self._state, self._asked_at = state, time.monotonic()
            return self._publication

    def read_figures(self, rows: Rows) -> dict[str, pd.DataFrame]:
        """Tables and views of `published_v1`; see `Source`."""
        return self._read(lambda: warehouse.read_tables(self._url, rows))

    def read_records(self, user: User, rows: Rows) -> dict[str, pd.DataFrame]:
        """Tables of `restricted`, only the rows that the user may see; see `Source`.

        The one user of this computer has the rights of the login in the URL, everyone else on a server those
        of the role of their own name too.
        """
        role = None if user.is_only_user else user.name
        return self._read(lambda: warehouse.read_shared_records(self._url, rows, find_shares(user), role))

    def _find_publication(self) -> Publication | None:
        found = warehouse.read_table(self._url, "publication")
        if found.empty:
            return None
        row = found.iloc[-1]
        return Publication(int(row["version"]), str(row["run_id"]), row["published_at"].to_pydatetime())

    def _read(self, action: Callable[[], T]) -> T:
        with self._reading:
            found = _with_source_errors(action)
        pa.default_memory_pool().release_unused()  # what a read took would stay with this process for good
        return found


def _with_source_errors(action: Callable[[], T]) -> T:
    try:
        return action()
    except WarehouseError as error:
        sentence = str(error)
    raise SourceError(sentence)


def find_shares(user: User) -> list[Share]:
    """What a user sees of the records, by the codes of the authorities."""
    if user.share_of("") is not None:  # of any authority
        return [Share(None)]
    found = []
    for slug in dict.fromkeys(share.authority for share in user.shares):
        share = user.share_of(slug)
        if share is not None and slug in authorities():
            teams = () if share.has_every_team else tuple(sorted(share.teams))
            if share.has_every_team or teams:
                found.append(Share(authorities()[slug].authority_code, teams))
    return found
