"""Wordings to codes: rules in order; a gap is better than a wrong code."""

import pytest

from cf_pipeline.clean.codes.code_book import rows_without_code
from cf_pipeline.clean.codes.keywords import INFERRED_ONLY_ON_REQUEST, MOST_PATTERNS, keywords
from cf_pipeline.clean.codes.match import CodeMatcher, Match, code_matcher, match_code, rules_only_matcher
from cf_pipeline.contracts.codes import code_sets, codes_of
from cf_pipeline.contracts.mapping import CouncilMapping

EVERY_CODE = [(code_set, code) for code_set, codes in code_sets().items() for code in codes]


@pytest.mark.parametrize(("code_set", "code"), EVERY_CODE, ids=lambda value: getattr(value, "code", value))
def test_the_code_itself_and_its_official_string_are_the_code(code_set, code):
    assert match_code(code_set, code.code).code == code.code
    assert match_code(code_set, f" {code.code.lower()} ").code == code.code
    if code.official:
        for text in (
            code.official,
            code.official.upper(),
            code.official.replace("’", "'").replace(":", " :"),
        ):
            match = match_code(code_set, text)
            assert (match.code, match.conflict) == (code.code, False)


SPELLINGS = [
    ("contact_referral_source", "School", "2A"),
    ("contact_referral_source", "Health", "3F"),
    ("contact_referral_source", "Police", "6"),
    ("contact_referral_source", "3b: Health services", "3B"),
    ("contact_referral_source", "Community School Nurse (east)", "3C"),
    ("contact_referral_source", "m) 4", "4"),
    ("ethnicity", "A1 - White British", "WBRI"),
    ("ethnicity", "(D2) African", "BAFR"),
    ("ethnicity", "CTWN", "CHNE"),
    ("ethnicity", "Mixed - White/ Black African", "MWBA"),
    ("ethnicity", "White and Pakistani", "MOTH"),
    ("ethnicity", "Any other Asian background (not Chinese)", "AOTH"),
    ("gender", "b) whatever", "F"),
    ("gender", "2 - Female", "F"),
    ("gender", "Non-binary", "I"),
    ("yes_no/plain", "yes", "Y"),
    ("yes_no/plain", "1", "Y"),
    ("yes_no/plain", "FALSE", "N"),
    ("yes_no/referral_nfa", "NFA", "Y"),
    ("yes_no/rhi_offered", "Offered and Declined (by YP)", "Y"),
    ("yes_no/rhi_accepted", "Offered and Declined (by YP)", "N"),
    ("disability_flag", "NONE", "N"),
    ("disability_flag", "Autism", "Y"),
    ("in_touch", "No, residence not known", "NOABR"),
    ("in_touch", "03 - Yes, gone abroad", "YESABR"),
    ("accommodation_type", "Y2", "Y"),
    ("accommodation_type", "U Independent living", "U"),
    ("accommodation_suitability", "0 - Unsuitable", "2"),
    ("accommodation_suitability", "0", "NK"),
    ("cp_category", "Neglect; Physical abuse", "MUL"),
    ("cp_category", "YNNN", "NEG"),
    ("cp_category", "Likelihood of emotional harm", "EMO"),
    ("placement_type", "U4OUT - Foster placement", "U4"),
    ("placement_type", "H1", "K1"),
    ("placement_location", "Yes", "IN"),
    ("lac_ceased_reason", "SE11", "E11"),
    ("lac_ceased_reason", "E15 - Age assessment (E5, E6 and E7 do not apply)", "E15"),
    ("legal_status", "Code 'C2' is not mapped", "C2"),
    ("legal_status", "Interim care order - s38", "C1"),
    ("primary_need", "N5.LOW 29", "N5"),
    ("primary_need", "Abuse or Neglct", "N1"),
    ("contact_outcome", "No Further Action", "NFA_FLAG"),
    ("contact_outcome", "CIN Referral", "NEW_REFERRAL_FLAG"),
    ("missing_episode_type", "Absent", "A"),
]


@pytest.mark.mess(48)
@pytest.mark.parametrize(("code_set", "text", "code"), SPELLINGS)
def test_a_spelling_is_its_code(code_set, text, code):
    assert match_code(code_set, text).code == code


@pytest.mark.parametrize(
    ("code_set", "text"),
    [
        ("contact_referral_source", "Individual"),  # four codes start so
        ("ethnicity", "s) something"),  # letters moved between issues
        ("legal_status", "parent(s) agree"),
        ("lac_ceased_reason", "Adopted"),  # opposed or not?
        ("gender", "x"),
        ("primary_need", "N12"),
        ("yes_no/uasc", "CLA"),
        ("yes_no/uasc", "Non-CLA"),
    ],
)
def test_what_no_rule_settles_stays_unmatched(code_set, text):
    assert match_code(code_set, text) == match_code(code_set, text).__class__(None, "unmatched")


