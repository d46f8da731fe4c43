"""The error of a file that cannot be read. Standard library only: the parser process imports this."""

from __future__ import annotations


class UnreadableError(Exception):
    """A file that cannot be read.

    `kind` is a key of `refusals.REASONS` or of its format's own `reasons`; `detail` fills the sentence.
    Neither holds a cell's value.
    """

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(kind)
        self.kind = kind
        self.detail = detail
