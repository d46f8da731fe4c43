"""Open cases and caseloads of each delivery, by tiny tables."""

import pandas as pd

from cf_pipeline.contracts.lists import list_contracts
from tests.spec.casebook import Delivery, core

NEED = {"cin_start_date": "2019-06-01"}


def joined(as_at: str, *cases: dict[str, object]) -> dict[str, pd.DataFrame]:
    return core(Delivery(as_at, {"children_in_need": [NEED | case for case in cases]})).tables


def test_a_delivery_that_is_not_dated_near_a_quarters_end_says_nothing_of_it() -> None:
    case = {"allocated_worker": "w"}
    assert len(joined("2019-10-31", case)["open_cases"]) == 1
    assert joined("2019-11-01", case)["open_cases"].empty


def test_a_worker_of_two_teams_is_in_the_one_with_most_of_the_cases() -> None:
    cases = [{"allocated_worker": "w", "allocated_team": team} for team in ("North", "South", "South")]
    loads = joined("2019-12-31", *cases, {"allocated_worker": "v", "allocated_team": "North"})["caseloads"]
    assert dict(zip(loads["allocated_team"], loads["children_count"], strict=True)) == {
        "South": 3,
        "North": 1,
    }


def test_a_worker_is_a_keyed_pseudonym_the_same_in_every_list() -> None:
    lists = {
        "children_in_need": [NEED | {"allocated_worker": "w"}],
        "care_leavers": [{"eligibility": "FR", "allocated_worker": "w"}],
    }
    cases = core(Delivery("2019-12-31", lists)).tables["open_cases"]
    assert len(set(cases["allocated_worker"])) == 1
    assert cases["allocated_worker"].str.len().eq(32).all()


def test_no_table_of_the_core_holds_the_digest_that_cleaning_made() -> None:
    lists = {
        name: [{"allocated_worker": "digest"}]
        for name, contract in list_contracts().items()
        if "allocated_worker" in contract.column_names
    }
    for name, table in core(Delivery("2019-12-31", lists)).tables.items():
        assert not table.isin(["digest"]).to_numpy().any(), name


def test_an_adult_whose_date_of_birth_only_another_list_says_is_no_case_of_care() -> None:
    lists = {
        "children_in_care": [{"child_id": child, "cla_start_date": "2019-06-01"} for child in "AB"],
        "contacts": [
            {"child_id": "A", "contact_date": "2019-12-01", "date_of_birth": "2001-12-31"},
            {"child_id": "B", "contact_date": "2019-12-01", "date_of_birth": "2002-01-01"},
        ],
    }
    assert len(core(Delivery("2019-12-31", lists)).tables["open_cases"]) == 1
