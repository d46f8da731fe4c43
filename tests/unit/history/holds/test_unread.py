"""An end that cannot be read, in a row that is not known, holds its list (docs/rulings.md#22)."""

from __future__ import annotations

import pandas as pd
import pytest

from cf_pipeline.clean import CleanedLists
from cf_pipeline.clean.issues import ISSUES, QUARANTINE
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.holds.unread import find_unread_doubts

PLACE = {"delivery_id": "2019-12-31", "as_at": pd.Timestamp("2019-12-31"), "file": "a.xlsx"}


@pytest.mark.parametrize(("excel_row", "is_held"), [(None, True), (4, False)])
def test_one_unread_end_holds_its_list_where_its_row_is_not_known(
    excel_row: int | None, is_held: bool
) -> None:
    issue = dict.fromkeys(ISSUES.column_names, "x") | PLACE
    issue |= {"list": "children_in_need", "column": "cin_closure_date", "rule": "date_unreadable"}
    issues = ISSUES.cast(pd.DataFrame([issue | {"excel_row": excel_row, "rows": 1}]))
    lists = {name: contract.empty() for name, contract in list_contracts().items()}
    found = find_unread_doubts(CleanedLists(lists, issues, QUARANTINE.empty(), pd.DataFrame()))
    assert bool(found) is is_held
