import itertools

import pandas as pd
import pytest

from cf_pipeline.warehouse.conform import check, conform, sort_by_key
from cf_pipeline.warehouse.errors import WarehouseError
from cf_pipeline.warehouse.tables.schemas import PUBLISHED

QUARTERLY = PUBLISHED.contracts["fact_kpi_quarterly"]


def _refused(frame: pd.DataFrame) -> str:
    with pytest.raises(WarehouseError) as caught:
        conform(QUARTERLY, frame)
    assert caught.value.__context__ is None
    return str(caught.value)


def test_a_missing_column_is_named(published):
    told = _refused(published["fact_kpi_quarterly"].drop(columns="value"))
    assert told == "table fact_kpi_quarterly: column value is missing"


def test_an_unknown_column_is_named(published):
    told = _refused(published["fact_kpi_quarterly"].assign(child_id="7"))
    assert told == "table fact_kpi_quarterly: column child_id is not in its contract"


@pytest.mark.parametrize(
    ("column", "cells", "told"),
    [
        ("value", "Secret", "column value holds something that is not a number"),
        ("value", float("inf"), "column value is not a finite number in 1 rows"),
        ("as_at", "Secret", "column as_at holds something that is not a date"),
        ("kpi_id", 7, "column kpi_id holds something that is not text"),
        ("kpi_id", None, "column kpi_id is empty in 1 rows"),
        ("basis", "Secret basis", "column basis is longer than 8 characters in 1 rows"),
    ],
)
def test_a_cell_that_does_not_fit_is_counted_and_never_shown(published, column, cells, told):
    frame = published["fact_kpi_quarterly"].astype({column: object})
    frame.loc[3, column] = cells
    message = _refused(frame)
    assert message == f"table fact_kpi_quarterly: {told}"
    assert "Secret" not in message


def test_a_repeated_key_is_counted(published):
    frame = published["fact_kpi_quarterly"]
    assert "1 rows repeat a key" in _refused(pd.concat([frame, frame.head(1)]))


def test_whole_numbers_stay_whole(published):
    headline = PUBLISHED.contracts["fact_headline"]
    with pytest.raises(WarehouseError, match="position holds something that is not a whole number"):
        conform(headline, published["fact_headline"].astype({"position": "Float64"}).assign(position=1.5))


def test_a_publication_has_every_table_and_no_other(published):
    with pytest.raises(WarehouseError, match="no table kpi_member"):
        check(published | {"kpi_member": pd.DataFrame()})
    published.pop("delivery")
    with pytest.raises(WarehouseError, match="table delivery is missing"):
        check(published)


def test_rows_are_in_key_order_whatever_order_they_come_in(published):
    shuffled = published["fact_kpi_quarterly"].sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(conform(QUARTERLY, shuffled), published["fact_kpi_quarterly"])


def test_times_are_kept_in_utc(published):
    assert published["publication"]["published_at"].tolist() == [pd.Timestamp("2020-01-06 02:00")]


@pytest.mark.parametrize("places", list(itertools.permutations(range(3))))
def test_rows_are_sorted_by_each_column_of_their_key_in_turn(places):
    in_order = pd.DataFrame({"kpi_id": pd.Categorical(["a", "a", "b"]), "position": [1, 2, 1]})
    rows = in_order.astype({"position": "Int64"}).iloc[list(places)].reset_index(drop=True)
    for columns in ({}, {"kpi_id": "str"}):
        found = sort_by_key(rows.astype(columns), ["kpi_id", "position"])
        assert found["kpi_id"].tolist() == ["a", "a", "b"]
        assert found["position"].tolist() == [1, 2, 1]
