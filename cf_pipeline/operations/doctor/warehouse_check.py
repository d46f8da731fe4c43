"""Checks the warehouse: it answers, has its schemas and roles, and shows one publication."""

from __future__ import annotations

from cf_pipeline.operations.doctor.finding import ATTENTION, FAULT, Finding, or_ok
from cf_pipeline.operations.project_state import WAREHOUSE, ProjectState
from cf_pipeline.warehouse import ServerState

CHECK = "warehouse"
ADMINISTRATOR = "An administrator runs `cf-pipeline init-db` (docs/access.md)."


def check_warehouse(state: ProjectState, server: ServerState | None) -> list[Finding]:
    """A finding for each thing that is wrong with the warehouse.

    Args:
        state: of the project.
        server: what its server says; None for an embedded warehouse, or when it does not answer.
    """
    findings = _check_server(server) if server is not None else []
    if WAREHOUSE in state.unread:
        fix = "Do what the sentence says; cf-pipeline publish builds the warehouse from the lake."
        findings.append(Finding(CHECK, FAULT, state.unread[WAREHOUSE], fix))
    elif state.publication is None:
        findings.append(Finding(CHECK, ATTENTION, "Nothing is published yet.", "cf-pipeline run"))
    elif not state.is_pair:
        what = "The figures and the records behind them are of two publications."
        findings.append(Finding(CHECK, FAULT, what, "cf-pipeline publish"))
    if state.publication is None:
        return findings
    published = state.publication
    what = f"Version {published.version} is shown, published {published.published_at:%Y-%m-%d %H:%M} UTC."
    return or_ok(CHECK, findings, what)


def _check_server(server: ServerState) -> list[Finding]:
    if not server.is_new_enough:
        what = f"The server is PostgreSQL {server.version}; {server.oldest_version} or newer is needed."
        return [Finding(CHECK, FAULT, what, "Move the database to a newer server (pg_dump, pg_restore).")]
    if not server.is_set_up:
        what = "The database has no roles of the product: whoever may read it reads every record."
        return [Finding(CHECK, ATTENTION, what, ADMINISTRATOR)]
    findings = []
    if server.has_newer_layout:
        what = "The database was set up by a newer version of the product."
        findings.append(Finding(CHECK, FAULT, what, "Install that version of the product or a newer one."))
    if server.missing_roles:
        what = f"The server lacks the roles {', '.join(server.missing_roles)}."
        findings.append(Finding(CHECK, FAULT, what, ADMINISTRATOR))
    if server.missing_schemas:
        what = f"The database lacks the schemas {', '.join(server.missing_schemas)}."
        findings.append(Finding(CHECK, FAULT, what, ADMINISTRATOR))
    if not server.may_publish and not server.missing_roles:
        what = f"The user of the pipeline is not in the role {server.writer}, which publishes."
        findings.append(
            Finding(CHECK, FAULT, what, f"An administrator runs GRANT {server.writer} TO the user.")
        )
    return findings
