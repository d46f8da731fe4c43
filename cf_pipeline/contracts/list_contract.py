"""The contract of one list: its columns, their types, and what is true of its records.

Every field of `Column` and `ListContract` is a key of the list's TOML file; `docs/adding_a_list.md` explains
each of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from cf_pipeline.contracts.tables import shared_column
from cf_pipeline.contracts.tables.no_rows import no_rows

ColumnType = Literal[
    "id", "date", "datetime", "integer", "age", "number", "code", "string", "postcode", "presence", "worker"
]
ListKind = Literal["event", "period", "state", "process"]
LongExtract = Literal["decides", "extends"]
AgeBands = Literal["children", "care_leavers"]

DTYPES: dict[str, str] = {
    "id": "str",
    "date": "datetime64[us]",
    "datetime": "datetime64[us]",
    "integer": "Int64",
    "age": "Int64",
    "number": "Float64",
    "code": "str",
    "string": "str",
    "postcode": "str",
    "presence": "boolean",
    "worker": "str",
}
"""The pandas dtype of each column type once cleaned. Dates are midnights."""

DATE_TYPES: tuple[ColumnType, ...] = ("date", "datetime")

PROVENANCE: dict[str, str] = {
    name: shared_column(name).dtype for name in ("delivery_id", "as_at", "file", "sheet", "excel_row")
}
"""Where a row came from, on every ingested, clean and core row."""

UNREAD_DATES = "unread_dates"
"""On every cleaned row: the names of its dates that are filled and cannot be read, joined by ';'."""

MAY_BE_MISSING = frozenset({"sheet"})
"""Provenance that a row may lack: a CSV has no sheet."""

AS_AT = "as_at"

OTHER_TEXTS = "other"
"""The category of the texts of a column with `is_category` that are not published (docs/rulings.md#31)."""


CHILD_ID = "child_id"
"""The person of a list of children. A list about other people names another column (adopters)."""

FAMILY_ID = "family_id"
"""The case system's identifier of a family: from merging on a keyed pseudonym, as a child's."""


@dataclass(frozen=True)
class Demographic:
    """A column of `core/person`: its type, its code set and the codes that mean 'not known'."""

    type: ColumnType
    code_set: str | None = None
    unknown_codes: tuple[str, ...] = ()


DEMOGRAPHICS: dict[str, Demographic] = {
    "date_of_birth": Demographic("date"),
    "gender": Demographic("code", "gender", ("U",)),
    "ethnicity": Demographic("code", "ethnicity", ("REFU", "NOBT")),
    "has_disability": Demographic("code", "disability_flag", ("U",)),
}
"""Each demographic column by its name. A list that has a column of that name says this of the child."""


@dataclass(frozen=True)
class Counter:
    """A counter column: how many of a child's events of another list lie in the 12 months before a date.

    `list` and `date` name the events, `until` the date of the counter's own row, or `as_at`.
    """

    list: str
    date: str
    until: str


@dataclass(frozen=True)
class Column:
    """One column of a list: its name inside, its headers in files, its type and code set.

    The description is the official header where that is enough. `is_local`: added to a list of Annex A, which
    does not ask for it. `is_category`: a text of the council's own that figures are split by (a team).
    """

    name: str
    header: str
    type: ColumnType
    aliases: tuple[str, ...] = ()
    code_set: str | None = None
    description: str = ""
    counts: Counter | None = None
    is_local: bool = False
    is_category: bool = False

    @property
    def dtype(self) -> str:
        """The pandas dtype of the cleaned column."""
        return DTYPES[self.type]


@dataclass(frozen=True)
class ListContract:
    """One list: what a row is, how it is recognised, keyed and dated, and which rules hold for it.

    `natural_key` names the columns that identify a record when the source system's own
    `source_id` is not supplied; a `slot_date` (a visit's due date) stands for the key date where it is
    known, so that a visit due and the visit made are one record. A period is over on its `end_date`, a
    process on the first of its `finish_dates`. `key_date` is None for a list that is a state on the
    as-at date; of several rows of a person in one the newest by `newest_row_date` counts.
    """

    name: str
    title: str
    scope: str
    kind: ListKind
    person: str
    natural_key: tuple[str, ...]
    window_months: int
    columns: tuple[Column, ...]
    sheet_names: tuple[str, ...] = ()
    number: int | None = None
    source_id: str | None = None
    key_date: str | None = None
    end_date: str | None = None
    finish_dates: tuple[str, ...] = ()
    slot_date: str | None = None
    due_date: str | None = None
    newest_row_date: str | None = None
    ordered_dates: tuple[tuple[str, str], ...] = ()
    one_row_a_child: bool = False
    may_show_newest_alone: bool = False
    one_open_record: bool = False
    holds_unborn: bool = True
    until_age: int | None = None
    age_bands: AgeBands = "children"
    demographics_rank: int | None = None
    volatile: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    closed_codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    not_counted: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    adopted_codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    adopted_date: str | None = None
    placed_date: str | None = None
    covers_whole_window: bool = False
    long_extract: LongExtract | None = None
    team: str | None = None
    is_case: bool = False
    case_codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    continues_a_case: bool = False
    sample_from: str | None = None

    def column(self, name: str) -> Column:
        """The column of that name; KeyError names list and column."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"list {self.name} has no column {name}")

    @property
    def column_names(self) -> list[str]:
        """Canonical column names in the contract's order."""
        return [column.name for column in self.columns]

    def names_of_type(self, *types: ColumnType) -> list[str]:
        """The names of the columns of some types, in the contract's order."""
        return [column.name for column in self.columns if column.type in types]

    @property
    def required_columns(self) -> tuple[str, ...]:
        """Columns without which a sheet is not this list: the id and the key date."""
        return (self.person,) if self.key_date is None else (self.person, self.key_date)

    def is_of_annex_a(self, column: Column) -> bool:
        """Whether Annex A asks for a column: those of its own lists, without what we add to them."""
        return self.number is not None and not column.is_local

    @property
    def ends(self) -> tuple[str, ...]:
        """The dates with which a record is over; none of them read means open."""
        return self.finish_dates if self.end_date is None else (self.end_date, *self.finish_dates)

    @property
    def is_about_children(self) -> bool:
        """Whether its rows are about children; False for adopters."""
        return self.person == CHILD_ID

    @property
    def demographics(self) -> list[str]:
        """Its columns that `core/person` has too."""
        return [name for name in self.column_names if name in DEMOGRAPHICS]

    @property
    def worker(self) -> str | None:
        """The column that names the worker of a record; None where the list has none."""
        return next(iter(self.names_of_type("worker")), None)

    def is_counted(self, rows: pd.DataFrame) -> pd.Series[bool]:
        """Which rows count as records of what the list is about; False for codes of `not_counted`."""
        counted = pd.Series(True, index=rows.index)
        for name, codes in self.not_counted.items():
            counted &= ~rows[name].isin(codes)
        return counted

    @property
    def dtypes(self) -> dict[str, str]:
        """The pandas dtype of each column of a cleaned frame."""
        columns = {column.name: column.dtype for column in self.columns}
        return PROVENANCE | columns | {UNREAD_DATES: "str"}

    def empty(self) -> pd.DataFrame:
        """A cleaned frame of this list with provenance columns and no rows."""
        return no_rows(self.dtypes)

    def empty_text(self) -> pd.DataFrame:
        """An ingested frame of this list with no rows: every cell text, a column a category of its texts."""
        return no_rows(PROVENANCE | dict.fromkeys(self.column_names, "category"))
