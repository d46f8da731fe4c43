"""Which child each issue is about: found by the row's place in the cleaned lists.

An issue names a delivery, file, sheet and row, never a child. The pseudonym is the one of `core`; the case
system's own id stays beside it for the restricted copy of the data-quality workbook and goes nowhere else.
"""

from __future__ import annotations

import pandas as pd

from cf_pipeline.clean.issues import ISSUES
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.pseudonym import list_person_refs

PLACE = ["delivery_id", "file", "sheet", "excel_row"]
ISSUE_PEOPLE: dict[str, str] = {**ISSUES, "person_ref": "str", "child_id": "str"}
"""Columns of the issues with the child each is about, and their dtypes."""


def issue_people(
    issues: pd.DataFrame, clean: dict[str, pd.DataFrame], authority_code: str, id_key: bytes
) -> pd.DataFrame:
    """The issues in the columns of `ISSUE_PEOPLE`, in their order.

    `person_ref` and `child_id` are null for an issue of a whole column or list, and for a row in
    quarantine: it has no id, or is no record. In the lists of other people (adopters) `child_id` is theirs.

    Args:
        issues: what is wrong, by place (`clean.issues.ISSUES`).
        clean: cleaned rows by list.
        authority_code: GSS code, part of every pseudonym.
        id_key: the key of the pseudonyms.
    """
    placed = issues.reset_index(drop=True)
    parts = [
        _of_list(placed.loc[rows], name, clean[name], authority_code, id_key)
        for name, rows in placed[placed["excel_row"].notna()].groupby("list").groups.items()
        if name in clean
    ]
    people = pd.concat(parts) if parts else pd.DataFrame(columns=["person_ref", "child_id"])
    return placed.join(people)[list(ISSUE_PEOPLE)].astype(ISSUE_PEOPLE)


def _of_list(
    issues: pd.DataFrame, name: str, rows: pd.DataFrame, authority_code: str, id_key: bytes
) -> pd.DataFrame:
    contract = list_contracts()[name]
    ids = rows[[*PLACE, contract.person]].rename(columns={contract.person: "child_id"})
    ids = _comparable(ids).drop_duplicates(PLACE, keep=False)  # a place that two rows claim tells nothing
    found = _comparable(issues[PLACE]).merge(ids, on=PLACE, how="left").set_axis(issues.index)
    refs = list_person_refs(found["child_id"], contract, authority_code, id_key)
    return pd.DataFrame({"person_ref": refs, "child_id": found["child_id"]})


def _comparable(places: pd.DataFrame) -> pd.DataFrame:
    return places.assign(sheet=places["sheet"].fillna(""))
