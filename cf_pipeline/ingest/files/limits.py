"""How much of the machine one file may use. Standard library only: the parser process imports this."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Limits for reading one file.

    `memory_mb`, `cpu_seconds` and `wall_seconds` bind the parser process; the others are checked before
    parsing. `zip_ratio` applies once a workbook unpacks to more than `zip_ratio_from_mb`: small repetitive
    workbooks compress well and harm nobody. `columns` is Excel's own.
    """

    memory_mb: int = 1900
    cpu_seconds: int = 600
    wall_seconds: int = 900
    file_mb: int = 512
    unpacked_mb: int = 4096
    zip_entries: int = 10_000
    zip_ratio: int = 200
    zip_ratio_from_mb: int = 64
    sheets: int = 1000
    columns: int = 16_384


DEFAULT_LIMITS = Limits()
