"""What a cleaned list breaks: a direct look passes what is right, Pandera tells the rest."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pandera.errors
import pytest

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.schemas import clean_schema
from cf_pipeline.contracts.violations import violations

CONTACTS = list_contracts()["contacts"]
Change = Callable[[pd.DataFrame], pd.DataFrame]
WRONG: dict[str, tuple[Change, str]] = {
    "a code outside its set": (lambda rows: rows.assign(gender=rows["gender"].replace("F", "Z")), "gender"),
    "a row without the id": (lambda rows: rows.assign(child_id=rows["child_id"].shift()), "child_id"),
    "a row of no file": (lambda rows: rows.assign(file=rows["file"].shift()), "file"),
    "a row of no number": (lambda rows: rows.assign(excel_row=rows["excel_row"].shift()), "excel_row"),
    "a column of another type": (lambda rows: rows.astype({"as_at": "str"}), "as_at"),
    "a column too many": (lambda rows: rows.assign(more="x"), "column_in_schema"),
    "a column too few": (lambda rows: rows.drop(columns="gender"), "column_in_dataframe"),
}  # fmt: skip


def two_contacts() -> pd.DataFrame:
    rows = [
        {"child_id": child, "gender": gender, "delivery_id": "d", "file": "f", "excel_row": row}
        for child, gender, row in (("A1", "F", 2), ("A2", None, 3))
    ]
    empty = CONTACTS.empty()
    return pd.DataFrame(rows, columns=empty.columns).assign(as_at="2019-12-31").astype(empty.dtypes.to_dict())


def passes_pandera(rows: pd.DataFrame) -> bool:
    try:
        clean_schema("contacts").validate(rows, lazy=True)
    except pandera.errors.SchemaErrors:
        return False
    return True


def test_rows_as_the_contract_says_break_nothing() -> None:
    assert violations("contacts", two_contacts()) == []
    assert passes_pandera(two_contacts())


@pytest.mark.parametrize("wrong", WRONG)
def test_what_pandera_refuses_is_told_by_column_or_rule(wrong: str) -> None:
    change, said = WRONG[wrong]
    rows = change(two_contacts())
    assert not passes_pandera(rows)
    told = violations("contacts", rows)
    assert told
    assert any(said in text for text in told)


def test_it_is_told_in_counts_without_the_value() -> None:
    assert violations("contacts", two_contacts().assign(gender="Z").astype({"gender": "str"})) == [
        "gender (code of the set): 2"
    ]


def test_columns_in_another_order_are_still_as_the_contract_says() -> None:
    rows = two_contacts()
    assert violations("contacts", rows[list(rows.columns)[::-1]]) == []
