import pandas as pd
import pytest

from cf_pipeline.dashboard.content import Form
from cf_pipeline.dashboard.pages.figures.search import has_words
from tests.support.figure_visit import VIEWER, content_of, table_of, tables, texts


@pytest.fixture(scope="module")
def published():
    lists = pd.DataFrame(
        {
            "authority_code": ["E09000001"] * 2,
            "worklist": ["contacts_undecided", "missing_now"],
            "title": ["Contacts without a decision", "Children missing now"],
            "position": [1, 2],
        }
    )
    return {**tables(), "worklist": lists}


def test_words_are_found_by_their_beginning_in_any_order():
    assert has_words("assess 45", "Assessments within 45 working days")
    assert has_words("days 45", "Assessments within 45 working days")
    assert not has_words("45 weeks", "Assessments within 45 working days")
    assert not has_words("plan", "Explained")


def test_measures_lists_and_areas_with_the_words_are_shown(published):
    content = content_of("search", published, {"q": "contacts"})
    assert [row[0] for row in texts(table_of(content, "found-measures"))] == [
        "Contacts received",
        "Contacts completed within one working day",
    ]
    assert [row[0] for row in texts(table_of(content, "found-lists"))] == ["Contacts without a decision"]
    assert "areas" in [section.key for section in content.sections]


def test_lists_are_shown_to_those_who_may_see_them_alone(published):
    content = content_of("search", published, {"q": "contacts"}, VIEWER)
    assert "found-lists" not in [table.name for table in content.tables()]


@pytest.mark.parametrize("words", [{}, {"q": "contacts"}])
@pytest.mark.parametrize(("who", "forms"), [((), ["Search", "Find a child"]), ((VIEWER,), ["Search"])])
def test_a_child_is_looked_for_apart_from_the_address_by_those_who_may_see_one(published, words, who, forms):
    content = content_of("search", published, words, *who)
    found = [block for block in content.blocks() if isinstance(block, Form)]
    assert [form.label for form in found] == forms
    assert [form.is_sent_apart for form in found] == [label != "Search" for label in forms]


def test_a_word_that_is_nowhere_says_so_and_what_may_have_been_meant(published):
    content = content_of("search", published, {"q": "Contact recieved"})
    assert table_of(content, "found-measures").rows == ()
    links = [link for block in content.blocks() for link in getattr(block, "links", ())]
    assert [link.text for link in links] == ["Contacts received"]
