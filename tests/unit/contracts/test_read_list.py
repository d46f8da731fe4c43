"""What is wrong in a list's TOML is one sentence that names the list and the key."""

from __future__ import annotations

import pytest

from cf_pipeline.contracts.list_contract import Counter
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.read_list import ListContractError, read_list

HEAD = {
    "name": '"visits"',
    "title": '"Visits"',
    "scope": '"one row a visit"',
    "kind": '"event"',
    "person": '"child_id"',
    "natural_key": '["child_id", "visit_date"]',
    "key_date": '"visit_date"',
    "window_months": "6",
}
COLUMNS = {
    "child_id": {"header": '"Child ID"', "type": '"id"'},
    "visit_date": {"header": '"Visit date"', "type": '"date"'},
    "gender": {"header": '"Gender"', "type": '"code"', "code_set": '"gender"'},
    "visits_12m": {"header": '"Visits"', "type": '"integer"'},
}


def toml(head: dict[str, str] | None = None, **columns: dict[str, str]) -> str:
    """The TOML of a small list with some keys, or keys of columns, set or (None) left out."""
    lines = [f"{key} = {value}" for key, value in (HEAD | (head or {})).items() if value is not None]
    for name, own in COLUMNS.items():
        keys = {"name": f'"{name}"'} | own | columns.get(name, {})
        lines += ["[[columns]]", *(f"{key} = {value}" for key, value in keys.items() if value is not None)]
    return "\n".join(lines)


def sentence(text: str) -> str:
    with pytest.raises(ListContractError) as raised:
        read_list("visits", text)
    return str(raised.value)


def test_a_list_without_a_fault_is_read():
    contract = read_list("visits", toml({"volatile": '["visits_12m"]'}))
    assert (contract.name, contract.volatile, contract.required_columns) == (
        "visits",
        ("visits_12m",),
        ("child_id", "visit_date"),
    )
    assert contract.column("gender").description == "Gender"


def test_a_counter_names_its_events():
    counts = '{ list = "visits", date = "visit_date", until = "as_at" }'
    contract = read_list("visits", toml(visits_12m={"counts": counts}))
    assert contract.column("visits_12m").counts == Counter("visits", "visit_date", "as_at")


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ({"titel": '"x"'}, "unknown key titel; did you mean title?"),
        ({"scope": None}, "scope is missing."),
        ({"scope": "3"}, "scope must be a text in quotes."),
        ({"kind": '"thing"'}, "kind must be one of event, period, state, process."),
        ({"window_months": '"six"'}, "window_months must be a whole number of months."),
        ({"one_row_a_child": '"yes"'}, "one_row_a_child must be true or false."),
        ({"volatile": '"gender"'}, 'volatile must be a list of texts, as in ["child_id"].'),
        ({"name": '"visit"'}, "name is visit; give it the file's name."),
        ({"key_date": '"day"'}, "key_date names day, which is no column of the list."),
        ({"key_date": '"gender"'}, "key_date names gender, which is no date."),
        ({"key_date": None}, "kind event needs a key_date; without one the list is a state."),
        ({"kind": '"state"'}, "a state has no key_date; leave it out, or choose another kind."),
        ({"kind": '"process"'}, "kind process needs finish_dates."),
        ({"volatile": '["age"]'}, "volatile names age, which is no column of the list."),
        ({"not_counted": '{ gender = ["Q"] }'}, "not_counted names Q, which is no code of gender."),
        ({"not_counted": '["Q"]'}, "not_counted must be a table of columns and codes"),
        ({"ordered_dates": '[["visit_date"]]'}, "ordered_dates must be a list of pairs of dates"),
        ({"ordered_dates": '[["visit_date", "gender"]]'}, "ordered_dates names gender, which is no date."),
        ({"one_open_record": "true"}, "one_open_record needs an end_date."),
        ({"closed_codes": '{ gender = ["M"] }'}, "closed_codes needs an end_date."),
        (
            {"closed_codes": '{ gender = ["M"] }', "end_date": '"visit_date"'},
            "closed_codes needs its column and the end_date among states.",
        ),
        ({"is_case": "true"}, "is_case needs a column of type worker."),
        ({"case_codes": '{ gender = ["M"] }'}, "case_codes needs is_case = true."),
        ({"person": '"gender"', "demographics_rank": "3"}, 'demographics_rank needs person = "child_id".'),
    ],
)  # fmt: skip
def test_a_wrong_key_of_a_list_is_named(head, said):
    assert sentence(toml(head)).startswith(f"list visits: {said}")


@pytest.mark.parametrize(
    ("column", "keys", "said"),
    [
        ("gender", {"heading": '"x"'}, "column gender: unknown key heading; did you mean header?"),
        ("gender", {"header": None}, "column gender: header is missing."),
        ("gender", {"type": '"text"'}, "column gender: type must be one of id, date,"),
        ("gender", {"code_set": None}, "column gender must have a code_set when its type is code"),
        ("gender", {"code_set": '"sex"'}, "column gender: there is no code_set sex."),
        (
            "gender",
            {"code_set": '"ethnicity"'},
            "column gender is about who the child is and must be of type",
        ),
        ("visits_12m", {"name": '"gender"'}, "column gender is there twice."),
        ("visits_12m", {"name": '"as_at"'}, "column as_at has a name that says where a row came from"),
        ("visits_12m", {"counts": '"visits"'}, "column visits_12m: counts must be a table of list, date and"),
        (
            "visits_12m",
            {"counts": '{ list = "visits", date = "visit_date", until = "gender" }'},
            "column visits_12m: until of counts must be a date of the list, or as_at.",
        ),
    ],
)
def test_a_wrong_key_of_a_column_is_named(column, keys, said):
    assert sentence(toml(**{column: keys})).startswith(f"list visits: {said}")


def test_a_file_that_is_no_toml_is_said_to_be_none():
    assert sentence("name = ").startswith("list visits: the file is no TOML")


def test_the_lists_of_annex_a_come_first_and_every_rank_is_one_list_s():
    contracts = list_contracts()
    numbers = [contract.number for contract in contracts.values()]
    assert numbers == [*range(1, 12), *[None] * (len(contracts) - 11)]
    ranks = [contract.demographics_rank for contract in contracts.values() if contract.demographics_rank]
    assert sorted(ranks) == list(range(1, len(ranks) + 1))
