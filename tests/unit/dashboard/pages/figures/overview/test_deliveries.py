import pytest

from tests.support.figure_visit import VIEWER, content_of, table_of, tables, texts


@pytest.fixture(scope="module")
def published():
    return tables()


def sections(content):
    return {section.key: section for section in content.sections}


def test_the_newest_delivery_that_counts_and_what_it_corrected_are_told(published):
    content = content_of("overview", published)
    words = sections(content)["newest"].blocks[0].text
    assert words == "The newest delivery that figures use is as at 31 December 2019."
    refused = table_of(content, "deliveries").rows[0]
    assert (refused[0].text, refused[2].text, refused[2].mark) == ("2020-03-31", "refused", "bad")
    assert [row[0] for row in texts(table_of(content, "corrected-now"))] == ["Contacts received"]
    assert sections(content)["newest"].blocks[0].links[0].href == "/city-of-london/changes"


def test_who_sees_figures_alone_is_not_led_to_changed_cases(published):
    content = content_of("overview", published, user=VIEWER)
    assert sections(content)["newest"].blocks[0].links == ()


def test_the_corrections_of_a_quarter_are_those_of_its_figures(published):
    assert table_of(content_of("overview", published), "corrected-figures").rows == ()
    content = content_of("overview", published, {"quarter": "2019/20 Q2"})
    assert texts(table_of(content, "corrected-figures"))[0][3] == "89"
