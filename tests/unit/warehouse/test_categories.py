"""Every category that figures are split by has a label a reader understands."""

import pandas as pd

from cf_pipeline.warehouse.categories import dim_category


def labels(breakdown: str, *categories: str) -> dict[str, str]:
    splits = pd.DataFrame({"breakdown": breakdown, "category": list(categories)})
    return dim_category(splits).set_index("category")["label"].to_dict()


def test_bands_are_those_of_durations_of_numbers_and_of_codes() -> None:
    found = labels("band", "<=3m", "61+", "N1", "unknown")
    assert found["<=3m"] == "3 months or less"
    assert found["46-50"] == "46 to 50"
    assert found["61+"] == "61 or more"
    assert found["N1"] == "Abuse or neglect"
    assert found["unknown"] == "Not known"


def test_a_code_that_two_distributions_share_says_both() -> None:
    assert " / " in labels("band", "P1")["P1"]


def test_a_breakdown_is_labelled_by_the_code_set_of_its_column() -> None:
    assert labels("cp_latest_category", "NEG")["NEG"] == "Neglect"
    assert labels("early_help_source", "6")["6"] == "Police"


def test_a_word_that_no_code_set_knows_is_its_own_label() -> None:
    assert labels("eh_organisation", "Leaf School")["Leaf School"] == "Leaf School"
