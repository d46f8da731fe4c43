"""What a page is: its address, what makes its content, whether it shows records; and why one is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cf_pipeline.dashboard.content import Content, Link
from cf_pipeline.errors import PlainError

if TYPE_CHECKING:
    from cf_pipeline.dashboard.visit import Visit


class PageError(PlainError):
    """A page cannot be shown; the reader sees the sentence and the ways back."""

    def __init__(self, status: int, title: str, sentence: str, links: tuple[Link, ...] = ()) -> None:
        """`status`: of HTTP. `title`: a heading. `sentence`: what is wrong and what to do."""
        super().__init__(sentence)
        self.status, self.title, self.links = status, title, links


@dataclass(frozen=True)
class Page:
    """One kind of page.

    Attributes:
        name: unique; `Visit.href` makes addresses from it.
        path: its address, with the names of its values in braces. One with {authority} is of an authority.
        make_content: makes the content for one visit; raises PageError for values that are unknown.
        shows_records: whether it shows rows about children: then the reader needs a share of the authority,
            each read is written down, and nothing is kept.
    """

    name: str
    path: str
    make_content: Callable[[Visit], Content]
    shows_records: bool = False


@dataclass(frozen=True)
class Lookup:
    """A search for a text that may not stand in an address, such as a case id: it leads to a page.

    Attributes:
        name: unique among pages and lookups.
        path: its address, as of a page; what is looked for is sent apart from it, in the field `text`.
        find_address: the address of the page that shows what was found; raises PageError without one.
        shows_records: as of a page.
    """

    name: str
    path: str
    find_address: Callable[[Visit, str], str]
    shows_records: bool = True
