"""What a format of the report is: the ending of its files, and how it shows a report's content."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cf_pipeline.errors import PlainError
from cf_pipeline.outputs.report.model import Report
from cf_pipeline.results import NO_STORE, ResultStore


class FormatUnavailableError(PlainError):
    """A format cannot be made on this machine or with this template; the others are written."""


@dataclass(frozen=True)
class WordTemplate:
    """A council's own .docx file: its name, for sentences, and its content, empty when unreadable."""

    name: str
    content: bytes


@dataclass(frozen=True)
class PaperSupplies:
    """What a format may use beside the content: the council's Word template, and where drawings are kept."""

    template: WordTemplate | None = None
    drawings: ResultStore = NO_STORE


@dataclass(frozen=True)
class PaperFormat:
    """One format: its name, the ending of its files, and what makes a file's content.

    `has_data`: it shows the figures as data (`Report.data`). `render` raises FormatUnavailableError where the
    machine or the template lacks what it needs.
    """

    name: str
    ending: str
    render: Callable[[Report, PaperSupplies], bytes]
    has_data: bool = False
