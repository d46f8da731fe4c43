"""What is sent for a request: pages, files, errors, and what is written down of them."""

from __future__ import annotations

import threading
from dataclasses import replace

import pandas as pd
import pytest

from cf_pipeline.dashboard import answers
from cf_pipeline.dashboard.content import Cell, Column, Content, Section, TableView, Text
from cf_pipeline.dashboard.page import Lookup, Page, PageError
from cf_pipeline.dashboard.source import SourceError
from cf_pipeline.errors import PlainError
from tests.support.dashboard_example import SLUG, KeptLog, MadeUpSource, authorities, dashboard

COLUMNS = (Column("Row"), Column("n", is_number=True))
TABLE = TableView("numbers", "Numbers", COLUMNS, (), "No row.", has_children=True)


def content(visit) -> Content:
    numbers = visit.read_figures({"numbers": {}})["numbers"]["n"]
    rows = tuple((Cell(f"row {n}"), Cell(str(n), int(n))) for n in numbers)
    return Content(
        "Numbers", (), (Text("Some <b>words"),), (Section("s", "S", (replace(TABLE, rows=rows),)),)
    )


FIGURES = Page("overview", "/{authority}", content)
RECORDS = Page("today", "/{authority}/today", content, shows_records=True)


def source(*numbers: int) -> MadeUpSource:
    return MadeUpSource({"numbers": pd.DataFrame({"n": numbers})})


def test_a_page_is_made_once_for_a_publication(monkeypatch):
    made = []
    page = replace(FIGURES, make_content=lambda visit: made.append(1) or content(visit))
    rows = source(1, 2)
    client = dashboard(monkeypatch, [page], rows)
    first, second = client.get(f"/{SLUG}"), client.get(f"/{SLUG}")
    assert first.status_code == 200
    assert first.text == second.text
    assert "Some &lt;b&gt;words" in first.text
    assert "as at 31 December 2019, published on 15 January 2020 at 08:30 (publication 3" in first.text
    assert len(made) == 1
    rows.version = 4
    assert "publication 4" in client.get(f"/{SLUG}").text
    assert len(made) == 2


