"""The frame without rows: built once, and each caller's own."""

from __future__ import annotations

from cf_pipeline.contracts.tables.no_rows import no_rows


def test_it_has_the_columns_in_order_with_their_types_and_no_rows() -> None:
    frame = no_rows({"name": "str", "rows": "Int64"})
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == {"name": "str", "rows": "Int64"}
    assert frame.empty


def test_a_change_to_one_stays_out_of_the_next() -> None:
    changed = no_rows({"name": "str"})
    changed["more"] = "x"
    changed.loc[0, "name"] = "y"
    assert list(no_rows({"name": "str"}).columns) == ["name"]
    assert no_rows({"name": "str"}).empty
