"""Nothing is no code, no date and no child, and nobody is no worker, in every list that has such a column."""

from __future__ import annotations

import pandas as pd
import pytest

from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.lists import list_contracts
from tests.support.ingested_rows import clean_list, issue_places

LISTS = list(list_contracts().values())
NOTHING = [
    "(null)",
    "\\N",
    "<NULL>",
    "[NULL]",
    "{null}",
    "NaT",
    "nan",
    "<NA>",
    "#N/A",
    "NULL",
    '"NULL"',
    '=""',
]
NOBODY = [
    "Unallocated",
    "Awaiting allocation",
    "Duty Team",
    "Vacant",
    "No",
    "TO BE ALLOCATED",
    "Agency vacancy",
    "YP refused PA",
    "-1",
]
SOMEBODY = ["J Smith", "Grace Duty", "Vacant-Hill, J", "Noelle Jones"]
NOBODY_COLUMNS = [
    (contract, name) for contract in LISTS for name in contract.names_of_type("worker", "presence")
]


def record(contract: ListContract) -> dict[str, str]:
    """A row with an id and, where the list has one, its key date."""
    dates = {} if contract.key_date is None else {contract.key_date: "02/10/2019"}
    return {contract.person: "100001"} | dates


@pytest.mark.mess(33)
@pytest.mark.parametrize("contract", LISTS, ids=lambda contract: contract.name)
@pytest.mark.parametrize("text", NOTHING)
def test_what_databases_write_for_nothing_is_blank_in_every_column(contract: ListContract, text: str) -> None:
    others = {name: text for name in contract.column_names if name not in record(contract)}
    result = clean_list(contract.name, record(contract) | others)
    (row,) = result.lists[contract.name][list(others)].to_dict("records")
    assert {name for name, value in row.items() if not pd.isna(value) and value is not False} == set()
    rules = {"code_unmatched", "date_unreadable", "number_unreadable", "nobody_named", "other_id_unusable"}
    assert issue_places(result, *rules) == []


@pytest.mark.parametrize(("contract", "column"), NOBODY_COLUMNS, ids=lambda part: getattr(part, "name", part))
def test_words_for_nobody_are_no_worker_and_are_counted(contract: ListContract, column: str) -> None:
    rows = [record(contract) | {contract.person: f"10000{n}", column: who} for n, who in enumerate(NOBODY)]
    result = clean_list(contract.name, *rows)
    cells = result.lists[contract.name][column]
    assert len(cells) == len(NOBODY)
    assert not any(not pd.isna(cell) and bool(cell) for cell in cells)
    assert len(issue_places(result, "nobody_named")) == len(NOBODY)


@pytest.mark.parametrize(("contract", "column"), NOBODY_COLUMNS, ids=lambda part: getattr(part, "name", part))
def test_a_name_with_such_a_word_in_it_is_somebody(contract: ListContract, column: str) -> None:
    rows = [record(contract) | {contract.person: f"10000{n}", column: who} for n, who in enumerate(SOMEBODY)]
    cells = clean_list(contract.name, *rows).lists[contract.name][column]
    assert cells.notna().all() and cells.astype(bool).all()


ID_COLUMNS = [
    (contract, name) for contract in LISTS for name in contract.names_of_type("id") if name != contract.person
]


@pytest.mark.parametrize(("contract", "column"), ID_COLUMNS, ids=lambda part: getattr(part, "name", part))
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('="00100"', "00100"),
        ("100,001", "100001"),
        ("12345.0", "12345"),
        ("-1", None),
        ("0", None),
        ("TRUE", None),
        ("TEST", None),
        ("01/05/2010", None),
        ("(null)", None),
        ("1.23457E+15", None),
    ],
)
def test_the_number_of_a_record_is_read_as_a_child_s_id_is(
    contract: ListContract, column: str, text: str, value: str | None
) -> None:
    result = clean_list(contract.name, record(contract) | {column: text})
    (cell,) = result.lists[contract.name][column]
    assert cell == value if value else pd.isna(cell)
    told = issue_places(result, "id_reformatted", "other_id_unusable", "other_id_digits_lost")
    assert len(told) == (text != "(null)")


def test_a_real_answer_that_looks_like_nothing_stays_a_code() -> None:
    child = {"child_id": "100001", "cla_start_date": "02/10/2019", "has_disability": "NONE"}
    assert clean_list("children_in_care", child).lists["children_in_care"]["has_disability"].tolist() == ["N"]
    episode = {"child_id": "100001", "missing_start": "02/10/2019 22:00", "rhi_offered": "Not recorded"}
    assert clean_list("missing_episodes", episode).lists["missing_episodes"]["rhi_offered"].tolist() == ["U"]
