"""Hashes of what modules do, kept in a file: working one out takes longer than all else a short run does.

Belongs here: the hash of a module's code, and the file that keeps such hashes by the module's bytes.
Does not belong here: which modules decide what; that is `input_hash`.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from pathlib import Path
from types import CodeType
from typing import Any

from cf_pipeline.project.private_files import write_private

WITHOUT_DOCSTRINGS = 2
DECIDING = (
    "co_name",
    "co_code",
    "co_names",
    "co_varnames",
    "co_freevars",
    "co_cellvars",
    "co_argcount",
    "co_posonlyargcount",
    "co_kwonlyargcount",
    "co_flags",
    "co_exceptiontable",
)
"""What of compiled code, beside its constants, decides what it does."""
HEX_DIGITS = 64
INSTALLED = Path(__file__).parent / "__pycache__" / "code_hashes.json"
"""The hashes worked out once when the product is set up; those of later changes are kept with the data."""
_known: dict[str, str] = {}
"""What this process has read or worked out: `code_hash` by the SHA-256 of the module's bytes."""


def code_hash(source: bytes) -> str:
    """SHA-256 (hex) over compiled code: no comment, word of a docstring or place of a line moves it.

    Assertions are no part of it: they never decide a figure.
    """
    code = compile(source, "", "exec", dont_inherit=True, optimize=WITHOUT_DOCSTRINGS)
    return hashlib.sha256(_describe(code).encode()).hexdigest()


def _describe(constant: Any) -> str:
    """A constant in words that are the same in every process; code without the places of its lines."""
    if isinstance(constant, frozenset):
        return f"frozenset({sorted(map(_describe, constant))})"
    if isinstance(constant, tuple):
        return f"({', '.join(map(_describe, constant))})"
    if not isinstance(constant, CodeType):
        return repr(constant)
    values = [getattr(constant, name) for name in DECIDING]
    return f"code({values}, {_describe(constant.co_consts)})"


def code_hashes(hash_by_path: Mapping[Path, str], store: Path | None = None) -> dict[Path, str]:
    """The `code_hash` of each module, by its path; without one that has changed since its bytes were hashed.

    Args:
        hash_by_path: modules, each with the SHA-256 of its bytes.
        store: a file of hashes by the SHA-256 of the module's bytes, read and brought up to date; a missing,
            damaged or unwritable one costs time only. None keeps nothing.
    """
    for file in (INSTALLED, store):
        if file and not _known.keys() >= set(hash_by_path.values()):
            _known.update(_read(file))
    new = dict[str, str]()
    for path, content in hash_by_path.items():
        if content not in _known:
            source = path.read_bytes()
            new[hashlib.sha256(source).hexdigest()] = code_hash(source)
    _known.update(new)
    if store and new:
        _write(store, _known)
    return {path: _known[content] for path, content in hash_by_path.items() if content in _known}


def _read(store: Path) -> dict[str, str]:
    """What the file keeps; nothing of another Python, which compiles the same module to other code."""
    try:
        content = json.loads(store.read_text(encoding="utf-8"))
        known = dict(content[platform.python_version()])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}
    is_sound = all(
        isinstance(text, str) and len(text) == HEX_DIGITS for pair in known.items() for text in pair
    )
    return known if is_sound else {}


def _write(store: Path, hashes: Mapping[str, str]) -> None:
    try:
        write_private(store, json.dumps({platform.python_version(): dict(hashes)}).encode())
    except OSError:
        return  # a folder that cannot be written costs the time of hashing again
