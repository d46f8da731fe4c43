"""The public page read as a reader's program reads it: tables, texts, attributes and comments."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

WITHOUT_END = {"meta", "br", "link", "img", "input"}


@dataclass
class PageRow:
    """A row of a table of measures: the id of its KPI, and its cells as text."""

    kpi_id: str
    cells: list[str] = field(default_factory=list)


class PublicPage(HTMLParser):
    """A page taken apart: `rows` of tables of measures, sentences of headlines, attributes, comments."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[PageRow] = []
        self.headlines: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.comments: list[str] = []
        self.tags: set[str] = set()
        self._open: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the tag says."""
        own = {name: value or "" for name, value in attrs}
        if tag != "svg" and not self._inside("svg"):  # what a chart draws is compared with its table
            self.attributes += own.items()
        self.tags.add(tag)
        if tag not in WITHOUT_END:
            self._open.append((tag, own))
        if tag == "a" and self._inside("th") and own["href"].startswith("#about-"):
            self.rows.append(PageRow(own["href"].removeprefix("#about-")))
        if tag == "td" and self._inside("table", "measures"):
            self.rows[-1].cells.append("")
        if tag == "p" and self._inside("table", "headlines"):
            self.headlines.append("")

    def handle_endtag(self, tag: str) -> None:
        """Close the tag."""
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        """Note the text."""
        if self._inside("td") and self._inside("table", "measures"):
            self.rows[-1].cells[-1] += data
        if self._inside("p") and self._inside("table", "headlines"):
            self.headlines[-1] += data

    def handle_comment(self, data: str) -> None:
        """Note the comment."""
        self.comments.append(data)

    def _inside(self, tag: str, class_name: str = "") -> bool:
        return any(
            name == tag and (not class_name or class_name in own.get("class", "").split())
            for name, own in self._open
        )
