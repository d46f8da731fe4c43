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
