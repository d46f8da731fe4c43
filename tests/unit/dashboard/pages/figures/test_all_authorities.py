import pytest

from tests.support import publication_example as example
from tests.support.figure_visit import cell_of, content_of, table_of, tables, target, texts


@pytest.fixture(scope="module")
def published():
    return tables(targets=[target("contacts_1wd_pct", 95), target("contacts_count", 70)])


def test_an_authority_is_shown_with_its_newest_quarter_and_what_is_off_target(published):
    table = table_of(content_of("home", published), "authority-list")
    assert texts(table) == [
        [example.NAME, "Q3 2019/20", "31 December 2019", "none judged yet", "1"],
    ]
    # A target of a measure for context is neither reached nor missed.
    assert cell_of(table, example.NAME, "Off target").detail == "of 1"
    assert table.rows[0][0].href == "/city-of-london"
