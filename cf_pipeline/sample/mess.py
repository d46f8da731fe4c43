"""The mess of real exports: typed rows become cells as a council sends them.

No figure changes: other spellings of the same value, rows without a record, columns that belong to no
list. The same seed, delivery and list always give the same mess.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cf_pipeline.contracts.codes import codes_of
from cf_pipeline.contracts.list_contract import Column, ListContract
from cf_pipeline.sample.system.case_system import CaseSystem
from cf_pipeline.sample.system.records import Texts, texts_where
from cf_pipeline.sample.workbook import Cell


@dataclass(frozen=True)
class Sheet:
    """One list as a sheet: its contract, headers and rows of cell values."""

    contract: ListContract
    headers: list[str]
    rows: list[list[Cell]]


def make_sheet(
    contract: ListContract, frame: pd.DataFrame, system: CaseSystem, delivery_id: str, *, as_text: bool
) -> Sheet:
    """The list as the council exports it; `as_text` writes every date as text, for CSV."""
    rng = system.chance(delivery_id, contract.name, "mess")
    columns = [column for column in contract.columns if column.name in frame.columns]
    cells = [_cells(column, frame[column.name], rng, as_text=as_text) for column in columns]
    headers = [_header(contract, column, delivery_id) for column in columns]
    if contract.number is not None and contract.number % 3 == 0:
        headers.append("Month of Extract")  # a column of no list
        cells.append(np.full(len(frame), delivery_id[-10:-3], dtype=object))
    rows = [list(row) for row in zip(*cells, strict=True)] if len(frame) else []
    return Sheet(contract, headers, _add_rows_without_records(contract, headers, rows, rng))


def _header(contract: ListContract, column: Column, delivery_id: str) -> str:
    """Header variants: a shorter age, trailing and double spaces, a non-breaking space."""
    if column.type == "age" and contract.number in (1, 4, 8):
        return "Age"
    if column.name == "cla_end_date":
        return f"{column.header} "
    if column.name == "allocated_team" and delivery_id.endswith("09-30"):
        return "Allocated\u00a0Team"
    if column.name == "gender" and contract.number == 3:
        return "gender  "
    return column.header


def _cells(column: Column, values: pd.Series[Any], rng: np.random.Generator, *, as_text: bool) -> Texts:
    if column.type in ("date", "datetime"):
        return _dates(values, rng, has_time=column.type == "datetime", as_text=as_text)
    if column.type == "code" and column.code_set is not None:
        return _codes(column.code_set, values, rng)
    if column.type in ("integer", "age", "number"):
        return _numbers(values, is_whole=column.type != "number")
    if column.type == "id":
        return _ids(values)
    return _texts(column, values, rng)


def _dates(values: pd.Series[Any], rng: np.random.Generator, *, has_time: bool, as_text: bool) -> Texts:
    """Real dates, one in twelve as dd/mm/yyyy text; in a CSV all are text, some of them ISO."""
    unit, written = ("m", "%d/%m/%Y %H:%M") if has_time else ("D", "%d/%m/%Y")
    cells = np.empty(len(values), dtype=object)
    cells[:] = values.to_numpy().astype(f"M8[{unit}]").tolist()
    has_value = values.notna().to_numpy()
    is_text = has_value & (as_text | (rng.random(len(values)) < 1 / 12))
    is_iso = is_text & as_text & (rng.random(len(values)) < 1 / 20)
    for row in np.flatnonzero(is_text):
        cells[row] = cells[row].strftime("%Y-%m-%d" if is_iso[row] and not has_time else written)
    cells[~has_value] = None
    return cells


def _codes(code_set: str, values: pd.Series[Any], rng: np.random.Generator) -> Texts:
    """Ofsted's string as a rule, else the bare code or the label."""
    cells = np.full(len(values), None, dtype=object)
    text = values.to_numpy(dtype=object)
    place = rng.choice(3, len(values), p=[0.85, 0.09, 0.06])
    for code in codes_of(code_set):
        rows = np.flatnonzero(text == code.code)
        spellings = np.array(
            [code.official or code.code, code.code, _label(code_set, code.code, code.label)], object
        )
        cells[rows] = spellings[place[rows]]
    return cells


