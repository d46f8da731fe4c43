"""One hash over everything a figure rests on: the files, the settings that decide, the product itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from cf_pipeline.contracts.mapping import FILE as MAPPING_FILE
from cf_pipeline.ingest.receive import fingerprint

REFERENCE = "_reference"
"""The folder of published files in the drop zone: what every authority's figures rest on as well."""
PARTS = ("*.py", "*.toml", "*.csv", "*.html", "*.css")


def inputs_hash(received: Mapping[str, str], deciding: Mapping[str, Any]) -> str:
    """SHA-256 over the fingerprint of each authority's files, the settings and the product's own code.

    Args:
        received: authority -> fingerprint of its files.
        deciding: settings that move figures or words.
    """
    said = {"received": dict(received), "settings": dict(deciding), "product": product_hash()}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def received_hash(raw: Path, authority: str, accepted: AbstractSet[tuple[str, str]] = frozenset()) -> str:
    """SHA-256 over the content of an authority's files, the names of its delivery folders and the reference.

    An empty folder is a delivery that holds nothing: it counts, because it is refused by name. What someone
    accepted (delivery_id, content hash) counts too: the next run takes it. So does a new published file: it
    changes every authority's rates and comparisons.
    """
    home = raw / authority
    folders = sorted(path.name for path in home.iterdir() if path.is_dir()) if home.is_dir() else []
    said = [fingerprint(raw, authority), folders, fingerprint(raw, REFERENCE), *sorted(accepted)]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def edition(raw: Path, authority: str) -> str:
    """A short hash of what the files are read with: product, published files and the council's mapping."""
    mapping = raw / authority / MAPPING_FILE
    said = mapping.read_bytes() if mapping.is_file() and not mapping.is_symlink() else b""
    beside = product_hash() + fingerprint(raw, REFERENCE)
    return hashlib.sha256(beside.encode() + said).hexdigest()[:16]


@cache
def product_hash() -> str:
    """SHA-256 over the code and data of the package: another version may say something else."""
    package = Path(str(resources.files("cf_pipeline")))
    digest = hashlib.sha256()
    for path in sorted(path for part in PARTS for path in package.rglob(part)):
        digest.update(str(path.relative_to(package)).encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