@pytest.mark.parametrize("text", ["", "-", "N/A", "#N/A", "null", "Not applicable"])
def test_nothing_is_no_code_and_no_issue(text):
    assert match_code("legal_status", text).rule == "null"


@pytest.mark.parametrize(
    ("code_set", "text", "code"),
    [
        ("closure_reason", "RC7:Case closed after assessment", "RC7"),
        ("placement_type", "H5 - Placed with own parents", "H5"),
        ("contact_referral_source", "7 - Police", "7"),
    ],
)
def test_a_code_beside_another_code_s_words_is_kept_and_flagged(code_set, text, code):
    match = match_code(code_set, text)
    assert (match.code, match.conflict) == (code, True)


def test_the_tables_of_words_name_codes_that_exist():
    assert rows_without_code() == []


@pytest.mark.mess(49)
@pytest.mark.parametrize(
    ("code_set", "text", "code"),
    [
        ("yes_no/referral_nfa", "NFA", "Y"),
        ("yes_no/plain", "NFA", None),
        ("placement_location", "Yes", "IN"),
        ("yes_no/plain", "Yes", "Y"),
        ("placement_location", "No", "OUT"),
        ("gender", "1", "M"),
        ("yes_no/plain", "1", "Y"),
        ("accommodation_suitability", "2", "2"),
        ("accommodation_suitability", "0", "NK"),
        ("in_touch", "2", "NO"),
        ("disability_flag", "0", "N"),
        ("contact_referral_source", "9", "9"),
    ],
)
def test_yes_no_and_a_digit_mean_what_their_column_says(code_set, text, code):
    assert match_code(code_set, text).code == code


@pytest.mark.parametrize(
    ("code_set", "text"),
    [
        ("case_status", "No longer a CIN"),
        ("case_status", "Not subject to a child protection plan"),
        ("case_status", "CP plan ended"),
        ("placement_type", "Not placed for adoption"),
        ("legal_status", "Previous care order"),
        ("primary_need", "No abuse or neglect"),
        ("cp_category", "Not neglect"),
    ],
)
def test_a_denial_is_not_what_it_denies(code_set, text):
    assert match_code(code_set, text).code is None


COUNCIL = CouncilMapping(
    codes={"contact_referral_source": {"DAUI": "1A", "Police": "8"}},
    infer_codes=frozenset({"contact_referral_source"}),
)


@pytest.mark.parametrize(
    ("text", "code"),
    [("daui", "1A"), ("Police", "8"), ("Police officer", "6")],
)
def test_a_council_s_own_words_win_over_every_rule(text, code):
    assert code_matcher("contact_referral_source", COUNCIL).match(text).code == code


def test_an_alias_helps_where_no_rule_hits_and_alone_the_rules_do_without():
    with_alias = CodeMatcher("primary_need", aliases=(("knife crime", "N6"),))
    assert rules_only_matcher("primary_need").match("Knife crime").rule == "unmatched"
    assert with_alias.match("Knife crime").rule == "alias"
    assert with_alias.match("Knife crime (see notes)").code == "N6"


def test_a_guess_from_key_words_says_so():
    assert match_code("primary_need", "Parents are heavily alcohol dependent").rule == "inferred"


def test_key_words_are_off_where_wordings_are_local_until_a_council_asks():
    text = "Local constable"
    assert {"contact_referral_source", "closure_reason"} == INFERRED_ONLY_ON_REQUEST
    assert match_code("contact_referral_source", text).rule == "unmatched"
    asked = code_matcher("contact_referral_source", COUNCIL).match(text)
    assert (asked.code, asked.rule) == ("6", "inferred")


@pytest.mark.parametrize("code_set", keywords())
def test_key_words_are_few_and_name_codes_that_exist(code_set):
    assert len(keywords()[code_set]) <= MOST_PATTERNS
    assert {code for _, code in keywords()[code_set]} <= {code.code for code in codes_of(code_set)}


@pytest.mark.parametrize("marks", ["??", "***", "!"])
def test_marks_that_stand_for_nothing_known_are_unmatched_and_so_told(marks: str) -> None:
    assert match_code("in_touch", marks).rule == "unmatched"


@pytest.mark.mess(33)
@pytest.mark.parametrize("code_set", sorted(code_sets()))
@pytest.mark.parametrize("text", ["(null)", "\\N", "<NULL>", "[NULL]", "{null}", "NaT", "<NA>", "#N/A", ".A"])
def test_what_a_database_writes_for_nothing_is_no_code_of_any_set(code_set: str, text: str) -> None:
    assert match_code(code_set, text) == Match(None, "null")
