import pytest

from tests.support.figure_visit import content_of, table_of, tables, texts


@pytest.fixture(scope="module")
def content():
    return content_of("overview", tables())


def test_measures_without_a_figure_are_told_with_the_published_reason(content):
    found = {row[0]: row[2:] for row in texts(table_of(content, "missing-figures"))}
    assert list(found.values()) == [
        ["none in the period", "There were no conferences."],
        ["not available", "The deliveries do not cover this period: nothing was received for it."],
    ]


def test_errors_of_the_newest_data_are_counted_by_list_with_their_trend(content):
    table = table_of(content, "errors")
    assert [column.name for column in table.columns][1:] == ["Errors", "Change since the delivery before"]
    counts = [row[1].value for row in table.rows]
    assert counts == sorted(counts, reverse=True)
    assert all(count > 0 for count in counts)
