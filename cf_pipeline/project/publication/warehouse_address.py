"""The address of the warehouse: which file or server a project publishes to.

Belongs here: what such an address may be. Does not belong here: opening it; the warehouse itself is not
loaded for a name.
"""

from __future__ import annotations

import os
from pathlib import Path

from cf_pipeline.errors import PlainError

RECORDS_FILE = "restricted_records.duckdb"
"""The records of an embedded warehouse, beside its figures."""


class WarehouseAddressError(PlainError):
    """The warehouse would lie where it may not."""


def warehouse_address(url: str, root: Path, raw: Path, data: Path) -> str:
    """The address of the warehouse; a relative path of a file is relative to the project's folder.

    Raises:
        WarehouseAddressError: the file would lie in memory, in the project's folder itself or in the drop
            zone, or is that of the records: these lie beside it, and hold the children.
    """
    if not url:
        return f"duckdb:///{data}/warehouse/published.duckdb"
    prefix = "duckdb:///"
    if not url.startswith("duckdb:"):
        return url
    name = url.removeprefix(prefix).partition("?")[0]
    file = root / name
    if not url.startswith(prefix) or not name or name.endswith("/") or name.startswith("~"):
        fault = "it names no file"
    elif ":" in file.name:
        fault = "it names a database in memory or on another machine, and no file"
    elif file.name == RECORDS_FILE:
        fault = "that is the name of the file of the records"
    elif file.exists() and not file.is_file():
        fault = "that is a folder or a device, and no file"
    elif os.path.normpath(file.parent) == os.path.normpath(root):
        fault = "the records of children would lie in the project's folder itself"
    elif Path(os.path.normpath(file)).is_relative_to(os.path.normpath(raw)):
        fault = "the records of children would lie in the drop zone"
    else:
        return f"{prefix}{root / url.removeprefix(prefix)}"
    raise WarehouseAddressError(
        f"CF_WAREHOUSE_URL cannot be used: {fault}; write it as duckdb:///data/warehouse/published.duckdb."
    )
