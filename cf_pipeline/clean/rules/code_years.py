"""The rule about codes of another year's code set: a code that is not yet, or no longer, valid."""

from __future__ import annotations

import pandas as pd

from cf_pipeline.clean.rules.rule import BrokenRows, ListRows, RowRule, lists_with
from cf_pipeline.contracts.codes import Code, code_sets, codes_of
from cf_pipeline.contracts.lists import list_contracts

APRIL = 4


def _with_years(codes: tuple[Code, ...]) -> tuple[Code, ...]:
    return tuple(code for code in codes if code.valid_from or code.valid_to)


DATED_SETS = tuple(name for name, codes in code_sets().items() if _with_years(codes))
"""The code sets that have codes of some years alone."""


def _dated_columns() -> tuple[str, ...]:
    columns = (column for contract in list_contracts().values() for column in contract.columns)
    return tuple(dict.fromkeys(column.name for column in columns if column.code_set in DATED_SETS))


def _years_in_words() -> str:
    """'H5 and Z1 are valid up to 2024/25; K3, Z11 are valid from 2025/26'."""
    groups: dict[str, list[str]] = {}
    for name in DATED_SETS:
        for code in _with_years(codes_of(name)):
            first = [f"from {code.valid_from}"] if code.valid_from else []
            last = [f"up to {code.valid_to}"] if code.valid_to else []
            groups.setdefault(" ".join([*first, *last]), []).append(code.code)
    return "; ".join(f"{', '.join(codes)} {years}" for years, codes in groups.items())


def _outside_years(list_rows: ListRows) -> BrokenRows:
    """Rows whose code was not valid on the record's last known day: its end, else the as-at date."""
    contract, rows = list_rows.contract, list_rows.rows
    last_day = rows["as_at"]
    if contract.end_date is not None:
        last_day = rows[contract.end_date].where(rows[contract.end_date] < rows["as_at"], rows["as_at"])
    for column in contract.columns:
        if column.code_set in DATED_SETS:
            is_outside = pd.Series(False, index=rows.index)
            held = set(rows[column.name].dropna().unique())
            for code in _with_years(codes_of(column.code_set)):
                if code.code not in held:
                    continue
                has_code = rows[column.name].eq(code.code).fillna(False)
                if code.valid_from:
                    is_outside |= has_code & (last_day < _first_day(code.valid_from))
                if code.valid_to:
                    is_outside |= has_code & (last_day >= _first_day(code.valid_to) + pd.DateOffset(years=1))
            yield column.name, is_outside


def _first_day(fiscal_year: str) -> pd.Timestamp:
    """1 April 2025 of '2025/26'."""
    return pd.Timestamp(int(fiscal_year[:4]), APRIL, 1)


CODE_YEAR_RULES = (
    RowRule(
        "code_outside_years",
        "warning",
        f"'{{column}}' holds a code of another year (valid: {_years_in_words()}); it is kept as it is",
        "use the code of the year in the case system, or ask its supplier for the year's codes",
        lists=lists_with(condition=lambda contract: any(c.code_set in DATED_SETS for c in contract.columns)),
        columns=_dated_columns(),
        check=_outside_years,
    ),
)
"""Rules about codes and the years in which they are valid (`contracts/data/codes.csv`)."""
