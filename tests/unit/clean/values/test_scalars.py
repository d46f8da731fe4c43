"""Numbers, ages, postcodes and names: a typed value, or blank with an issue."""

import pytest

from cf_pipeline.clean.values import scalars
from cf_pipeline.clean.values.repair import garbled_text_rule, repair_text


@pytest.mark.mess(38)
@pytest.mark.parametrize(
    ("text", "number", "rule"),
    [
        ("3", 3, None),
        ("3,000", 3000, "number_reformatted"),
        ("3\u00a0000", 3000, "number_reformatted"),
        ("3\u2009000", 3000, "number_reformatted"),
        ("1.0", 1, None),
        ("-1", -1, None),
        ("n/a", None, None),
    ],
)
def test_a_whole_number(text, number, rule):
    assert scalars.parse_integer(text) == (number, rule)


@pytest.mark.mess(38)
@pytest.mark.parametrize("text", ["2.5", "<5", "three", "1e400", "12a", "nan5"])
def test_what_is_no_whole_number_is_blank_with_an_issue(text):
    assert scalars.parse_integer(text) == (None, "number_unreadable")


@pytest.mark.mess(38)
@pytest.mark.parametrize(
    ("text", "years"),
    [("6.99", 6), ("8.5yrs", 8), ("18m", 1), ("<1", 0), ("0.3", 0), ("Unborn", -1), ("-0.2", -1)],
)
def test_an_age_is_rounded_down_and_an_unborn_child_is_minus_one(text, years):
    assert scalars.parse_age(text) == (years, "number_reformatted")


@pytest.mark.mess(38)
@pytest.mark.parametrize(("text", "years"), [("7", 7), ("7.0", 7), ("-1", -1)])
def test_an_age_in_whole_years_needs_no_word(text, years):
    assert scalars.parse_age(text) == (years, None)


@pytest.mark.parametrize("text", ["-3", "200", "old"])
def test_an_impossible_age_is_blank_with_an_issue(text):
    assert scalars.parse_age(text) == (None, "number_unreadable")


@pytest.mark.parametrize(
    ("text", "number", "rule"),
    [
        ("2.5", 2.5, None),
        ("1,200.5", 1200.5, "number_reformatted"),
        (".5", 0.5, None),
        ("not known", None, None),
        ("1e2", 100.0, None),
    ],
)
def test_a_number(text, number, rule):
    assert scalars.parse_number(text) == (number, rule)


@pytest.mark.mess(47)
@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("ec2m 7pp", None),
        ("EC2M7PP", None),
        ("E C 2 M 7 P P", None),
        ("EC2M-7PP.", "postcode_reformatted"),
    ],
)
def test_a_postcode_has_one_shape(text, rule):
    assert scalars.parse_postcode(text) == ("EC2M 7PP", rule)


@pytest.mark.mess(47)
def test_what_is_no_postcode_is_blank_with_an_issue_and_a_secret_one_without():
    assert scalars.parse_postcode("nope") == (None, "postcode_unreadable")
    assert scalars.parse_postcode("Confidential") == (None, None)


def test_a_worker_becomes_a_digest_the_same_whatever_the_order_of_the_names():
    digest, rule = scalars.parse_worker("Mathilde\u00a0Cutsforth")
    assert rule is None
    assert digest == scalars.parse_worker("CUTSFORTH, Mathilde")[0]
    assert digest != scalars.parse_worker("Mathilda Cutsforth")[0]
    assert "mathilde" not in digest


@pytest.mark.parametrize("text", ["Unallocated", "not allocated", "Duty Team", "0", "-1", "No"])
def test_words_for_nobody_are_no_worker_and_are_told(text):
    assert scalars.parse_worker(text) == (None, "nobody_named")
    assert scalars.parse_presence(text) == (False, "nobody_named")


@pytest.mark.parametrize("text", ["n/a", "TBC", "(null)", "\\N", ""])
def test_a_blank_is_no_worker_and_nothing_to_tell(text):
    assert scalars.parse_worker(text) == (None, None)
    assert scalars.parse_presence(text) == (False, None)


def test_a_name_becomes_that_there_is_one():
    assert scalars.parse_presence("Mathilde\u00a0Cutsforth") == (True, None)


@pytest.mark.mess(34, 35)
@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("PR1 - Own provision by\u00a0LA", "PR1 - Own provision by LA"),
        ("Childâ€™s disability", "Child's disability"),
        ("childrenÃ¢â‚¬â„¢s", "children's"),
        ("a \u200b b\t c", "a b c"),
        ("N1 \u2013 Abuse", "N1 - Abuse"),
        ("Crème", "Crème"),
        ('="01/05/2010"', "01/05/2010"),
        ('=T("00123")', "00123"),
        ('\'="00123"', "00123"),
        ('="say ""no"""', 'say "no"'),
        ("=A1", "=A1"),
    ],
)
def test_text_is_repaired_and_nothing_else_is_touched(text, meant):
    assert repair_text(text) == meant


@pytest.mark.mess(35)
@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Childâ€™s disability", "text_repaired"),
        ("childrenÃ¢â‚¬â„¢s", "text_repaired"),
        ("Child’s\u00a0disability", None),
        ("Crème", None),
        ("plain", None),
    ],
)
def test_only_letters_that_were_garbled_are_told_as_repaired(text, rule):
    assert garbled_text_rule(text) == rule
