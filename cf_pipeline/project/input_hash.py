"""Hashes of everything a figure depends on: the files, the settings that move figures, the product itself.

What a step of the product decides is a part of the product: the code and data of the packages it is made of,
and the libraries they call. A comment, the words of a docstring or a stylesheet move no such hash.
"""

from __future__ import annotations

import compileall
import hashlib
import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from importlib import metadata, resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cf_pipeline.contracts.mapping import FILE as MAPPING_FILE
from cf_pipeline.history.holds.doubt import Acceptance
from cf_pipeline.ingest.receive import fingerprint
from cf_pipeline.project.acceptances import find_acceptances
from cf_pipeline.project.code_hashes import INSTALLED, code_hashes
from cf_pipeline.project.privacy.register_files import erasures_hash

if TYPE_CHECKING:
    from cf_pipeline.project.settings import Settings

REFERENCE = "_reference"
"""The folder of published files in the drop zone; every authority's rates and comparisons depend on it."""
READING = ("contracts", "ingest")
"""The packages that decide what is read from a file: cells, lists, headers, dates of a delivery."""
CLEANING = (*READING, "clean")
"""The packages that decide the typed rows of a list, its issues and what is set aside."""
HISTORY = (*CLEANING, "history", "comparators", "kpi.definitions", "kpi.measure", "kpi.lineage")
"""The packages that decide the history and how records are counted.

The records of the KPIs (`kpi.registry`) are not among them: `definition_hash` tells what of a record counts,
so that another title moves nothing. Whatever is kept under this hash must look at both.
"""
FIGURES = (*HISTORY, "kpi", "worklists", "forecast", "spc", "compare", "headlines", "quality")
"""The packages that decide the figures, sentences and lists of an authority, with the records of the KPIs."""
GRAPH = ("assets", "resources")
"""The packages beside `cf_pipeline` that hand its functions their arguments."""
AUTHORITY = (*FIGURES, "project", *GRAPH)
"""The packages that decide every table of an authority in the lake, how it is stored included."""
READABLE_BY_ALL = 0o644
SUFFIXES = (".py", ".toml", ".csv", ".html", ".css")
LIBRARIES = (
    "pandas",
    "numpy",
    "pyarrow",
    "scipy",
    "python-calamine",
    "openpyxl",
    "olefile",
    "ftfy",
    "rapidfuzz",
)
"""The libraries that decide what is read and counted: another version may read another value."""


class ProductFile(NamedTuple):
    """A file of code or data of the product, and the SHA-256 (hex) of its bytes."""

    path: Path
    content_hash: str


def inputs_hash(
    hash_by_authority: Mapping[str, str], settings: Mapping[str, Any], store: Path | None = None
) -> str:
    """SHA-256 over the fingerprint of each authority's files, the settings and the product's own code.

    Args:
        hash_by_authority: authority -> hash of its files, as `received_hash` gives it.
        settings: those that move figures or words.
        store: the file of `code_hashes`.
    """
    inputs = {
        "received": dict(hash_by_authority),
        "settings": dict(settings),
        "product": product_hash(store=store),
    }
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


def content_hash(hash_by_authority: Mapping[str, str], settings: Mapping[str, Any]) -> str:
    """SHA-256 over what `inputs_hash` covers, with every byte of the product instead of what its code does.

    It is quickly made and moves with a comment: two that are equal say that nothing moved at all.

    Args:
        hash_by_authority: authority -> `received_hash`.
        settings: those that move figures or words.
    """
    digest = hashlib.sha256(json.dumps([platform.python_version(), _library_versions()]).encode())
    for name, file in product_files().items():
        digest.update(name.encode())
        digest.update(file.content_hash.encode())
    inputs = [dict(hash_by_authority), dict(settings), digest.hexdigest()]
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


def decided_hash(settings: Settings, authority: str) -> str:
    """`received_hash` of an authority with what was accepted and who was erased of it until now."""
    acceptances = find_acceptances(settings.data, authority)
    return received_hash(settings.raw, authority, acceptances, erasures_hash(settings.data, authority))


def authority_hash(settings: Settings, authority: str, content: str | None = None) -> str:
    """SHA-256 (hex) over all that decides an authority's tables in the lake: while it is equal, they stay.

    Its files, acceptances, erasures and mapping, the published files, the settings that move figures, and
    the part of the product that makes the tables. Words and styles of a report are no part of it. `content`
    is the `received_hash` of its files, where it is known already.
    """
    inputs = [
        content or decided_hash(settings, authority),
        settings.settings_that_move_figures(),
        product_hash(*AUTHORITY, store=settings.code_hashes),
    ]
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


