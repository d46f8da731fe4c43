"""Hashes of everything a figure depends on: the files, the settings that move figures, the product itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from cf_pipeline.contracts.mapping import FILE as MAPPING_FILE
from cf_pipeline.history.holds.doubt import Acceptance
from cf_pipeline.ingest.receive import fingerprint

REFERENCE = "_reference"
"""The folder of published files in the drop zone; every authority's rates and comparisons depend on it."""
PARTS = ("*.py", "*.toml", "*.csv", "*.html", "*.css")


def inputs_hash(hash_by_authority: Mapping[str, str], settings: Mapping[str, Any]) -> str:
    """SHA-256 over the fingerprint of each authority's files, the settings and the product's own code.

    Args:
        hash_by_authority: authority -> hash of its files, as `received_hash` gives it.
        settings: those that move figures or words.
    """
    inputs = {"received": dict(hash_by_authority), "settings": dict(settings), "product": product_hash()}
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


def received_hash(raw: Path, authority: str, acceptances: Sequence[Acceptance] = ()) -> str:
    """SHA-256 over the content of an authority's files, the names of its delivery folders and the reference.

    An empty folder is part of the hash, because a run refuses it by name. So is what someone accepted,
    because the next run loads it, and a new published file, because it changes every authority's rates and
    comparisons.
    """
    folder = raw / authority
    deliveries = sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    inputs = [fingerprint(raw, authority), deliveries, fingerprint(raw, REFERENCE), *map(asdict, acceptances)]
    return hashlib.sha256(json.dumps(inputs).encode()).hexdigest()


def edition(raw: Path, authority: str) -> str:
    """A short hash of what reads the files: the product, the published files, the council's mapping."""
    mapping = raw / authority / MAPPING_FILE
    content = mapping.read_bytes() if mapping.is_file() and not mapping.is_symlink() else b""
    shared = product_hash() + fingerprint(raw, REFERENCE)
    return hashlib.sha256(shared.encode() + content).hexdigest()[:16]


def product_files() -> dict[str, Path]:
    """Every file of code and data of the package `cf_pipeline`, by its path in the package, sorted."""
    package = Path(str(resources.files("cf_pipeline")))
    paths = sorted(path for part in PARTS for path in package.rglob(part))
    return {path.relative_to(package).as_posix(): path for path in paths}


@cache
def product_hash() -> str:
    """SHA-256 over the code and data of the package: another version may give other figures."""
    digest = hashlib.sha256()
    for name, path in product_files().items():
        digest.update(name.encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
