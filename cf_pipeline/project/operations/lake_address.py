"""The address of a lake that is no folder, as s3://bucket/lake: which there are, and whether it answers.

A lake in an object store is for several machines. A DuckDB warehouse is a file of one machine, which another
one neither sees nor may write to, so the two do not go together.
"""

from __future__ import annotations

from importlib.util import find_spec

from cf_pipeline.errors import PlainError
from cf_pipeline.project.lake_layout import lake_folder

PACKAGES = {"s3": "s3fs", "abfs": "adlfs", "abfss": "adlfs"}
"""How the address of an object store begins -> the package that reads it."""


class LakeAddressError(PlainError):
    """The setting `lake` names a place that cannot be used, or that does not answer."""


def check_lake_address(lake: str, warehouse_url: str) -> None:
    """Refuse the address of a lake that cannot be used; one that is a folder is left alone.

    Raises:
        LakeAddressError: no such object store is known, its package is not installed, or the warehouse is a
            DuckDB file.
    """
    scheme, separator, _ = lake.partition("://")
    if not separator:
        return
    if scheme not in PACKAGES:
        raise LakeAddressError(
            f"Setting lake: {lake} is no folder, and no address that begins with s3://, abfs:// or abfss://."
        )
    if find_spec(PACKAGES[scheme]) is None:
        raise LakeAddressError(
            f"Setting lake: {lake} needs the package {PACKAGES[scheme]}; `make setup-production` installs it."
        )
    if warehouse_url.startswith("duckdb:"):
        raise LakeAddressError(
            f"Setting lake: {lake} is for several machines, and a DuckDB warehouse is a file of one machine; "
            "set CF_WAREHOUSE_URL to a PostgreSQL database, or let the lake be a folder."
        )


def check_lake_answers(lake: str) -> None:
    """Ask the store of a lake whether the lake is there, so that one that does not answer is told in words.

    Raises:
        LakeAddressError: it does not answer, or refuses us.
    """
    if "://" not in lake:
        return
    fault = ""
    try:
        lake_folder(lake).exists()
    except Exception as error:  # each store has faults of its own
        fault = type(error).__name__
    if fault:
        raise LakeAddressError(
            f"The lake {lake} does not answer ({fault}): check its address, the network, and the credentials "
            "in the environment; nothing was changed."
        )
