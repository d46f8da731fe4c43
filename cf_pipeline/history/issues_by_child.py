"""Find the child that each issue is about, by the place of its row in the cleaned lists.

An issue names a delivery, file, sheet and row, never a child. The pseudonym is the one of `core`. The case
system's own id is for the restricted copy of the data-quality workbook and goes nowhere else.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.contracts.tables.object_cells import object_cells
from cf_pipeline.history.merge.record_groups import join_numbers
from cf_pipeline.history.pseudonym import pseudonymise_people

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
    refs = np.full(len(issues), None, dtype=object)
    is_placed = issues["excel_row"].notna().to_numpy() & issues["list"].isin(list(clean)).to_numpy()
    if is_placed.any():
        child_ids[is_placed] = _ids_at(issues.take(np.flatnonzero(is_placed)), clean)
    child_id = pd.Series(child_ids, dtype="str")
    contract_by_person = {contract.person: contract for contract in list_contracts().values()}
    for person, contract in contract_by_person.items():
        lists = [name for name, own in list_contracts().items() if own.person == person]
        positions = np.flatnonzero(is_placed & issues["list"].isin(lists))
        if len(positions):
            own_refs = pseudonymise_people(child_id.take(positions), contract, authority_code, id_key)
            refs[positions] = object_cells(own_refs.array)
    found = issues.reset_index(drop=True).assign(person_ref=pd.array(refs, dtype="str"), child_id=child_id)
    return ISSUE_PEOPLE.cast(found)


def _ids_at(places: pd.DataFrame, clean: dict[str, pd.DataFrame]) -> npt.NDArray[np.object_]:
    """The id of the person of the row at each place; None where there is no row, or there are several.

    Args:
        places: the list, delivery, file, sheet (none of a CSV) and row number; at least one row.
        clean: cleaned rows by list.
    """
    names = list(places["list"].unique())
    rows = [clean[name] for name in names]
    list_no = np.repeat(np.arange(len(names)), [len(own) for own in rows])
    numbers = [np.append(pd.Index(names).get_indexer(places["list"]), list_no)]
    for column in ("delivery_id", "file", "sheet", "excel_row"):
        cells = pd.concat([places[column], *(own[column] for own in rows)], ignore_index=True)
        numbers.append(pd.factorize(cells.fillna("") if column == "sheet" else cells)[0])
    place = join_numbers(*numbers)
    asked, found = place[: len(places)], place[len(places) :]
    position = np.full(len(place), -1)
    position[found] = np.arange(len(found))
    # two rows of one place (a list supplied twice) would make the child ambiguous
    position[np.bincount(found, minlength=len(place)) > 1] = -1
    persons = [own[list_contracts()[name].person] for name, own in zip(names, rows, strict=True)]
    ids = pd.concat(persons, ignore_index=True).array.take(position[asked], allow_fill=True)
    return object_cells(ids)
