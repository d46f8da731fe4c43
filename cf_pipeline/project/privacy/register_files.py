"""Where the registers of erasures and purges lie, and the hash of one.

Each run asks for the hash, one with nothing new too: what reads a register is loaded only where there is one.
"""

from __future__ import annotations

from pathlib import Path

from cf_pipeline.project.lake_layout import check_slug

FOLDER = "erasures"
KEYS_FILE = "register.keys"
SUFFIX = ".register"


def register_path(data: Path, slug: str) -> Path:
    """The file of an authority's register.

    Raises:
        AuthorityNameError: the name cannot be an authority's.
    """
    return data / FOLDER / f"{check_slug(slug)}{SUFFIX}"


def authorities_with_erasures(data: Path) -> list[str]:
    """Every authority that has a register, sorted by name."""
    return sorted(path.name.removesuffix(SUFFIX) for path in (data / FOLDER).glob(f"*{SUFFIX}"))


def erasures_hash(data: Path, slug: str) -> str:
    """The hash of an authority's register; '' where nobody was erased.

    Raises:
        ErasuresError: the register is there and cannot be read, or its keys are gone.
    """
    if not register_path(data, slug).exists():
        return ""
    from cf_pipeline.project.privacy.erasures import read_erasures  # noqa: PLC0415 - as the module says

    return read_erasures(data, slug).hash