def received_hash(
    raw: Path, authority: str, acceptances: Sequence[Acceptance] = (), erasures: str = ""
) -> str:
    """SHA-256 over an authority's files and folders, what was decided of them, and the published files.

    What someone accepted is part of the hash, because the next run loads it; the hash of its erasures,
    because the next run does not; and a new published file, because it changes every authority's rates and
    comparisons.
    """
    inputs = [fingerprint(raw, authority), fingerprint(raw, REFERENCE), *map(asdict, acceptances)]
    inputs += [erasures] if erasures else []
    return hashlib.sha256(json.dumps(inputs).encode()).hexdigest()


def edition(settings: Settings, authority: str) -> str:
    """A short hash of what reads the files: the product, published files, the council's mapping, erasures.

    The records of the KPIs are not part of it: what is kept of a KPI names its definition.
    """
    mapping = settings.raw / authority / MAPPING_FILE
    content = mapping.read_bytes() if mapping.is_file() and not mapping.is_symlink() else b""
    shared = product_hash(*HISTORY, store=settings.code_hashes) + fingerprint(settings.raw, REFERENCE)
    erasures = erasures_hash(settings.data, authority).encode()
    return hashlib.sha256(shared.encode() + content + erasures).hexdigest()[:16]


@cache
def product_hash(*packages: str, store: Path | None = None) -> str:
    """SHA-256 (hex) over the code and data of packages of `cf_pipeline`, and the versions of the libraries.

    It moves with the code of any module (not with comments, words of docstrings or the place of a line) and
    with the content of any file of data. Modules directly in `cf_pipeline`, as its version, are always part
    of it.

    Args:
        packages: names below `cf_pipeline`, such as "contracts" or "kpi.measure", or beside it (`GRAPH`), as
            the constants above have them; none stands for the whole product.
        store: the file of `code_hashes`; without one every module is parsed.
    """
    digest = hashlib.sha256(json.dumps([platform.python_version(), _library_versions()]).encode())
    files = product_files(*packages)
    hashes = code_hashes(_modules(files), store)
    for name, file in files.items():
        digest.update(name.encode())
        digest.update((hashes.get(file.path) or file.content_hash).encode())
    return digest.hexdigest()


def product_files(*packages: str) -> dict[str, ProductFile]:
    """Every file of code and data of some packages, by its path in the product, sorted; of all for none.

    Raises:
        FileNotFoundError: a package is not there: a hash over nothing would never move.
    """
    files = _all_product_files()
    if not packages:
        return files
    folders = tuple(name.replace(".", "/") + "/" for name in packages)
    found = {name: file for name, file in files.items() if "/" not in name or name.startswith(folders)}
    for folder in folders:
        if not any(name.startswith(folder) for name in found):
            raise FileNotFoundError(f"The product has no package {folder.strip('/')}.")
    return found


@cache
def _all_product_files() -> dict[str, ProductFile]:
    """Every file of code and data of the product as this process first found it, by its path, sorted."""
    root = Path(str(resources.files("cf_pipeline")))
    found = dict[str, ProductFile]()
    for folder, home in ((root, root), *((root.parent / name, root.parent) for name in GRAPH)):
        for place, _, names in os.walk(folder):
            for name in names:
                if name.endswith(SUFFIXES):
                    path = f"{place}/{name}"
                    content = hashlib.sha256(Path(path).read_bytes()).hexdigest()
                    found[path.removeprefix(f"{home}/")] = ProductFile(Path(path), content)
    return dict(sorted(found.items()))


def _modules(files: Mapping[str, ProductFile]) -> dict[Path, str]:
    return {file.path: file.content_hash for file in files.values() if file.path.suffix == ".py"}


def compile_product() -> None:
    """Compile the modules of the product and hash what they do, once when it is set up (`make setup`).

    Without it every command compiles the modules it imports where Python may not write beside them, and the
    first run of every project hashes all of them. A later change is noticed: Python compares the time and
    size of a module, and a hash is kept by the module's bytes.
    """
    root = Path(str(resources.files("cf_pipeline")))
    for folder in (root, *(root.parent / name for name in GRAPH)):
        compileall.compile_dir(folder, quiet=1)
    code_hashes(_modules(product_files()), INSTALLED)
    if INSTALLED.exists():
        INSTALLED.chmod(READABLE_BY_ALL)


@cache
def _library_versions() -> dict[str, str]:
    return {name: metadata.version(name) for name in LIBRARIES}


if __name__ == "__main__":
    compile_product()
