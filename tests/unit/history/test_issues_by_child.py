"""The child that an issue is about is found by the place of its row."""

from __future__ import annotations

import pandas as pd
import pytest

from cf_pipeline.clean.issues import ISSUES, QUARANTINE
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.issues_by_child import find_issue_people
from cf_pipeline.history.merge.core import merge_deliveries
from cf_pipeline.ingest.manifest import MANIFEST

CODE, KEY = "E09000001", b"k" * 32
PLACE = {"delivery_id": "2019-12-31", "as_at": pd.Timestamp("2019-12-31"), "file": "a.xlsx"}


def rows_of(name: str, sheet: str | None, ids: dict[int, str]) -> pd.DataFrame:
    """A cleaned list with these people in these Excel rows."""
    contract = list_contracts()[name]
    empty = contract.empty()
    rows = pd.DataFrame(
        [PLACE | {"sheet": sheet, "excel_row": n, contract.person: i} for n, i in ids.items()]
    )
    if contract.key_date:
        rows[contract.key_date] = pd.Timestamp("2019-12-01")
    return rows.reindex(columns=empty.columns).astype(empty.dtypes.to_dict())


def issue(name: str, sheet: str | None, row: int | None) -> dict[str, object]:
    texts = dict.fromkeys(ISSUES.column_names, "x")
    return texts | PLACE | {"list": name, "sheet": sheet, "excel_row": row, "rows": 1}


def people(clean: dict[str, pd.DataFrame], *issues: dict[str, object]) -> pd.DataFrame:
    frame = ISSUES.cast(pd.DataFrame(issues))
    return find_issue_people(frame, clean, CODE, KEY)


def test_the_child_is_the_one_in_that_row_of_that_sheet() -> None:
    clean = {"contacts": rows_of("contacts", "List 1", {4: "101", 5: "102"})}
    found = people(clean, issue("contacts", "List 1", 5), issue("contacts", "List 1", 4))
    assert found["child_id"].tolist() == ["102", "101"]
    assert found["person_ref"].nunique() == 2


def test_the_pseudonym_is_the_one_of_the_core() -> None:
    clean = {name: contract.empty() for name, contract in list_contracts().items()}
    clean["contacts"] = rows_of("contacts", "List 1", {4: "101"})
    clean["adopters"] = rows_of("adopters", "List 11", {4: "101"})
    manifest = pd.DataFrame(
        [
            PLACE
            | {"list": name, "sheet": sheet, "status": "read", "rows_read": 1, "is_delivery_refused": False}
            for name, sheet in (("contacts", "List 1"), ("adopters", "List 11"))
        ]
    )
    manifest = MANIFEST.cast(manifest.reindex(columns=MANIFEST.column_names))
    core = merge_deliveries(clean, QUARANTINE.empty(), manifest, CODE, KEY)
    found = people(clean, issue("contacts", "List 1", 4), issue("adopters", "List 11", 4))
    child, adopter = found["person_ref"]
    assert core.tables["contacts"]["person_ref"].tolist() == [child]
    assert core.tables["adopters"]["person_ref"].tolist() == [adopter]
    known = core.tables["person"].set_index("child_id")["person_ref"]
    assert known["101"] == child != adopter


@pytest.mark.parametrize("row", [None, 99])
def test_a_whole_column_or_a_row_set_aside_has_no_person(row: int | None) -> None:
    clean = {"contacts": rows_of("contacts", "List 1", {4: "101"})}
    found = people(clean, issue("contacts", "List 1", row))
    assert found[["person_ref", "child_id"]].isna().all(axis=None)


def test_a_csv_has_no_sheet_and_its_rows_are_found_all_the_same() -> None:
    clean = {"contacts": rows_of("contacts", "", {4: "101"})}
    assert people(clean, issue("contacts", None, 4))["child_id"].tolist() == ["101"]


def test_the_same_row_of_another_sheet_is_somebody_else() -> None:
    clean = {
        "contacts": pd.concat(
            [rows_of("contacts", "Old", {4: "101"}), rows_of("contacts", "New", {4: "102"})],
            ignore_index=True,
        )
    }
    assert people(clean, issue("contacts", "New", 4))["child_id"].tolist() == ["102"]


def test_no_issue_concerns_nobody() -> None:
    found = find_issue_people(ISSUES.empty(), {}, CODE, KEY)
    assert found.empty
    assert found.columns[-2:].tolist() == ["person_ref", "child_id"]


def test_of_two_rows_in_one_place_no_child_is_named() -> None:
    twice = [rows_of("contacts", "List 1", {4: number}) for number in ("101", "102")]
    found = people({"contacts": pd.concat(twice, ignore_index=True)}, issue("contacts", "List 1", 4))
    assert found[["person_ref", "child_id"]].isna().all(axis=None)
