import pandas as pd

from cf_pipeline.quality.text_groups import join_texts


def _join(texts, *keys, separator="; "):
    return join_texts(
        pd.Series(texts, dtype="str"), [pd.Series(key, dtype="str", name="key") for key in keys], separator
    )


def test_the_texts_of_a_group_are_joined_in_their_order_and_the_groups_sorted():
    joined = _join(["c", "a", "b"], ["two", "one", "two"])
    assert joined.to_dict() == {"one": "a", "two": "c; b"}
    assert list(joined.index) == ["one", "two"]


def test_groups_may_have_several_keys_and_texts_another_separator():
    joined = _join(["a", "b", "c"], ["one", "one", "one"], ["x", "x", "y"], separator=", ")
    assert joined.to_dict() == {("one", "x"): "a, b", ("one", "y"): "c"}


def test_a_row_without_a_group_is_in_none():
    assert _join(["a", "b", "c"], ["one", None, "one"]).to_dict() == {"one": "a; c"}


def test_nothing_to_join_is_an_empty_column_of_texts():
    joined = _join([], [])
    assert joined.empty
    assert joined.dtype == "str"
