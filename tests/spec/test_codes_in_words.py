"""A code written beside words decides; a wording that may mean several things is a gap that is told.

Each table is to be checked by eye against Annex A's code lists and the SSDA903 guides.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cf_pipeline.clean.codes.match import match_code
from cf_pipeline.contracts.codes import code_sets, codes_of
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.kpi.measure.categories.distribution_bands import band_names
from tests.support.ingested_rows import clean_deliveries

CODE_SETS = [name for name, codes in code_sets().items() if len(codes) > 1]
CODES_WITH_DIGIT = [
    (name, code) for name in CODE_SETS for code in codes_of(name) if any(c.isdigit() for c in code.code)
]


@pytest.mark.parametrize(
    ("code_set", "text", "code"),
    [
        ("placement_type", "K3 - Registered supported accommodation", "K3"),
        ("placement_type", "k3: independent living", "K3"),
        ("placement_type", "(Z12) Placed with parents", "Z12"),
        ("placement_type", "Code K2 - Secure unit", "K2"),
        ("legal_status", "V3: Single period under S20", "V3"),
        ("legal_status", "  V4   -  Accommodated under section 20 ", "V4"),
        ("legal_status", "Section 20 (V3)", "V3"),
        ("lac_ceased_reason", "E9 - Adopted, consent dispensed", "E9"),
        ("activity_status", "P2: full time higher education", "P2"),
        ("contact_referral_source", "6 - Housing", "6"),
        ("contact_referral_source", "2A/Police", "2A"),
        ("accommodation_type", "B1 - Independent living", "B"),
        ("adopter_leaving_reason", "3 - Withdrew", "3"),
    ],
)
def test_a_code_beside_words_decides(code_set: str, text: str, code: str) -> None:
    assert match_code(code_set, text).code == code


@pytest.mark.parametrize(
    ("code_set", "text"),
    [
        ("placement_type", "W9 - Independent living"),
        ("placement_type", "z15: other placements"),
        ("placement_type", "Independent living (W9)"),
        ("placement_type", "Foster placement - U9"),
        ("legal_status", "C9: Full care order"),
        ("legal_status", "V9 Accommodated under section 20"),
        ("lac_ceased_reason", "E10 - Died"),
        ("closure_reason", "RC10 - Adopted"),
        ("primary_need", "N11 Abuse or neglect"),
        ("contact_referral_source", "11 - Police"),
        ("contact_referral_source", "9A - Anonymous"),
        ("placement_provider", "PR9) Own provision"),
        ("ethnicity", "WBRT: White British"),
        ("cp_category", "NEX - Neglect"),
        ("ethnicity", "F9 Indian"),
        ("accommodation_type", "(F) Independent living"),
        ("accommodation_type", "A1 - With parents"),
        ("activity_status", "F9 - full time in education"),
        ("adopter_leaving_reason", "4 - Application refused"),
    ],
)
def test_an_unknown_code_beside_words_is_unmatched_never_its_words_neighbour(
    code_set: str, text: str
) -> None:
    assert (match_code(code_set, text).code, match_code(code_set, text).rule) == (None, "unmatched")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Accommodated under an agreed series of short-term breaks", "V3"),
        ("Section 20 (short breaks)", "V3"),
        ("S20 single period - short breaks", "V3"),
        ("s.20 respite", "V3"),
        ("Voluntary: short stays", "V3"),
        ("Short breaks, agreements recorded", "V4"),
        ("Section 20 excluding short breaks", "V2"),
        ("Section 20 (not short breaks)", "V2"),
        ("Single period of accommodation under section 20", "V2"),
    ],
)
def test_short_breaks_in_words_are_no_single_period_of_care(text: str, code: str) -> None:
    assert match_code("legal_status", text).code == code


def test_a_code_whose_words_say_another_is_kept_and_told() -> None:
    match = match_code("legal_status", "V2 - Accommodated under a series of short breaks")
    assert (match.code, match.conflict) == ("V2", True)


def test_two_codes_in_front_of_words_are_none() -> None:
    assert match_code("placement_type", "K2/Z1 - see notes").code is None


@pytest.mark.parametrize(
    ("code_set", "text", "code"),
    [
        ("activity_status", "Full time in education other than higher education", "F2"),
        ("activity_status", "Education excluding higher education - full time", None),
        ("contact_referral_source", "Health services other than GP", "3F"),
        ("contact_referral_source", "School, not nursery", "2A"),
        ("placement_provider", "Other than own provision", None),
        ("placement_type", "Children's home excluding secure", "K2"),
        ("placement_type", "Placed for adoption not with current foster carer", "A4"),
        ("cp_category", "Physical excluding sexual", "PHY"),
        ("lac_ceased_reason", "Returned home, not as part of care plan", "E4B"),
        ("closure_reason", "Case closed after assessment, not referred to early help", "RC8"),
        ("legal_status", "Full care order, not interim", None),
        ("case_status", "Not a child in need", None),
        ("activity_status", "Apprenticeship (not full time)", None),
        ("activity_status", "Employment not training full time", None),
        ("lac_ceased_reason", "Returned home (not planned)", "E4B"),
        ("accommodation_type", "Foster carers (not former)", None),
        ("placement_type", "Unregistered supported accommodation", None),
        ("placement_type", "Supported accommodation (registered)", "K3"),
        ("care_leaver_eligibility", "Relevant (not former)", "R"),
        ("permanence_plan", "Return to family excluded", None),
    ],
)
def test_what_an_exception_takes_out_is_not_the_code(code_set: str, text: str, code: str | None) -> None:
    assert match_code(code_set, text).code in (code, None)


@given(case=st.sampled_from(CODES_WITH_DIGIT), other=st.integers(0, 40), form=st.integers(0, 4))
def test_a_code_in_front_of_any_other_code_s_words_is_that_code(case, other, form) -> None:
    code_set, code = case
    words = codes_of(code_set)[other % len(codes_of(code_set))].reader_label
    written = ["{} - {}", "{}: {}", "  {}  -  {} ", "({}) {}", "{}) {}"][form].format(code.code, words)
    assert match_code(code_set, written).code == code.code
    assert match_code(code_set, written.lower()).code == code.code


@given(
    code_set=st.sampled_from(CODE_SETS), other=st.integers(0, 40), form=st.integers(0, 3), case=st.booleans()
)
def test_an_unknown_code_in_front_of_any_words_is_unmatched(code_set, other, form, case) -> None:
    code = codes_of(code_set)[other % len(codes_of(code_set))]
    words = code.reader_label.replace(code.code, "")
    written = ["Q9 - {}", "Q9: {}", "(Q9) {}", "{} (Q9)"][form].format(words)
    assert match_code(code_set, written.lower() if case else written).rule == "unmatched"


CARE = {"child_id": "1", "date_of_birth": "2012-05-01", "cla_start_date": "2023-02-01", "legal_status": "C2"}
LEFT = {"cla_end_date": "2025-02-01", "cla_end_reason": "E3"}


@pytest.mark.parametrize(
    ("placement", "cells", "as_at", "is_told"),
    [
        ("H5", {}, "2025-06-30", True),  # no longer valid
        ("Z1", {}, "2025-12-31", True),
        ("H5", {}, "2025-03-31", False),
        ("H5", LEFT, "2025-06-30", False),  # left while it was valid
        ("K3", {}, "2025-06-30", False),
        ("K3", {}, "2024-12-31", True),  # not yet valid
        ("Z14", LEFT, "2025-06-30", True),
    ],
)
def test_a_code_outside_its_years_is_kept_and_told(placement, cells, as_at, is_told) -> None:
    cleaned = clean_deliveries({as_at: {"children_in_care": [CARE | {"placement_type": placement} | cells]}})
    assert cleaned.lists["children_in_care"]["placement_type"].tolist() == [placement]
    told = cleaned.issues[cleaned.issues["rule"].eq("code_outside_years")]
    assert len(told) == is_told
    assert told["message"].str.contains("2025/26").all()


def test_placements_of_2025_26_are_counted_by_their_codes() -> None:
    wordings = ["K3", "K3 - Supported lodgings", "Z11", "z12: other"]
    cleaned = clean_deliveries(
        {"2025-12-31": {"children_in_care": [CARE | {"placement_type": wording} for wording in wordings]}}
    )
    assert cleaned.lists["children_in_care"]["placement_type"].tolist() == ["K3", "K3", "Z11", "Z12"]


def test_a_code_of_a_later_year_is_a_band_once_it_is_used() -> None:
    band = load_registry()["cla_placement_type"].band
    assert band is not None
    assert {"K3", "Z11"}.isdisjoint(band_names(band, "children_in_care", ["U6"]))
    assert {"K2", "H5", "K3"} <= {*band_names(band, "children_in_care", ["U6", "K3"])}


def test_a_reason_for_a_change_of_placement_is_a_code_of_its_own_set() -> None:
    placement = {"child_id": "1", "placement_start_date": "2025-06-01"}
    wordings = ["CREQB", "CREQO - Carer requests end", "Allegation (s47)", "Jane asked to move"]
    cleaned = clean_deliveries(
        {"2025-12-31": {"cla_placements": [placement | {"placement_change_reason": w} for w in wordings]}}
    )
    reasons = cleaned.lists["cla_placements"]["placement_change_reason"]
    assert reasons.fillna("").tolist() == ["CREQB", "CREQO", "ALLEG", ""]
