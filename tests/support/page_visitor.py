"""Somebody who clicks through pages in a browser and reads their tables."""

from __future__ import annotations

import re
from typing import Any

MOST_CLICKS = 4

_READ = """
name => [...document.querySelectorAll(`#${name} tbody tr`)].map(row => [...row.cells].map(cell => ({
  text: (cell.querySelector('span') || cell).textContent.trim(),
  number: cell.dataset.value === undefined ? null : Number(cell.dataset.value),
})))
"""


def read_table(page: Any, name: str) -> list[dict[str, Any]]:
    """The rows of a table by the names of its columns: a number where one is published, else the text.

    A dash and a figure in words are None in a column of numbers.
    """
    headers = page.locator(f"#{name} thead th")
    columns = [text.strip().rstrip("\u00a0↕↑↓ ") for text in headers.all_text_contents()]
    numbers = ["number" in (each.get_attribute("class") or "") for each in headers.all()]
    return [
        {
            column: read_number(cell) if is_number else cell["text"]
            for column, is_number, cell in zip(columns, numbers, row, strict=True)
        }
        for row in page.evaluate(_READ, name)
    ]


def read_number(cell: dict[str, Any]) -> float | None:
    """The published number of a cell, None where it has none."""
    if cell["number"] is not None:
        return float(cell["number"])
    text = cell["text"].replace(",", "").removesuffix("%")
    try:
        return float(text)
    except ValueError:
        return None


class Visitor:
    """Somebody who starts at the overview and clicks."""

    def __init__(self, page: Any, address: str) -> None:
        self.page, self.clicks = page, 0
        page.goto(address)

    def click(self, text: str) -> Visitor:
        """Click the link, button or heading with exactly this text."""
        found = self.page.locator("a, button, summary")
        found.filter(has_text=re.compile(rf"^\s*{re.escape(text)}\s*$")).first.click()
        self.page.wait_for_load_state("load")
        self.clicks += 1
        assert self.clicks <= MOST_CLICKS
        return self

    def choose(self, label: str, text: str) -> Visitor:
        """Choose a value of a form, and show it: one click."""
        self.page.get_by_label(label, exact=True).select_option(label=text)
        return self.click("Show")

    def table(self, name: str) -> list[dict[str, Any]]:
        return read_table(self.page, name)
