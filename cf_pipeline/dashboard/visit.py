"""One visit of a page: who reads, which values the address has, and the rows that the page may read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import pandas as pd

from cf_pipeline.contracts.words.near_names import did_you_mean
from cf_pipeline.dashboard.access.users import User
from cf_pipeline.dashboard.content import Link
from cf_pipeline.dashboard.page import PageError
from cf_pipeline.dashboard.source import Publication, Rows

NOT_FOUND = 404


@dataclass(frozen=True)
class Visit:
    """One visit of a page.

    Attributes:
        user: who reads.
        publication: what is shown.
        authorities: those with figures by the name of their folder, as rows of `dim_authority`, by name.
        path_values: those of the page's path, by name.
        query: those behind the question mark, by name; of several the last.
        path_of: the name of a page -> its path, with the names of its values in braces.
        read_figures: tables of `published_v1`; see `Source.read_figures`.
        read_records: tables of `restricted`, only the rows that the user may see.
    """

    user: User
    publication: Publication
    authorities: Mapping[str, Any]
    path_values: Mapping[str, str]
    query: Mapping[str, str]
    path_of: Mapping[str, str]
    read_figures: Callable[[Rows], dict[str, pd.DataFrame]]
    read_records: Callable[[Rows], dict[str, pd.DataFrame]]

    @property
    def authority(self) -> Any:
        """The row of `dim_authority` of the page's authority."""
        return self.authorities[self.path_values["authority"]]

    def href(self, page: str, query: Mapping[str, object] | None = None, **values: str) -> str:
        """The address of a page; values that are not given are those of this visit.

        Args:
            page: its name.
            query: what stands behind the question mark; empty values are left out.
            values: those of its path, by name.
        """
        path = self.path_of[page]
        for name, value in {**self.path_values, **values}.items():
            path = path.replace(f"{{{name}}}", quote(value, safe=""))
        shown = {name: str(value) for name, value in (query or {}).items() if value not in ("", None)}
        return f"{path}?{urlencode(shown)}" if shown else path

    def link(self, text: str, page: str, query: Mapping[str, object] | None = None, **values: str) -> Link:
        """A link to a page; arguments as of `href`."""
        return Link(text, self.href(page, query, **values))

    def choice(self, name: str, names: Sequence[str], default: str, kind: str) -> str:
        """The value of a choice of the address, or the default where the address has none.

        Args:
            name: of the choice, as in 'quarter'.
            names: the values there are.
            default: where nothing is chosen.
            kind: what a value is, in words, as in 'quarter'.

        Raises:
            PageError: there is no such value.
        """
        value = self.query.get(name) or default
        if value not in names:
            raise self.unknown(kind, value, names)
        return value

    def unknown(self, kind: str, value: str, names: Sequence[str]) -> PageError:
        """The error of a value that is not known: what it is, what comes near, and the way back."""
        return PageError(
            NOT_FOUND,
            f"There is no {kind} {value!r}",
            f"There is no {kind} {value!r} in what is published.{did_you_mean(value, names)}",
            (Link("Back to the overview", "/"),),
        )


def row_of(frame: pd.DataFrame, **values: Any) -> Any:
    """The first row of a frame that has these values, as a named tuple; None without one."""
    for name, value in values.items():
        frame = frame[frame[name].eq(value)]
    return next(frame.itertuples(index=False), None)
