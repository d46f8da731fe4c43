"""Find the child that each issue is about, by the place of its row in the cleaned lists.

An issue names a delivery, file, sheet and row, never a child. The pseudonym is the one of `core`. The case
system's own id is for the restricted copy of the data-quality workbook and goes nowhere else.
"""

from __future__ import annotations

import pandas as pd

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.history.pseudonym import pseudonymise_people

PLACE_COLUMNS = ["delivery_id", "file", "sheet", "excel_row"]
ISSUE_PEOPLE = table_contract("core/issue_people")


def find_issue_people(
    issues: pd.DataFrame, clean: dict[str, pd.DataFrame], authority_code: str, id_key: bytes
) -> pd.DataFrame:
    """The issues with person_ref and child_id, columns of `ISSUE_PEOPLE`, in the order of `issues`.

    Both are null for an issue of a whole column or list, and for a row in quarantine, which has no id or is
    no record. In the list of adopters `child_id` is the adopter's id.

    Args:
        issues: columns of `clean.issues.ISSUES`.
        clean: cleaned rows by list.
        authority_code: GSS code, part of every pseudonym.
        id_key: the key of the pseudonyms.

    Raises:
        ValueError: the key is shorter than 32 bytes.
    """
    placed = issues.reset_index(drop=True)
    parts = [
        _find_people_of_list(placed.loc[rows], name, clean[name], authority_code, id_key)
        for name, rows in placed[placed["excel_row"].notna()].groupby("list").groups.items()
        if name in clean
    ]
    people = pd.concat(parts) if parts else pd.DataFrame(columns=["person_ref", "child_id"])
    return ISSUE_PEOPLE.cast(placed.join(people))


def _find_people_of_list(
    issues: pd.DataFrame, name: str, rows: pd.DataFrame, authority_code: str, id_key: bytes
) -> pd.DataFrame:
    contract = list_contracts()[name]
    ids = rows[[*PLACE_COLUMNS, contract.person]].rename(columns={contract.person: "child_id"})
    # two rows of one place (a list supplied twice) would make the child ambiguous: none is named
    ids = _fill_sheet(ids).drop_duplicates(PLACE_COLUMNS, keep=False)
    people = (
        _fill_sheet(issues[PLACE_COLUMNS]).merge(ids, on=PLACE_COLUMNS, how="left").set_axis(issues.index)
    )
    refs = pseudonymise_people(people["child_id"], contract, authority_code, id_key)
    return pd.DataFrame({"person_ref": refs, "child_id": people["child_id"]})


def _fill_sheet(places: pd.DataFrame) -> pd.DataFrame:
    """The places with "" as the sheet of a CSV, so that they can be compared."""
    return places.assign(sheet=places["sheet"].fillna(""))
