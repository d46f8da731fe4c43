"""Each distinct text of a column is parsed once, and the column itself stays as it was read."""

import pandas as pd
import pytest

from cf_pipeline.clean.values.ids import parse_id, parse_plain_ids
from cf_pipeline.clean.values.parse_distinct import parse_distinct

WRITTEN = ["1.2E+07", "12345.0", "AB12", None]


@pytest.mark.parametrize(
    "texts", [pd.Series(WRITTEN, dtype="str"), pd.Series(pd.Categorical(WRITTEN))], ids=["str", "category"]
)
def test_parsing_ids_leaves_the_texts_as_they_were_read(texts):
    first = parse_distinct(texts, parse_id, "str", None, parse_plain_ids)
    again = parse_distinct(texts, parse_id, "str", None, parse_plain_ids)
    assert texts.tolist()[:3] == WRITTEN[:3]
    for parsed in (first, again):
        assert list(parsed.values)[1:3] == ["12345", "AB12"]
    broken = {rule: rows.tolist() for rule, rows in first.broken.items()}
    assert broken == {rule: rows.tolist() for rule, rows in again.broken.items()}
    assert broken == {
        "id_digits_lost": [True, False, False, False],
        "id_reformatted": [False, True, False, False],
    }


def test_a_filtered_category_gives_what_its_rows_as_strings_give() -> None:
    texts = pd.Series(["1.2E+07", "C1", "12345.0", None, "C22", "12345.0"], dtype="category")
    for rows in (texts, texts[2:], texts[[4, 2, 3]], texts[[3]]):
        as_category, as_strings = (
            parse_distinct(column, parse_id, "str", None, parse_plain_ids)
            for column in (rows, rows.astype("str"))
        )
        assert pd.Series(as_category.values).equals(pd.Series(as_strings.values))
        assert {rule: rows.tolist() for rule, rows in as_category.broken.items()} == {
            rule: rows.tolist() for rule, rows in as_strings.broken.items()
        }


def test_the_rule_of_the_uppermost_row_comes_first_whatever_the_order_of_categories() -> None:
    texts = pd.Series(pd.Categorical(["12345.0", "1.2E+07"], categories=["1.2E+07", "12345.0"]))
    assert list(parse_distinct(texts, parse_id, "str").broken) == ["id_reformatted", "id_digits_lost"]
