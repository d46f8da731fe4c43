"""`cf-pipeline init-db`: the schemas and roles of a PostgreSQL warehouse."""

from __future__ import annotations

from cf_pipeline import warehouse
from cf_pipeline.cli.console import print_line
from cf_pipeline.project.settings import Settings
from cf_pipeline.warehouse.tables.roles import ROLES

OK = 0


def create_roles(settings: Settings) -> int:
    """Make what is not there yet, and say what each role is for.

    Raises:
        WarehouseError: the database has no roles, or the login may not make them; nothing was changed.
    """
    created = warehouse.create_roles(settings.warehouse_url)
    print_line(f"{settings.warehouse_shown} has its schemas and roles:")
    for role, purpose in ROLES.items():
        print_line(f"  {role} {purpose}{' (new)' if role in created else ''}")
    print_line(
        "GRANT a role to a login; `cf-pipeline access grant` says who sees which team (docs/access.md)."
    )
    return OK
