"""Extracts the series of one published table: which rows and columns each has, and its values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from cf_pipeline.comparators.open_data.catalogue import OPEN_DATA, Catalogue, Dataset, Series, normalise_text
from cf_pipeline.comparators.open_data.cells import read_cells
from cf_pipeline.comparators.open_data.places import AS_WRITTEN, NOT_ONE_AUTHORITY, places_and_years
from cf_pipeline.comparators.open_data.table import UnknownShapeError
from cf_pipeline.contracts.tables import table_contract

VALUES = table_contract("reference/open_data")
KEY = ["kpi_id", "category", "authority_code", "year_ending"]
NOT_APPLICABLE = "z"
_SERIES = ["kpi_id", "category"]
_RELEASE = re.compile(r"release[ _-]?(?P<year>(?:19|20)\d{2})", re.IGNORECASE)
RowPositions = np.ndarray[Any, np.dtype[np.intp]]


class Extract:
    """A table read as one data set.

    series_rows: each series of the data set that the table has, with the positions of its rows.
    """

    def __init__(
        self, table: pd.DataFrame, dataset: Dataset, headers: Mapping[str, str], catalogue: Catalogue
    ) -> None:
        """Find the series.

        Args:
            table: every cell as text.
            dataset: that the table is read as.
            headers: normalised header -> the table's own.
            catalogue: of all data sets.
        """
        self._table, self._dataset, self._headers, self._catalogue = table, dataset, headers, catalogue
        self._cells: dict[str, pd.DataFrame] = {}
        self._rows_by_words: dict[tuple[str, ...], dict[tuple[str, ...], RowPositions]] = {}
        rows = [(series, self._rows_of(series)) for series in catalogue.series_of(dataset.name)]
        self.series_rows = [(series, positions) for series, positions in rows if len(positions)]

    def values(self, file: str) -> tuple[pd.DataFrame, list[str]]:
        """The values (VALUES) and a sentence for each series or column that was left out.

        The release is the year in the file's name ('release2025'), otherwise the file's newest year. A row
        without a place of England, or with an empty cell, gives no value. A series with two different rows
        for one place and year is left out: an unknown column splits the table.

        Args:
            file: name that is kept with each value.

        Raises:
            UnknownShapeError: no figure has a year, a place and a value.
        """
        rows = self._all_values(file)
        has = {
            "a year that is known (such as 2019 or 201920)": rows["year_ending"].notna(),
            "a place of England that is known (a level and its code, or a name)": rows[
                "authority_code"
            ].notna(),
            "a value or a known symbol": rows["value"].notna() | rows["symbol"].notna(),
        }
        is_complete = np.logical_and.reduce(list(has.values()))
        if not is_complete.any():
            raise UnknownShapeError(_nothing_usable(has))
        notes = _not_one_authority(file, rows)
        rows, repeated = _drop_repeated(file, rows[is_complete].drop_duplicates())
        if rows.empty:
            raise UnknownShapeError(
                "every figure in it has more than one row a place and year: a column that is not known here "
                "divides the table; download the table without it, or take it out"
            )
        notes += [*repeated, *self._missing_series(file), *self._unreadable_cells(file)]
        return VALUES.cast(rows).reset_index(drop=True), notes

    def _all_values(self, file: str) -> pd.DataFrame:
        """Every cell of every series with its place, year and release, complete or not."""
        cells = pd.concat(
            [self._values(series).iloc[positions] for series, positions in self.series_rows],
            ignore_index=True,
        )
        positions = np.concatenate([positions for _, positions in self.series_rows])
        needed, at = np.unique(positions, return_inverse=True)
        places = places_and_years(
            self._table.iloc[needed], self._dataset, self._headers, self._catalogue.places
        )
        match = _RELEASE.search(file)
        released = int(match["year"]) if match else places["year_ending"].max()
        lengths = [len(positions) for _, positions in self.series_rows]
        names = {
            name: np.repeat([getattr(series, name) for series, _ in self.series_rows], lengths)
            for name in ("kpi_id", "category")
        }
        return pd.concat([places.iloc[at].reset_index(drop=True), cells], axis=1).assign(
            **names, dataset=self._dataset.name, released=released, file=file
        )

    def _header(self, role: str) -> str | None:
        return self._dataset.find_header(role, self._headers)

    def _rows_of(self, series: Series) -> RowPositions:
        """The positions of a series' rows; none when a column or a word is not in the table."""
        roles = tuple(role for role, _ in series.where)
        if any(self._header(role) is None for role in self._roles(series)):
            return np.array([], dtype=np.intp)
        if not roles:
            return np.arange(len(self._table))
        if roles not in self._rows_by_words:
            self._rows_by_words[roles] = self._index_rows(roles)
        words = tuple(word for _, word in series.where)
        return self._rows_by_words[roles].get(words, np.array([], dtype=np.intp))

    def _index_rows(self, roles: tuple[str, ...]) -> dict[tuple[str, ...], RowPositions]:
        """Our words of these roles -> the positions of the rows that have them; one pass over the table."""
        words = pd.DataFrame({role: self._words(role) for role in roles})
        groups = words.groupby(list(roles)).indices  # a row without one of the words is in no group
        return {
            (key if isinstance(key, tuple) else (key,)): np.asarray(rows, dtype=np.intp)
            for key, rows in groups.items()
        }

    def _words(self, role: str) -> pd.Series:
        """The cells of a role's column in our words; null where no series has the cell's word."""
        needed = {
            word
            for series in self._catalogue.series_of(self._dataset.name)
            for series_role, word in series.where
            if series_role == role
        }
        word_by_spelling = {
            spelling: word for word in needed for spelling in self._dataset.spellings(role, word)
        }
        texts = self._table[str(self._header(role))]
        words = {text: word_by_spelling.get(normalise_text(text)) for text in texts.unique()}
        return texts.map(words).astype("str")

    def _values(self, series: Series) -> pd.DataFrame:
        """Value and symbol of every row of the table, as a percentage where the series is one."""
        cells = self._read_column(series.measure)[["value", "symbol"]]
        if not series.per:
            return cells
        per = self._read_column(series.per)
        is_zero = per["value"].eq(0).fillna(False).astype(bool)
        symbol = cells["symbol"].fillna(per["symbol"]).mask(is_zero, NOT_APPLICABLE)
        share = cells["value"] * 100 / per["value"].mask(is_zero)
        return pd.DataFrame({"value": share.where(symbol.isna()), "symbol": symbol})

    def _read_column(self, role: str) -> pd.DataFrame:
        if role not in self._cells:
            texts = self._table[str(self._header(role))]
            self._cells[role] = read_cells(texts, self._catalogue.symbols)
        return self._cells[role]

    def missing_columns(self) -> list[str]:
        """A sentence on the series whose column the table has not: likely it has a new name."""
        if self._dataset.layout != OPEN_DATA:
            return []
        lacking = {
            series: [role for role in self._roles(series) if self._header(role) is None]
            for series in self._catalogue.series_of(self._dataset.name)
        }
        optional = self._dataset.optional_columns
        told = {series: roles for series, roles in lacking.items() if roles and not {*roles} & {*optional}}
        if not told:
            return []
        columns = dict.fromkeys(self._dataset.spelling(role) for roles in told.values() for role in roles)
        names = dict.fromkeys(series.kpi_id for series in told)
        return [
            f"the column {', '.join(columns)} is missing or has a new name, and nothing is read for "
            f"{', '.join(names)}; download it again, or add the column's spelling to datasets.toml"
        ]

    def _missing_series(self, file: str) -> list[str]:
        """A sentence on the series whose columns the table has and whose words it has not."""
        present = {series for series, _ in self.series_rows}
        absent = [
            series
            for series in self._catalogue.series_of(self._dataset.name)
            if series not in present and all(self._header(role) is not None for role in self._roles(series))
        ]
        if self._dataset.layout != OPEN_DATA or not absent:
            return []
        names = ", ".join(f"{series.kpi_id}{_category_words(series)}" for series in absent)
        return [f"{file}: no row has the words of {names}; nothing is read for them."]

    def _roles(self, series: Series) -> list[str]:
        """The columns that a series needs."""
        return [series.measure, *([series.per] if series.per else []), *(role for role, _ in series.where)]

    def _unreadable_cells(self, file: str) -> list[str]:
        counts = {role: int((~cells["is_readable"]).sum()) for role, cells in self._cells.items()}
        return [
            f"{file}: {count} cells of column {self._header(role)} are neither a "
            "number nor a known symbol and are left out; add the symbol to datasets.toml if it is one."
            for role, count in counts.items()
            if count
        ]


