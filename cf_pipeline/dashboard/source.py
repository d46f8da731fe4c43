"""Where the pages have their rows from, and where it is written down that somebody read records.

The command that serves the dashboard hands both over, so that no page knows a database.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import pandas as pd

from cf_pipeline.dashboard.access.users import User
from cf_pipeline.errors import PlainError

Rows: TypeAlias = Mapping[str, Mapping[str, object]]
"""Table or view -> the values that columns of its rows must have: a value, or a list of them."""


class SourceError(PlainError):
    """The figures or the records cannot be read just now; the message says why and what to do."""


@dataclass(frozen=True)
class Publication:
    """The publication that is shown: its number, its run, and when it was published (UTC)."""

    version: int
    run_id: str
    published_at: dt.datetime


class Source(Protocol):
    """The warehouse, for reading."""

    def publication(self) -> Publication | None:
        """The publication that is shown now; None before the first. Cheap: asked for at each request.

        Raises:
            SourceError: the warehouse is away or damaged.
        """

    def read_figures(self, rows: Rows) -> dict[str, pd.DataFrame]:
        """Tables and views of `published_v1`, all of one publication, in the columns of their contracts.

        Raises:
            SourceError: the warehouse is away or damaged.
        """

    def read_records(self, user: User, rows: Rows) -> dict[str, pd.DataFrame]:
        """Tables of `restricted`, all of one publication: only the rows that the user may see.

        Args:
            user: the reader; on a server the rights of the role of that name hold too.
            rows: every table has `authority_code` among its columns, but for `publication`.

        Raises:
            SourceError: the warehouse is away or damaged, or knows no such reader.
        """


@dataclass(frozen=True)
class Access:
    """One read of records.

    Attributes:
        user: the reader's name, and `role` theirs.
        address: the network address that the request came from.
        page: the name of the page.
        path: its address with what was filtered for; a child stands in it by the pseudonym only.
        authority: the folder's name.
        subject: what was read, as in 'list care_visits' or 'child 3f...'.
        row_count: how many records were shown; None where the right was refused.
    """

    user: str
    role: str
    address: str
    page: str
    path: str
    authority: str
    subject: str
    row_count: int | None


class AccessLog(Protocol):
    """The log of who read which records."""

    def add(self, access: Access) -> None:
        """Write an access down before its records are shown.

        Raises:
            PlainError: it cannot be written; then nothing may be shown.
        """
