"""Goes back to the version before the one that is shown: figures and records together."""

from __future__ import annotations

from cf_pipeline.warehouse.dialects import Database, database
from cf_pipeline.warehouse.errors import with_plain_errors
from cf_pipeline.warehouse.tables.schemas import PUBLISHED, RESTRICTED


def roll_back(url: str) -> None:
    """Show the version before the one that is shown; the next publication has a number of its own.

    A server exchanges both schemas in one transaction. Files are exchanged one after the other: a process
    killed between leaves figures of one version and records of the other, and this puts it right when it is
    called again.

    Raises:
        WarehouseError: nothing is published, no earlier version is kept, or the database failed.
    """
    targets = _targets(url)
    with_plain_errors(f"going back in {targets[0].name}", lambda: targets[0].roll_back(targets))


def forget_versions(url: str) -> None:
    """Remove every version but the one that is shown: there is none to go back to until the next publication.

    Raises:
        WarehouseError: the database failed; versions may be left, and it may be called again.
    """
    targets = _targets(url)
    for target in targets:
        with target.exclusive():
            with_plain_errors(f"removing kept versions of {target.name}", target.forget_versions)


def _targets(url: str) -> list[Database]:
    return [database(url, schema.name) for schema in (RESTRICTED, PUBLISHED)]
