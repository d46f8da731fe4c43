"""Four small deliveries of one council that change one another in every way, and their arrival as files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from cf_pipeline.contracts.lists import list_contracts

AUTHORITY, CODE = "camden", "E09000007"
A, B, C = {"child_id": "A1", "gender": "F"}, {"child_id": "B2", "gender": "M"}, {"child_id": "C3"}
Rows = Mapping[str, Sequence[Mapping[str, str]]]
DELIVERIES: dict[str, Rows] = {
    "2019-06-30": {
        "contacts": [A | {"contact_date": "01/05/2019"}, B | {"contact_date": "02/05/2019"}],
        "children_in_care": [A | {"cla_start_date": "01/02/2019"}, B | {"cla_start_date": "01/03/2019"}],
        "care_leavers": [C | {"in_touch": "Yes"}],
    },
    "2019-04-01_2019-09-30": {
        "contacts": [A | {"contact_date": "01/05/2019"}, B | {"contact_date": "01/09/2019"}],
        "care_leavers": [C | {"in_touch": "No"}, A | {"in_touch": "Yes"}],
    },
    "2019-09-30": {
        "contacts": [
            A | {"contact_date": "03/05/2019"},
            B | {"contact_date": "05/08/2019"},
            C | {"contact_date": "04/07/2019"},
        ],
        "children_in_care": [
            A | {"cla_start_date": "01/02/2019", "cla_end_date": "01/08/2019"},
            B | {"cla_start_date": "01/09/2019"},
        ],
        "care_leavers": [C | {"in_touch": "Yes"}],
    },
    "2019-12-31": {
        "contacts": [
            A | {"contact_date": "06/08/2019"},
            {"child_id": "B2", "contact_date": "05/08/2019"},
            C | {"contact_date": "04/07/2019", "contact_source": "6"},
            C | {"contact_date": "04/07/2019", "contact_source": "8"},
        ],
        "children_in_care": [A | {"cla_start_date": "01/02/2019"}],
        "care_leavers": [C | {"in_touch": "Yes"}, B | {"in_touch": "No"}],
    },
}


def arrive(raw: Path, order: Sequence[str], copies: str = "") -> None:
    """The deliveries in this order; then a renamed copy of each file, the last delivery first."""
    for name in order:
        write_delivery(raw / AUTHORITY / name, DELIVERIES[name])
    for name in reversed(order) if copies else ():
        for file in sorted((raw / AUTHORITY / name).iterdir()):
            (file.parent / f"{copies} {file.name}").write_bytes(file.read_bytes())


def write_delivery(folder: Path, lists: Rows) -> None:
    """One CSV file a list, with every official header."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in lists.items():
        columns = list_contracts()[name].columns
        lines = [[row.get(column.name, "") for column in columns] for row in rows]
        frame = pd.DataFrame(lines, columns=[column.header for column in columns])
        frame.to_csv(folder / f"{name}.csv", index=False)
