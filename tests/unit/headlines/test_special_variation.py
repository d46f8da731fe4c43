"""A quarter outside firm control limits has a sentence of its own."""

import pandas as pd
import pytest

from cf_pipeline.headlines.special_variation import select_sentences, special_variation_sentences
from cf_pipeline.kpi.definitions.registry import load_registry

CODE, QUARTER, KPI = "E09000001", "2019/20 Q3", "contacts_count"


def clauses(**changed):
    row = {
        "authority_code": CODE,
        "quarter_key": QUARTER,
        "kpi_id": KPI,
        "value": 120.0,
        "mean": 50.0,
        "status": "firm",
        "variation": "special_high",
        "cause": "outside the limits",
        "caveat": None,
    }
    return special_variation_sentences(
        pd.DataFrame([row | changed]).astype({"variation": "str"}), load_registry()
    )


def test_a_special_variation_is_a_clause_with_its_rule():
    (clause,) = select_sentences(clauses(), CODE, QUARTER, [KPI])
    assert clause == "Contacts received: this quarter is higher than chance alone would explain"


def test_below_the_mean_it_is_lower():
    (clause,) = select_sentences(clauses(value=3.0, variation="special_low"), CODE, QUARTER, [KPI])
    assert "is lower than chance" in clause


@pytest.mark.parametrize(
    ("kpi_id", "variation", "word"),
    [
        ("contacts_1wd_pct", "special_improvement", "higher"),
        ("contacts_1wd_pct", "special_concern", "lower"),
        ("contacts_median_days", "special_improvement", "lower"),
        ("contacts_median_days", "special_concern", "higher"),
    ],
)
def test_what_is_better_is_higher_only_where_higher_is_better(kpi_id, variation, word):
    found = clauses(kpi_id=kpi_id, variation=variation)
    (clause,) = select_sentences(found, CODE, QUARTER, [kpi_id])
    assert f"this quarter is {word} than chance" in clause


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        ("trend", "seven or more quarters in a row, this one among them, are each lower than the one before"),
        (
            "one side of the mean",
            "seven or more quarters in a row, this one among them, are below the average",
        ),
        ("near a limit", "this quarter and one of the two before it are lower"),
    ],
)
def test_a_run_of_quarters_is_no_statement_about_this_one_alone(cause, said):
    # A fall that begins above the mean is a fall all the same.
    (clause,) = select_sentences(clauses(cause=cause, variation="special_low"), CODE, QUARTER, [KPI])
    assert said in clause
    assert "this quarter is" not in clause


@pytest.mark.parametrize(
    "changed",
    [{"variation": "common_cause"}, {"variation": None}, {"status": "trial"}, {"caveat": "read with care"}],
)
def test_common_variation_limits_that_are_not_firm_and_those_with_a_caveat_say_nothing(changed):
    assert clauses(**changed) == {}


def test_other_kpis_quarters_and_authorities_are_not_told_of_it():
    sentences = clauses()
    assert select_sentences(sentences, CODE, QUARTER, ["referrals_count"]) == []
    assert select_sentences(sentences, CODE, "2019/20 Q2", [KPI]) == []
    assert select_sentences(sentences, "E09000007", QUARTER, [KPI]) == []
