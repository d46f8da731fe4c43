"""What a driver says of a connection becomes one sentence that tells its kind, and never its text."""

from __future__ import annotations

import duckdb
import psycopg
import pytest

from cf_pipeline.warehouse.errors import WarehouseError, with_plain_errors

SECRET = "open-sesame"  # noqa: S105 (invented)
REFUSED = "refuses the user or the password"
SAID = {
    'connection failed: FATAL: password authentication failed for user "a"': REFUSED,
    "connection failed: fe_sendauth: no password supplied": REFUSED,
    'connection failed: FATAL: role "a" does not exist': REFUSED,
    'connection failed: FATAL: database "open-sesame" does not exist': "has no database of the name",
    "failed to resolve host 'open-sesame': [Errno -2]": "the host in .* is not known",
    "connection failed: Connection refused": "no server answers",
    "connection timeout expired": "does not answer",
    'FATAL: no pg_hba.conf entry for host "10.0.0.1"': "does not let this user in from this computer",
    "FATAL: sorry, too many clients already": "has no room left",
    "FATAL: the database system is starting up": "run again when it is up",
    "server closed the connection unexpectedly": "closed the connection; run again",
    "consuming input failed: SSL connection has been closed": "closed the connection; run again",
    "etwas anderes open-sesame": "cannot be reached",
}


@pytest.mark.parametrize("text", SAID)
def test_each_fault_of_a_connection_has_its_own_sentence(text: str) -> None:
    with pytest.raises(WarehouseError, match=SAID[text]) as caught:
        with_plain_errors("publishing", lambda: _fail(psycopg.OperationalError(text)))
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is caught.value.__context__ is None


@pytest.mark.parametrize("place", ["schema restricted", "table kpi_member", "database cf"])
def test_a_missing_right_names_what_it_is_missing_on(place: str) -> None:
    error = psycopg.errors.InsufficientPrivilege(f"permission denied for {place}")
    with pytest.raises(WarehouseError, match=f"lacks a right on the {place}; grant it"):
        with_plain_errors("publishing", lambda: _fail(error))


def test_a_folder_that_cannot_be_written_is_named() -> None:
    error = PermissionError(13, "Permission denied", "/srv/cf/warehouse")
    with pytest.raises(WarehouseError, match="/srv/cf/warehouse: permission denied; check"):
        with_plain_errors("publishing", lambda: _fail(error))


def test_a_fault_that_ends_duckdb_is_told_as_one_of_the_disk() -> None:
    error = duckdb.FatalException("FATAL Error: Failed to write the file of open-sesame")
    with pytest.raises(WarehouseError, match="cannot be written to the end; check the free space") as caught:
        with_plain_errors("publishing", lambda: _fail(error))
    assert SECRET not in str(caught.value)


def _fail(error: Exception) -> None:
    raise error
