"""The error of a file that cannot be read. Standard library only: the parser process imports this."""

from __future__ import annotations

import errno
import zlib

from cf_pipeline.errors import is_machine_fault


class UnreadableError(Exception):
    """A file that cannot be read.

    `kind` is a key of `refusals.REASONS` or of its format's own `reasons`; `detail` fills the sentence.
    Neither holds a cell's value.
    """

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(kind)
        self.kind = kind
        self.detail = detail


def lacks_memory(error: BaseException) -> bool:
    """Whether a library's error means that memory ran out, so that the limit and not the file is the cause.

    A read may fail with errno ENOMEM, and zlib with its own code -4, before Python raises MemoryError.
    """
    is_zlib_code = isinstance(error, zlib.error) and str(error).startswith("Error -4 ")
    return is_zlib_code or getattr(error, "errno", None) == errno.ENOMEM


def outcome_of(error: Exception) -> Exception:
    """What to raise for a library's error while a file is read.

    Returns:
        MemoryError where memory ran out, an OSError with nothing but the number where the machine failed,
        else UnreadableError `corrupt`: the original message may quote the file.
    """
    if lacks_memory(error):
        return MemoryError()
    if isinstance(error, OSError) and is_machine_fault(error):
        return OSError(error.errno, "")
    return UnreadableError("corrupt")
