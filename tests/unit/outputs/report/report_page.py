"""The report as a reader of its HTML finds it: tags, tables and text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "img", "hr", "input"}


def _spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


class Page(HTMLParser):
    """The page as tags, tables and text; asserts that every tag is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.tables: list[dict] = []
        self.headings: list[tuple[str, str]] = []
        self.text = ""
        self.feed(html)
        assert self.stack == []
        self.text = _spaced(self.text)
        for table in self.tables:
            table["rows"] = [[_spaced(cell) for cell in row] for row in table["rows"]]

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.stack.append(tag)
        if tag == "table":
            self.tables.append({"caption": "", "rows": []})
        elif tag == "tr":
            self.tables[-1]["rows"].append([])
        elif tag in ("td", "th"):
            self.tables[-1]["rows"][-1].append("")
        elif tag in ("h1", "h2", "h3", "h4"):
            self.headings.append((tag, ""))

    def handle_endtag(self, tag):
        assert self.stack.pop() == tag

    def handle_data(self, data):
        if self.stack and self.stack[-1] in ("style", "title"):
            return
        self.text += data
        if self.stack and self.stack[-1] in ("h1", "h2", "h3", "h4"):
            self.headings[-1] = (self.headings[-1][0], self.headings[-1][1] + data)
        if "caption" in self.stack:
            self.tables[-1]["caption"] += data
        elif "td" in self.stack or "th" in self.stack:
            row = self.tables[-1]["rows"][-1]
            row[-1] += data

    def table(self, caption: str) -> list[list[str]]:
        return next(table["rows"] for table in self.tables if table["caption"].startswith(caption))

    def line(self, caption: str, title: str) -> dict[str, str]:
        rows = self.table(caption)
        found = next(row for row in rows if row[0].startswith(title))
        return dict(zip(rows[0], found, strict=True))
