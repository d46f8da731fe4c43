"""Keys as categories are in the order of their texts, and become the same texts again."""

import pandas as pd

from cf_pipeline.forecast.series.series_keys import as_categories, as_texts

ROWS = pd.DataFrame({"kpi_id": ["b", None, "a", "b"], "value": [1, 2, 3, 4]}).astype({"kpi_id": "str"})


def test_categories_are_those_that_astype_makes():
    pd.testing.assert_frame_equal(as_categories(ROWS, ["kpi_id"]), ROWS.astype({"kpi_id": "category"}))


def test_categories_become_the_same_texts_again():
    pd.testing.assert_frame_equal(as_texts(as_categories(ROWS, ["kpi_id"]), ["kpi_id"]), ROWS)
