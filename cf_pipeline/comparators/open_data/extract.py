"""One published table taken apart: which of its rows and columns are which series."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from cf_pipeline.comparators.open_data.catalogue import OPEN_DATA, Catalogue, Dataset, Series, folded
from cf_pipeline.comparators.open_data.cells import read_cells
from cf_pipeline.comparators.open_data.places import places_and_years
from cf_pipeline.comparators.open_data.table import UnknownShapeError

VALUES = {
    "kpi_id": "str",
    "category": "str",
    "authority_code": "str",
    "year_ending": "Int64",
    "value": "Float64",
    "symbol": "str",
    "dataset": "str",
    "released": "Int64",
    "file": "str",
}
KEY = ["kpi_id", "category", "authority_code", "year_ending"]
NOT_APPLICABLE = "z"
_RELEASE = re.compile(r"release[ _-]?(?P<year>(?:19|20)\d{2})", re.IGNORECASE)
Rows = np.ndarray[Any, np.dtype[np.intp]]


class Extract:
    """A table read as one data set; `found` holds each series that stands in it, with its rows."""

    def __init__(
        self, table: pd.DataFrame, dataset: Dataset, headers: Mapping[str, str], known: Catalogue
    ) -> None:
        """Finds the series. `headers`: plain header -> the table's own."""
        self._table, self._dataset, self._headers, self._known = table, dataset, headers, known
        self._cells: dict[str, pd.DataFrame] = {}
        self._by_words: dict[tuple[str, ...], dict[tuple[str, ...], Rows]] = {}
        rows = [(series, self._rows(series)) for series in known.of(dataset.name)]
        self.found = [(series, where) for series, where in rows if len(where)]

    def values(self, file: str) -> tuple[pd.DataFrame, list[str]]:
        """The values (VALUES), `file` kept with each, and sentences on what was left out.

        The release is the year that the file's name says ('release2025'), else its newest year. A row whose
        place is not a place of England, or whose cell is empty, has no value. A series with two different
        rows for one place and year is left out: the table is split by something we do not know.

        Raises:
            UnknownShapeError: no figure has a year, a place and a value.
        """
        cells = pd.concat([self._values(series).iloc[rows] for series, rows in self.found], ignore_index=True)
        rows = np.concatenate([rows for _, rows in self.found])
        needed, at = np.unique(rows, return_inverse=True)
        places = places_and_years(self._table.iloc[needed], self._dataset, self._headers, self._known.places)
        said = _RELEASE.search(file)
        released = int(said["year"]) if said else places["year_ending"].max()
        lengths = [len(rows) for _, rows in self.found]
        named = {
            name: np.repeat([getattr(series, name) for series, _ in self.found], lengths)
            for name in ("kpi_id", "category")
        }
        read = pd.concat([places.iloc[at].reset_index(drop=True), cells], axis=1).assign(
            **named, dataset=self._dataset.name, released=released, file=file
        )
        has = {
            "a year that is known (such as 2019 or 201920)": read["year_ending"].notna(),
            "a place of England that is known (a level and its code, or a name)": read[
                "authority_code"
            ].notna(),
            "a value or a known symbol": read["value"].notna() | read["symbol"].notna(),
        }
        is_whole = np.logical_and.reduce(list(has.values()))
        if not is_whole.any():
            raise UnknownShapeError(_nothing(has))
        read = read[is_whole]
        read = read[list(VALUES)].astype(VALUES).drop_duplicates()
        twice = read[read.duplicated(KEY)][["kpi_id", "category"]].drop_duplicates()
        is_split = pd.MultiIndex.from_frame(read[["kpi_id", "category"]]).isin(
            pd.MultiIndex.from_frame(twice)
        )
        notes = [
            _said(file, series, "has more than one row a place and year and is left out")
            for series in twice.itertuples()
        ]
        return read[~is_split].reset_index(drop=True), [*notes, *self._missing(file), *self._unreadable(file)]

    def _rows(self, series: Series) -> Rows:
        """Where the series stands; nowhere when a column or a word is not there."""
        roles = tuple(role for role, _ in series.where)
        columns = [series.measure, *([series.per] if series.per else []), *roles]
        if any(self._dataset.column(role, self._headers) is None for role in columns):
            return np.array([], dtype=np.intp)
        if not roles:
            return np.arange(len(self._table))
        if roles not in self._by_words:
            self._by_words[roles] = self._rows_by_words(roles)
        words = tuple(word for _, word in series.where)
        return self._by_words[roles].get(words, np.array([], dtype=np.intp))

    def _rows_by_words(self, roles: tuple[str, ...]) -> dict[tuple[str, ...], Rows]:
        """Our words of these roles -> the rows that hold them, one pass over the table."""
        words = pd.DataFrame({role: self._words(role) for role in roles})
        groups = words.groupby(list(roles)).indices  # a row without one of the words is in no group
        return {
            (key if isinstance(key, tuple) else (key,)): np.asarray(rows, dtype=np.intp)
            for key, rows in groups.items()
        }

    def _words(self, role: str) -> pd.Series:
        """The cells of a role's column in our words; null where no series asks for the cell's."""
        asked = {
            word for series in self._known.of(self._dataset.name) for r, word in series.where if r == role
        }
        ours = {spelling: word for word in asked for spelling in self._dataset.spellings(role, word)}
        texts = self._table[str(self._dataset.column(role, self._headers))]
        return texts.map({text: ours.get(folded(text)) for text in texts.unique()}).astype("str")

    def _values(self, series: Series) -> pd.DataFrame:
        cells = self._column(series.measure)[["value", "symbol"]]
        if not series.per:
            return cells
        per = self._column(series.per)
        is_nothing = per["value"].eq(0).fillna(False).astype(bool)
        symbol = cells["symbol"].fillna(per["symbol"]).mask(is_nothing, NOT_APPLICABLE)
        share = cells["value"] * 100 / per["value"].mask(is_nothing)
        return pd.DataFrame({"value": share.where(symbol.isna()), "symbol": symbol})

    def _column(self, role: str) -> pd.DataFrame:
        if role not in self._cells:
            texts = self._table[str(self._dataset.column(role, self._headers))]
            self._cells[role] = read_cells(texts, self._known.symbols)
        return self._cells[role]

    def _missing(self, file: str) -> list[str]:
        """A series that a table of this kind has and this one has not: likely one more spelling to add."""
        if self._dataset.layout != OPEN_DATA:
            return []
        found = {series for series, _ in self.found}
        missing = [series for series in self._known.of(self._dataset.name) if series not in found]
        return [_said(file, series, "is not in this file") for series in missing]

    def _unreadable(self, file: str) -> list[str]:
        wrong = {role: int((~cells["is_readable"]).sum()) for role, cells in self._cells.items()}
        return [
            f"{file}: {rows} cells of column {self._dataset.column(role, self._headers)} are neither a "
            "number nor a known symbol and are left out; add the symbol to datasets.toml if it is one."
            for role, rows in wrong.items()
            if rows
        ]


def _nothing(has: Mapping[str, pd.Series]) -> str:
    """Why a table of known columns and words yields nothing: what none of its figures has."""
    lacking = [what for what, is_there in has.items() if not is_there.any()]
    said = " and ".join(lacking) or "a year, a place and a value at once"
    return f"no figure in it has {said}; download it again, or take it out"


def _said(file: str, series: Any, what: str) -> str:
    category = "" if series.category == "all" else f" ({series.category})"
    return f"{file}: the series {series.kpi_id}{category} {what}."