_SETS_WITH_LABELS = {
    "gender",
    "disability_flag",
    "contact_referral_source",
    "cp_category",
    "placement_location",
    "missing_episode_type",
}


def _label(code_set: str, code: str, label: str) -> str:
    """The label where it cannot be mistaken for another code, else the bare code."""
    is_plain = code_set in _SETS_WITH_LABELS or code_set.startswith("yes_no/")
    if not is_plain or code in ("U", "I", "MUL", "3F", "3D", "5A", "5B", "5C", "1D"):
        return code
    return label.capitalize()


def _numbers(values: pd.Series[Any], *, is_whole: bool) -> Texts:
    cells = np.full(len(values), None, dtype=object)
    has_value = values.notna().to_numpy()
    numbers = values[has_value].to_numpy(dtype=np.float64)
    cells[has_value] = [int(number) for number in numbers] if is_whole else numbers.tolist()
    return cells


def _ids(values: pd.Series[Any]) -> Texts:
    """Numbers where the id is one; text where it has letters or a leading zero, always."""
    return np.array(
        [None if pd.isna(v) else int(v) if v.isdigit() and v[0] != "0" else v for v in values.tolist()],
        dtype=object,
    )


def _texts(column: Column, values: pd.Series[Any], rng: np.random.Generator) -> Texts:
    """Non-breaking and double spaces, and '#N/A' where a lookup of the team failed."""
    cells = texts_where(values.notna().to_numpy(dtype=bool), values.to_numpy(dtype=object))
    chance = rng.random(len(values))
    has_space = values.str.contains(" ", regex=False, na=False).to_numpy(dtype=bool)
    for rows, space in ((has_space & (chance < 0.04), "\u00a0"), (has_space & (chance > 0.97), "  ")):
        cells[rows] = values[rows].str.replace(" ", space, regex=False).to_numpy(dtype=object)
    if column.name in ("allocated_team", "contact_team"):
        cells[(chance > 0.5) & (chance < 0.515)] = "#N/A"
    if column.type == "postcode":
        cells[(chance > 0.2) & (chance < 0.25)] = (
            values[(chance > 0.2) & (chance < 0.25)].str.lower().to_numpy(dtype=object)
        )
    return cells


def _add_rows_without_records(
    contract: ListContract, headers: list[str], rows: list[list[Cell]], rng: np.random.Generator
) -> list[list[Cell]]:
    """Rows that are no records: a duplicate, a repeated header, one without an id, a total, blanks."""
    blank: list[Cell] = [None] * len(headers)
    mixed = list(rows)
    if contract.name in ("contacts", "assessments", "cla_visits") and rows:
        mixed.insert(len(rows) // 2, list(rows[int(rng.integers(len(rows)))]))
    if contract.name in ("referrals", "children_in_care") and len(rows) > 3:
        mixed.insert(len(rows) // 3, list(headers))
    if contract.name in ("early_help_assessments", "referrals", "missing_episodes") and rows:
        mixed.append(_without_ids(contract, headers, rows[int(rng.integers(len(rows)))]))
    if contract.name in ("referrals", "short_breaks") and rows:
        mixed.insert(1, list(blank))
    if contract.number in (1, 6):
        mixed.append(["Total", len(rows), *blank[2:]])
    return mixed + [list(blank) for _ in range(int(rng.integers(0, 4)))]


def _without_ids(contract: ListContract, headers: list[str], row: list[Cell]) -> list[Cell]:
    """A row's data without the child's id and the case system's own id."""
    id_headers = {column.header for column in contract.columns if column.type == "id"}
    return [None if header in id_headers else cell for header, cell in zip(headers, row, strict=True)]
