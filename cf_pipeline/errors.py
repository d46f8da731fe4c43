"""The base class of every error whose message is one plain sentence for the person at the screen.

The command line prints such a message as it is, and Dagster records it as the reason of a failed step. Any
other exception is reported by its kind and place alone: its text may quote a cell, and a cell may be about a
child.

Belongs here: `PlainError`. Does not belong here: an error of one package; it derives from `PlainError` there.
"""

from __future__ import annotations

from typing import ClassVar


class PlainError(Exception):
    """Something a person can put right: the message names what is wrong and what to do, and quotes no cell.

    The message is shown as it stands, so it is one whole sentence: file, sheet, row or setting, what is wrong
    with it, what to do next.
    """

    may_pass: ClassVar[bool] = False
    """Whether trying again a little later may help: a lock that another run holds, a server that restarts."""
