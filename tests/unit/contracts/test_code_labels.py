"""What a reader calls a code."""

from __future__ import annotations

import re

import pytest

from cf_pipeline.contracts.code_labels import code_labels
from cf_pipeline.contracts.codes import code_sets, codes_of


@pytest.mark.parametrize(
    ("code_set", "code", "label"),
    [
        ("gender", "M", "Male"),
        ("ethnicity", "WBRI", "White British"),
        ("contact_referral_source", "3E", "Accident and emergency"),
        ("contact_referral_source", "5A", "Local authority services: social care"),
        ("placement_type", "R2", "Hospital or other health establishment"),
        ("in_touch", "NREQ", "Young person no longer requires the service"),
    ],
)
def test_a_label_is_words_that_a_committee_reads(code_set: str, code: str, label: str) -> None:
    assert code_labels(code_set)[code] == label


ABBREVIATIONS = re.compile(
    r"\b(?:LA|NHS|DFE|DfE|EPO|ICO|FCO|FFA|PACE|CP|S20|SGO|CAO|NEET|A and e|Nhs|La|Dfe)\b|/|_"
)


@pytest.mark.parametrize("code_set", code_sets())
def test_no_label_is_missing_an_abbreviation_or_another_code_s(code_set: str) -> None:
    labels = list(code_labels(code_set).values())
    assert all(label and label[0].isupper() and not ABBREVIATIONS.search(label) for label in labels)
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("code_set", code_sets())
def test_no_group_is_an_abbreviation(code_set: str) -> None:
    groups = [code.group for code in codes_of(code_set)]
    assert not [group for group in groups if ABBREVIATIONS.search(group)]
