"""Find the children whose records a case system closes to others, because they are or will be adopted.

A record that is closed so leaves the exports and is no deletion (docs/rulings.md#27). Which codes and dates
say so is declared in the contracts of the lists.
"""

from __future__ import annotations

import pandas as pd

from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.lookup import lookup

ADOPTION_LISTS = tuple(
    name
    for name, contract in list_contracts().items()
    if contract.adopted_codes or contract.adopted_date or contract.placed_date
)
"""The lists that say who was adopted or placed for adoption."""


def adoption_columns(name: str) -> list[str]:
    """The columns of a list that say who was adopted or placed for adoption, and whose record it is."""
    contract = list_contracts()[name]
    columns = [contract.adopted_date, contract.placed_date, *contract.finish_dates, *contract.adopted_codes]
    columns += [contract.end_date] if contract.adopted_codes else []
    return ["person_ref", *dict.fromkeys(column for column in columns if column is not None)]


def adoption_days(lists: dict[str, pd.DataFrame], person: str = "person_ref") -> pd.Series[pd.Timestamp]:
    """The last day on which a record says that a child was adopted, by child.

    Args:
        lists: rows by list.
        person: the column that identifies the child.
    """
    parts = [pd.DataFrame({"person": pd.Series(dtype="str"), "day": pd.Series(dtype="datetime64[us]")})]
    for name, rows in lists.items():
        contract = list_contracts()[name]
        if rows.empty:
            continue
        for days in adoption_days_of_list(contract, rows):
            known = days.dropna()
            parts.append(pd.DataFrame({"person": rows.loc[known.index, person], "day": known}))
    return pd.concat(parts, ignore_index=True).groupby("person")["day"].max()


def adoption_days_of_list(contract: ListContract, rows: pd.DataFrame) -> list[pd.Series[pd.Timestamp]]:
    """The day of each row on which the child was adopted, for each column that says so."""
    found = []
    if contract.adopted_date is not None:
        found.append(rows[contract.adopted_date])
    for column, codes in contract.adopted_codes.items():
        found.append(rows[contract.end_date].where(rows[column].isin(codes)))
    return found


def find_placed_children(lists: dict[str, pd.DataFrame], person: str = "person_ref") -> set[str]:
    """The children placed for adoption without an order and without a reversal.

    Args:
        lists: rows by list.
        person: the column that identifies the child.
    """
    placed: set[str] = set()
    for name, rows in lists.items():
        contract = list_contracts()[name]
        if contract.placed_date is not None and len(rows):
            is_open = rows[list(contract.finish_dates)].isna().all(axis=1)
            placed |= set(rows.loc[is_open & rows[contract.placed_date].notna(), person])
    return placed and placed - set(adoption_days(lists, person).index)


def is_locked(persons: pd.Series[str], starts: pd.Series, days: pd.Series[pd.Timestamp]) -> pd.Series[bool]:
    """Which records are of a child who was adopted on their start or later.

    Args:
        persons: the child of each record.
        starts: its first day.
        days: the adoption day of each child, as `adoption_days` returns them.
    """
    return starts.le(lookup(persons, days)).fillna(False).astype(bool)
