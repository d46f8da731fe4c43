"""The base class of every error whose message is one plain sentence for the person at the screen.

The command line prints such a message as it is, and Dagster records it as the reason of a failed step. Any
other exception is reported by its kind and place alone: its text may quote a cell, and a cell may be about a
child.

Belongs here: `PlainError`, `MachineError`, which any package may raise, and how a text from outside is
written in a sentence. Does not belong here: an error of one package; it derives from `PlainError` there.
Standard library only: the parser process imports this.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import ClassVar
from unicodedata import category


def escape_invisible(text: str) -> str:
    r"""A text as it may be shown on a terminal, in a log or a page: one line, every character visible.

    A control character (a terminal obeys it), one that is invisible, ends a line or turns the reading
    direction, and a byte of a name that is no UTF-8 are written as '\\u202e'.
    """
    if text.isprintable():
        return text
    return "".join(_escape(letter) if category(letter) in INVISIBLE else letter for letter in text)


def _escape(letter: str) -> str:
    return letter.encode("unicode_escape", "surrogatepass").decode()


INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode's categories of letters that nobody sees or that end a line."""


class PlainError(Exception):
    """Something a person can put right: the message names what is wrong and what to do, and quotes no cell.

    The message is shown as it stands, so it is one whole sentence: file, sheet, row or setting, what is wrong
    with it, what to do next. What a terminal would obey rather than show is written out in it.
    """

    may_pass: ClassVar[bool] = False
    """Whether trying again a little later may help: a lock that another run holds, a server that restarts."""

    def __init__(self, sentence: str = "") -> None:
        """`sentence`: what is wrong, in plain words."""
        super().__init__(escape_invisible(sentence))


NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""The disk, the user's share of it or the size a file may have is used up."""
MACHINE = NO_SPACE | {
    errno.ENOMEM, errno.EAGAIN, errno.EMFILE, errno.ENFILE,
    errno.EIO, errno.EROFS, errno.ESTALE, errno.ETIMEDOUT,
}  # fmt: skip
"""Numbers of an OSError that say nothing about a file's content: see errno(3)."""


class MachineError(PlainError):
    """The machine lacks disk or memory, a device fails, or someone ended a process.

    It says nothing about a delivered file, so it refuses none: the run fails, what was published stays, and
    the next run does the same work.
    """

    may_pass = True


def is_machine_fault(error: BaseException) -> bool:
    """Whether an error comes from the machine and not from what a file holds."""
    return isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in MACHINE)


def machine_error(subject: str, error: BaseException) -> MachineError:
    """The error to raise, in one sentence: the subject, what the machine lacks, what to do.

    Args:
        subject: what could not be done, as in "the table kpi/quarterly could not be written".
        error: one for which `is_machine_fault` holds; only its kind is told.
    """
    if isinstance(error, MemoryError) or getattr(error, "errno", None) == errno.ENOMEM:
        cause, remedy = "the machine has no memory left", "end other programs"
    elif getattr(error, "errno", None) in NO_SPACE:
        cause, remedy = "the disk is full", "free some space"
    else:
        cause = os.strerror(getattr(error, "errno", None) or errno.EIO).lower()
        remedy = "check the disk and the limits of the system"
    return MachineError(
        f"{subject}: {cause}; {remedy} and run again. What was published before is unchanged."
    )


def path_sentence(error: OSError) -> str:
    """What keeps a file or folder from being used, in one sentence; '' where the error names none.

    A file in the place of a folder is named itself, and not what should lie in it.
    """
    if not error.filename:
        return ""
    path = Path(os.fsdecode(error.filename))
    if isinstance(error, NotADirectoryError | FileExistsError):
        for place in (path, *path.parents):
            if place.exists() and not place.is_dir():
                name = escape_invisible(str(place))
                return f"{name} is a file where a folder should be; move it away and run again."
    reason = (error.strerror or "cannot be used").lower()
    return f"{escape_invisible(str(path))}: {reason}; check that it may be used."