def _nothing_usable(has: Mapping[str, pd.Series]) -> str:
    """Why a table with known columns and words gives no value: what none of its figures has."""
    lacking = [what for what, is_there in has.items() if not is_there.any()]
    missing = " and ".join(lacking) or "a year, a place and a value at once"
    return f"no figure in it has {missing}; download it again, or take it out"


def _not_one_authority(file: str, rows: pd.DataFrame) -> list[str]:
    """A sentence on the rows of several authorities together, or of one that was divided or merged."""
    named = rows[NOT_ONE_AUTHORITY].dropna()
    if named.empty:
        return []
    return [
        f"{file}: figures of several authorities together, or of one that was divided or merged, are used "
        f"for none of them: {'; '.join(sorted(named.unique()))}."
    ]


def _drop_repeated(file: str, rows: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """The rows of which each place and year has one, and a sentence for each series that is left out.

    A series with two different rows for a place as it is written is left out as a whole. An authority's rows
    under two of its codes are one: the one with a value counts, and where both have another value neither.
    """
    written = [*_SERIES, AS_WRITTEN, "year_ending"]
    series = pd.MultiIndex.from_frame(rows[_SERIES])
    is_split = series.isin(series[rows.duplicated(written)])
    notes = [
        _series_note(file, each, "has more than one row a place and year and is left out")
        for each in rows.loc[is_split, _SERIES].drop_duplicates().itertuples()
    ]
    rows = rows[~is_split].assign(has_no_value=lambda frame: frame["value"].isna())
    rows = rows.sort_values("has_no_value", kind="stable").drop_duplicates([*KEY, "value", "symbol"])
    is_second = rows.duplicated(KEY) & rows["has_no_value"]
    rows = rows[~is_second].sort_index()
    differs = rows.duplicated(KEY, keep=False)
    notes += [
        _series_note(
            file, each, "has two values for an authority under two of its codes, and both are left out"
        )
        for each in rows.loc[differs, _SERIES].drop_duplicates().itertuples()
    ]
    return rows[~differs], notes


def _series_note(file: str, series: Any, text: str) -> str:
    return f"{file}: the series {series.kpi_id}{_category_words(series)} {text}."


def _category_words(series: Any) -> str:
    return "" if series.category == "all" else f" ({series.category})"
