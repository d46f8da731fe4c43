"""New pseudonyms in the place of old ones, wherever they stand."""

import pandas as pd

from cf_pipeline.operations.privacy.pseudonym_pairs import line_changer, replace_pseudonyms

OLD, NEW, OTHER = "a1" * 16, "b2" * 16, "c3" * 16
PAIRS = {OLD: NEW}


def test_a_pseudonym_is_replaced_in_a_key_and_in_a_category_and_missing_ones_stay():
    rows = pd.DataFrame(
        {
            "person_ref": pd.array([OLD, OTHER, None], dtype="str"),
            "record_key": pd.Categorical([f"{OLD}|2019-01-01#0", f"{OTHER}|x#0", None]),
            "number": [1, 2, 3],
        }
    )
    changed = replace_pseudonyms(rows, PAIRS)
    assert changed["person_ref"].tolist()[:2] == [NEW, OTHER]
    assert changed["record_key"].tolist()[:2] == [f"{NEW}|2019-01-01#0", f"{OTHER}|x#0"]
    assert changed.loc[2, ["person_ref", "record_key"]].isna().all()
    assert changed["number"].tolist() == [1, 2, 3]


def test_a_line_of_a_log_keeps_new_pseudonyms_and_hashes_and_no_other_pseudonym():
    change = line_changer(PAIRS)
    long_hash = "d4" * 32
    assert change(f"child {OLD} /child/{OLD} {long_hash}") == f"child {NEW} /child/{NEW} {long_hash}"
    assert change(f"child {NEW}") == f"child {NEW}"
    assert change(f"child {OTHER}") == "child no longer held"
