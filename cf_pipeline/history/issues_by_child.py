"""Find the child that each issue is about, by the place of its row in the cleaned lists.

An issue names a delivery, file, sheet and row, never a child. The pseudonym is the one of `core`. The case
system's own id is for the restricted copy of the data-quality workbook and goes nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.history.pseudonym import pseudonymise_people

Place = tuple[str, str, str, int]
"""Delivery, file, sheet and row number."""
Positions = npt.NDArray[np.intp]
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
    child_ids = np.full(len(issues), None, dtype=object)
    refs = pd.Series(None, index=range(len(issues)), dtype="str")
    is_placed = issues["excel_row"].notna().to_numpy()
    lists, positions_by_person = issues["list"].to_numpy(dtype=object), dict[str, list[Positions]]()
    for name in dict.fromkeys(lists[is_placed]):
        if name in clean:
            contract, positions = list_contracts()[name], np.flatnonzero(is_placed & (lists == name))
            ids = _ids_by_place(clean[name], contract.person, set(issues["excel_row"].take(positions)))
            child_ids[positions] = [ids.get(place) for place in _places(issues.take(positions))]
            positions_by_person.setdefault(contract.person, []).append(positions)
    child_id = pd.Series(child_ids, dtype="str")
    for contract in list_contracts().values():
        for_person = positions_by_person.pop(contract.person, None)
        if for_person is not None:
            own = child_id.take(np.concatenate(for_person))
            refs.loc[own.index] = pseudonymise_people(own, contract, authority_code, id_key)
    found = issues.reset_index(drop=True).assign(person_ref=refs, child_id=child_id)
    return ISSUE_PEOPLE.cast(found)


def _ids_by_place(rows: pd.DataFrame, person: str, excel_rows: set[int]) -> dict[Place, str | None]:
    """The id of the person by the place of a row; None where two rows have one place: no child is named.

    Args:
        rows: cleaned rows of a list.
        person: the column of the id.
        excel_rows: the numbers of the rows that are asked for.
    """
    asked = rows[rows["excel_row"].isin(excel_rows)]
    ids: dict[Place, str | None] = {}
    for place, own in zip(_places(asked), asked[person].array.to_numpy(dtype=object), strict=True):
        # two rows of one place (a list supplied twice) would make the child ambiguous
        ids[place] = None if place in ids else own
    return ids


def _places(rows: pd.DataFrame) -> Iterator[Place]:
    """The delivery, file, sheet ('' of a CSV) and row number of each row."""
    places = rows[["delivery_id", "file", "sheet", "excel_row"]].fillna({"sheet": ""}).astype(object)
    return zip(*(places[name].array for name in places), strict=True)