def test_many_who_ask_for_a_new_page_at_once_make_it_once(monkeypatch):
    made = []
    page = replace(FIGURES, make_content=lambda visit: made.append(1) or content(visit))
    client = dashboard(monkeypatch, [page], source(1))
    readers = [threading.Thread(target=client.get, args=(f"/{SLUG}",)) for _ in range(8)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert len(made) == 1


def test_a_page_never_mixes_two_publications(monkeypatch):
    monkeypatch.setattr(answers, "PAUSE_SECONDS", 0)
    rows = source(1)
    rows.figures_version = [3, 4, 3]  # authorities, then a table of the next publication, then again
    client = dashboard(monkeypatch, [FIGURES], rows)
    assert client.get(f"/{SLUG}").status_code == 200
    rows.figures_version = [4] * 20
    rows.version = 5
    refused = client.get(f"/{SLUG}")
    assert refused.status_code == 503
    assert "Newer figures are being published just now" in refused.text


def test_an_address_of_an_earlier_publication_says_that_it_is_gone(monkeypatch):
    client = dashboard(monkeypatch, [FIGURES], source(1))
    assert client.get(f"/{SLUG}?version=3").status_code == 200
    gone = client.get(f"/{SLUG}?version=2&quarter=2019%2F20+Q3")
    assert gone.status_code == 410
    assert "of publication 2; the one that is shown is number 3" in gone.text
    assert f'href="/{SLUG}?quarter=2019%2F20+Q3"' in gone.text


def test_a_table_is_saved_with_all_rows_in_the_order_of_the_page(monkeypatch):
    client = dashboard(monkeypatch, [FIGURES], source(2, 10, 1))
    found = client.get(f"/{SLUG}?table=numbers&as=csv&sort=numbers.2&order=desc")
    assert found.text.splitlines() == ["\ufeffRow,n", "row 10,10", "row 2,2", "row 1,1"]
    assert found.headers["content-disposition"] == 'attachment; filename="overview-numbers-publication-3.csv"'
    for query in ("table=other&as=csv", "table=numbers&as=exe", "as=csv"):
        assert client.get(f"/{SLUG}?{query}").status_code == 404


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_records_are_written_down_before_they_are_shown_and_kept_nowhere(monkeypatch, method):
    log = KeptLog()
    client = dashboard(monkeypatch, [RECORDS], source(1, 2), log)
    shown = client.request(method, f"/{SLUG}/today?team=A&find=case+77&q=5")
    assert shown.status_code == 200
    assert shown.headers["cache-control"] == "no-store"
    (entry,) = log.entries
    assert (entry.page, entry.path, entry.row_count) == ("today", f"/{SLUG}/today?team=A", 2)
    client.request(method, f"/{SLUG}/today?table=numbers&as=xlsx")
    assert log.entries[1].subject == "today, saved as Excel"


def test_records_that_cannot_be_written_down_are_not_shown(monkeypatch):
    class FullLog(KeptLog):
        def add(self, access):
            raise PlainError("The log of accesses cannot be written: the disk is full.")

    refused = dashboard(monkeypatch, [RECORDS], source(77), FullLog()).get(f"/{SLUG}/today")
    assert refused.status_code == 503
    assert "the disk is full" in refused.text
    assert "row 77" not in refused.text


def test_a_refused_read_is_written_down(monkeypatch):
    def refuse(visit):
        raise PageError(404, "No such list", "There is no such list.")

    log = KeptLog()
    client = dashboard(monkeypatch, [replace(RECORDS, make_content=refuse)], source(1), log)
    assert client.get(f"/{SLUG}/today").status_code == 404
    assert [entry.row_count for entry in log.entries] == [None]


def test_a_search_by_case_id_leads_to_a_page_and_leaves_the_id_in_no_address(monkeypatch):
    log = KeptLog()
    lookup = Lookup("find_child", "/{authority}/find-child", lambda visit, text: f"/child/{len(text)}")
    client = dashboard(monkeypatch, [FIGURES], source(1), log, lookups=[lookup])
    found = client.post(f"/{SLUG}/find-child", data={"text": " 1234 "})
    assert (found.status_code, found.headers["location"]) == (303, "/child/4")
    assert "1234" not in repr(log.entries)
    assert len(log.entries) == 1
    assert client.get(f"/{SLUG}/find-child").status_code == 404


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/city-of-londn", 404, "Did you mean city-of-london?"),
        (f"/{SLUG}/nothing", 404, "no page of this dashboard"),
        ("/static/secret.txt", 404, "no page of this dashboard"),
        (f"/{SLUG}?sort=numbers.9", 404, "has 2 columns"),
    ],
)
def test_an_address_of_nothing_says_so_and_shows_the_way_back(monkeypatch, path, status, words):
    found = dashboard(monkeypatch, [FIGURES], source(1)).get(path)
    assert (found.status_code, words in found.text) == (status, True)
    assert "href=" in found.text.split("<main", 1)[1]


def test_faults_become_pages_in_plain_words(monkeypatch, capsys):
    def fail(visit):
        raise ValueError("Secret Child")

    away = source(1)
    away.publication = lambda: (_ for _ in ()).throw(SourceError("The warehouse is away."))
    page = dashboard(monkeypatch, [FIGURES], away).get(f"/{SLUG}")
    assert (page.status_code, "The warehouse is away." in page.text) == (503, True)
    page = dashboard(monkeypatch, [replace(FIGURES, make_content=fail)], source(1)).get(f"/{SLUG}")
    assert (page.status_code, "(ValueError)" in page.text) == (500, True)
    assert "Secret" not in page.text + capsys.readouterr().err
    nothing = source(1)
    nothing.version = 0
    page = dashboard(monkeypatch, [FIGURES], nothing).get(f"/{SLUG}")
    assert (page.status_code, "cf-pipeline run" in page.text) == (503, True)


def test_every_answer_has_its_headers(monkeypatch):
    client = dashboard(monkeypatch, [FIGURES], source(1))
    for path in ("/", f"/{SLUG}", "/none", "/static/dashboard.css", f"/{SLUG}?table=numbers&as=csv"):
        headers = client.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


def test_the_home_page_leads_to_the_only_authority(monkeypatch):
    home = Page("home", "/", content)
    one = dashboard(monkeypatch, [home, FIGURES], source(1)).get("/")
    assert (one.status_code, one.headers["location"]) == (303, f"/{SLUG}")
    several = source(1)
    several.tables["dim_authority"] = authorities(SLUG, "camden")
    assert dashboard(monkeypatch, [home, FIGURES], several).get("/").status_code == 200
