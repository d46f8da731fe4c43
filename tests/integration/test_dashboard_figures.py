"""The pages with figures over the sample council: on both databases, sorted by the server, clear errors."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import psycopg
import pytest

from cf_pipeline.cli.main import main
from cf_pipeline.cli.serving.warehouse_source import WarehouseSource
from cf_pipeline.dashboard.access.identity import AccessSettings
from cf_pipeline.dashboard.app import make_app
from cf_pipeline.dashboard.pages.figures.pages import FIGURE_PAGES
from tests.conftest import ID_KEY
from tests.support.asgi_client import AsgiClient
from tests.support.dashboard_example import KeptLog

pytestmark = pytest.mark.slow

COUNCIL = "/city-of-london"
ADDRESSES = (
    "/?all=1",
    COUNCIL,
    f"{COUNCIL}?quarter=2018%2F19+Q4",
    f"{COUNCIL}/area/contacts-and-referrals",
    f"{COUNCIL}/area/children-in-care",
    f"{COUNCIL}/kpi/contacts_count?breakdown=team",
    f"{COUNCIL}/kpi/assess_45wd_pct?basis=ytd",
    f"{COUNCIL}/kpi/cla_stock?breakdown=ethnicity&basis=year",
    f"{COUNCIL}/kpi/cpp_stock?breakdown=team_age_band",
    f"{COUNCIL}/kpi/cin_duration_bands",
    f"{COUNCIL}/compare?kpi=rereferrals_12m_pct&kpi2=contacts_count",
    f"{COUNCIL}/compare?kpi=contacts_count&period=month&breakdown=contact_source",
    f"{COUNCIL}/compare?kpi=s47_count&period=year",
    f"{COUNCIL}/forecasts",
    f"{COUNCIL}/search?q=visit",
)


def client_of(url: str) -> AsgiClient:
    settings = AccessSettings()
    return AsgiClient(make_app(WarehouseSource(url), KeptLog(), settings, lambda chart: chart.title))


@pytest.fixture(scope="module")
def embedded(sample_project) -> AsgiClient:
    return client_of(f"duckdb:///{sample_project}/data/warehouse/published.duckdb")


@pytest.fixture(scope="module")
def on_server(sample_project, postgres, tmp_path_factory) -> Iterator[AsgiClient]:
    """The lake of the sample, published into PostgreSQL."""
    url = postgres.replace("postgresql://", "postgresql+psycopg://")
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS published_v1, restricted CASCADE")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(shutil.copytree(sample_project, tmp_path_factory.mktemp("server") / "project"))
        patch.setenv("CF_ID_KEY", ID_KEY)
        patch.setenv("CF_WAREHOUSE_URL", url)
        assert main(["publish"]) == 0
    yield client_of(url)


def main_part(html: str) -> str:
    """The content of a page, without what names the publication, and its numbers to nine digits.

    The databases differ in the last digit of a root.
    """
    content = html.partition("<main")[2].partition("</main>")[0]
    return re.sub(r'data-value="([^"]+)"', lambda match: f'data-value="{float(match[1]):.9g}"', content)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_is_the_same_on_both_databases(embedded, on_server, address):
    first, second = embedded.get(address), on_server.get(address)
    assert (first.status_code, second.status_code) == (200, 200)
    assert main_part(first.text) == main_part(second.text)


def test_every_page_with_figures_is_among_those_compared():
    patterns = [re.compile(re.sub(r"\{\w+\}", "[^/]+", page.path)) for page in FIGURE_PAGES]
    paths = [address.partition("?")[0] for address in ADDRESSES]
    assert all(any(pattern.fullmatch(path) for path in paths) for pattern in patterns)


def figures(html: str, table: str, column: int) -> list[float]:
    """The published numbers of a column of a table."""
    body = html.partition(f'id="{table}"')[2].partition("</table>")[0].partition("<tbody")[2]
    rows = [re.findall(r"<t[hd][^>]*>", row) for row in body.split("<tr")[1:]]
    found = (re.search(r'data-value="([^"]+)"', row[column]) for row in rows)
    return [float(match[1]) for match in found if match]


@pytest.mark.parametrize("order", ["", "&order=desc"])
def test_the_server_sorts_by_the_published_number(embedded, order):
    address = f"{COUNCIL}/area/contacts-and-referrals?sort=measure-list.2{order}"
    numbers = figures(embedded.get(address).text, "measure-list", 1)
    assert len(numbers) > 5
    assert numbers == sorted(numbers, reverse=bool(order))


def test_a_table_is_saved_with_the_published_numbers(embedded):
    saved = embedded.get(f"{COUNCIL}/kpi/contacts_1wd_pct?table=periods&as=csv")
    assert saved.headers["content-type"].startswith("text/csv")
    header, newest, *_ = saved.content.decode("utf-8-sig").splitlines()
    assert header.startswith("Period,Figure,Counted,Out of,")
    assert newest.startswith("2019/20 Q3,90.9090909090909,70")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (f"{COUNCIL}?quarter=2019%2F20+Q9", "There is no quarter"),
        (f"{COUNCIL}/kpi/contact_count", "Did you mean contacts_count?"),
        (f"{COUNCIL}/kpi/contacts_count?basis=week", "There is no basis"),
        (f"{COUNCIL}/kpi/contacts_count?breakdown=shoe", "There is no breakdown"),
        (f"{COUNCIL}/area/nowhere", "There is no area"),
        (f"{COUNCIL}/compare?period=decade", "There is no period"),
        (f"{COUNCIL}/compare?with=atlantis", "There is no authority"),
        ("/atlantis", "There is no authority"),
        (f"{COUNCIL}/forecasts?sort=forecast-list.99", "There is no such column"),
        (f"{COUNCIL}/compare?part=99", "There is no such part"),
    ],
)
def test_what_is_not_known_is_said_with_a_way_back(embedded, address, words):
    found = embedded.get(address)
    assert found.status_code == 404
    assert words in found.text
    assert '<a href="' in main_part(found.text)
