"""Where an asset's body is written, for Dagster's pages."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable
from typing import Any

import dagster as dg


def code_reference(body: Callable[..., Any]) -> dg.CodeReferencesMetadataValue:
    """The file and line of a function, as they are on this machine; a page opens them in an editor."""
    file, line = inspect.getfile(body), body.__code__.co_firstlineno
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dg.BetaWarning)  # the classes may change; the version is pinned
        reference = dg.LocalFileCodeReference(file_path=file, line_number=line, label=body.__name__)
        return dg.CodeReferencesMetadataValue(code_references=[reference])
